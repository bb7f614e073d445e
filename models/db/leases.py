"""Which rows may be taken, and the token that says whose a row is."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Update, and_, or_, select, update

from models.clinical import Document
from models.db.clock import FromNow
from models.db.tables.documents import DONE, FAILED, PROCESSING, QUEUED, RECEIVED, document

NO_LEASE = {"lease_token": None, "lease_until": None}
NO_ERROR = {"error_code": None, "error": None}


@dataclass(frozen=True, slots=True)
class Claim:
    """A document that is ours to read until the lease ends; `token` is the proof."""

    row: int
    token: str
    attempt: int
    document: Document


def expired() -> ColumnElement[bool]:
    """Return the condition that a row's worker let its lease run out."""
    return and_(document.c.state == PROCESSING, document.c.lease_until <= FromNow())


def waiting() -> ColumnElement[bool]:
    """Return the condition that a row waits to be taken and its back-off is over."""
    state = document.c.state.in_((RECEIVED, QUEUED))
    return and_(state, document.c.available_at <= FromNow())


def mine(token: str) -> ColumnElement[bool]:
    """Return the fence: the row is held under this very lease; only rows in processing have one."""
    return document.c.lease_token == token


def change(rows: Select[tuple[int]]) -> Update:
    """Return an UPDATE of the selected rows that passes over those locked by another.

    SQLite knows no row locks and needs none: its writers take turns.
    """
    chosen = rows.with_for_update(skip_locked=True).cte("chosen")
    return update(document).where(document.c.id.in_(select(chosen.c.id)))


def claim(
    connection: Connection, ids: Sequence[int], lease_seconds: float, max_attempts: int
) -> list[Claim]:
    """Take those of the rows that nobody holds, in one statement, under one new token."""
    free = and_(document.c.attempts < max_attempts, or_(waiting(), expired()))
    tried = {"attempts": document.c.attempts + 1}
    return _take(connection, ids, free, {**tried, "lease_until": FromNow(lease_seconds)})


def claim_done(connection: Connection, ids: Sequence[int], lease_seconds: float) -> list[Claim]:
    """Take those of the rows that are done, under one new token, to be read once more."""
    done = document.c.state == DONE
    fresh = {"attempts": 1, "finished_at": None, "queued_at": None}
    return _take(connection, ids, done, {**fresh, "lease_until": FromNow(lease_seconds)})


def _take(
    connection: Connection, ids: Sequence[int], free: ColumnElement[bool], values: dict[str, Any]
) -> list[Claim]:
    token = str(uuid.uuid4())
    rows = select(document.c.id).where(document.c.id.in_(ids), free).order_by(document.c.id)
    taken = {"state": PROCESSING, "lease_token": token, **NO_ERROR, **values}
    statement = change(rows).values(**taken).returning(document)
    claims = [_claim(row, token) for row in connection.execute(statement)]
    return sorted(claims, key=lambda one: ids.index(one.row))


def _claim(row: Row[Any], token: str) -> Claim:
    stored = Document(
        tenant=row.tenant,
        key=row.key,
        id=row.fhir_id,
        sha256=row.sha256,
        resource=row.resource,
        subject=row.subject,
        encounter=row.encounter,
        date=row.date,
        version=str(row.version),
    )
    return Claim(row.id, token, row.attempts, stored)


def extend(
    connection: Connection, token: str, ids: Sequence[int], lease_seconds: float
) -> list[int]:
    """Move the end of the lease of rows that are still ours; return those."""
    statement = (
        update(document)
        .where(document.c.id.in_(ids), mine(token))
        .values(lease_until=FromNow(lease_seconds))
        .returning(document.c.id)
    )
    return sorted(connection.scalars(statement))


def finish(connection: Connection, token: str, ids: Sequence[int]) -> list[Row[Any]]:
    """Mark rows done that are still ours and return them: the fence before all results."""
    statement = (
        update(document)
        .where(document.c.id.in_(ids), mine(token))
        .values(state=DONE, finished_at=FromNow(), **NO_LEASE, **NO_ERROR)
        .returning(
            document.c.id,
            document.c.tenant,
            document.c.key,
            document.c.fhir_id,
            document.c.version,
            document.c.finished_at,
        )
    )
    return list(connection.execute(statement))


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a row was not completed: the stable word and the sentence of an error."""

    code: str
    sentence: str


def put_back(
    connection: Connection, token: str, row: int, why: Reason, delay_seconds: float
) -> bool:
    """Give a row back, to be taken again after a delay; return whether it was still ours."""
    later = {"state": RECEIVED, "available_at": FromNow(delay_seconds), "queued_at": None}
    return _end(connection, token, row, why, later)


def give_up(connection: Connection, token: str, row: int, why: Reason) -> bool:
    """Mark a row failed for good; return whether it was still ours."""
    return _end(connection, token, row, why, {"state": FAILED, "finished_at": FromNow()})


def try_anew(connection: Connection, ids: Sequence[int] | None) -> list[int]:
    """Give failed rows all their attempts back; return them."""
    statement = update(document).where(document.c.state == FAILED)
    if ids is not None:
        statement = statement.where(document.c.id.in_(ids))
    fresh = {"state": RECEIVED, "attempts": 0, "finished_at": None, "available_at": FromNow()}
    statement = statement.values(**fresh, **NO_ERROR)
    return sorted(connection.scalars(statement.returning(document.c.id)))


def _end(connection: Connection, token: str, row: int, why: Reason, values: dict[str, Any]) -> bool:
    error = {"error_code": why.code, "error": why.sentence}
    statement = update(document).where(document.c.id == row, mine(token))
    return connection.execute(statement.values(**values, **error, **NO_LEASE)).rowcount == 1
