"""Which rows may be taken, and the token that says whose a row is."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Update,
    and_,
    case,
    or_,
    select,
    update,
)

from models.clinical import Document
from models.db.sql.clock import FromNow
from models.db.tables.documents import DONE, FAILED, PROCESSING, QUEUED, RECEIVED, document

NO_LEASE = {"lease_token": None, "lease_until": None}
NO_ERROR = {"error_code": None, "error": None}

MAX_LAPSES: Final = 4
"""How often the lease of one document may lapse: once among others, and three times alone."""

Cost = Literal["attempt", "lapse", "nothing"]
"""What a reading that did not end well costs its document."""

COUNTED: Final[dict[Cost, dict[str, Any]]] = {
    "attempt": {},
    "lapse": {"attempts": document.c.attempts - 1, "lapses": document.c.lapses + 1},
    "nothing": {"attempts": document.c.attempts - 1},
}
"""A claim counts an attempt at once; what costs none gives it back."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A document that is ours to read until the lease ends; `token` is the proof.

    `attempt` counts from 1; `lapses` are the leases on it that ran out.
    """

    row: int
    token: str
    attempt: int
    document: Document
    lapses: int = 0


@dataclass(frozen=True, slots=True)
class Free:
    """Rows that may be taken: those never tried, and those that were and have to be read alone."""

    fresh: Sequence[int]
    tried: Sequence[int]


def expired() -> ColumnElement[bool]:
    """Return the condition that a row's worker let its lease run out."""
    return and_(document.c.state == PROCESSING, document.c.lease_until <= FromNow())


def waiting() -> ColumnElement[bool]:
    """Return the condition that a row waits to be taken and its back-off is over."""
    state = document.c.state.in_((RECEIVED, QUEUED))
    return and_(state, document.c.available_at <= FromNow())


def attempts() -> ColumnElement[int]:
    """Return how many attempts of a row ended; one whose lease ran out did not."""
    return document.c.attempts - _lapsed()


def lapses() -> ColumnElement[int]:
    """Return how many leases of a row lapsed: its worker died, or hung and was ended."""
    return document.c.lapses + _lapsed()


def _lapsed() -> ColumnElement[int]:
    return case((expired(), 1), else_=0)


def mine(token: str) -> ColumnElement[bool]:
    """Return the fence: the row is held under this very lease; only rows in processing have one."""
    return document.c.lease_token == token


def change(rows: Select[tuple[int]]) -> Update:
    """Return an UPDATE of the selected rows that passes over those locked by another.

    SQLite knows no row locks and needs none: its writers take turns.
    """
    chosen = rows.with_for_update(skip_locked=True).cte("chosen")
    return update(document).where(document.c.id.in_(select(chosen.c.id)))


def free(connection: Connection, ids: Sequence[int], max_attempts: int) -> Free:
    """Return which of the rows could be claimed now, in the order given; nothing is taken."""
    rows = select(document.c.id, _never_tried()).where(document.c.id.in_(ids), _free(max_attempts))
    fresh = {row: bool(never) for row, never in connection.execute(rows)}
    known = [row for row in dict.fromkeys(ids) if row in fresh]
    return Free([row for row in known if fresh[row]], [row for row in known if not fresh[row]])


def claim(
    connection: Connection,
    ids: Sequence[int],
    lease_seconds: float,
    max_attempts: int,
    *,
    fresh: bool,
) -> list[Claim]:
    """Take those of the rows that nobody holds, in one statement, under one new token."""
    condition = _free(max_attempts)
    if fresh:
        condition = and_(condition, _never_tried())
    counted = {"attempts": attempts() + 1, "lapses": lapses()}
    return _take(connection, ids, condition, {**counted, "lease_until": FromNow(lease_seconds)})


def _free(max_attempts: int) -> ColumnElement[bool]:
    left = and_(attempts() < max_attempts, lapses() < MAX_LAPSES)
    return and_(left, or_(waiting(), expired()))


def _never_tried() -> ColumnElement[bool]:
    return and_(document.c.attempts == 0, document.c.lapses == 0)


def claim_done(connection: Connection, ids: Sequence[int], lease_seconds: float) -> list[Claim]:
    """Take those of the rows that are done, under one new token, to be read once more."""
    done = document.c.state == DONE
    fresh = {"attempts": 1, "lapses": 0, "finished_at": None, "queued_at": None}
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
        type=row.type,
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
    return Claim(row.id, token, row.attempts, stored, row.lapses)


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


def mark_done(connection: Connection, token: str, ids: Sequence[int]) -> list[Row[Any]]:
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
            document.c.type,
            document.c.finished_at,
        )
    )
    return list(connection.execute(statement))


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a row was not completed: the stable word and the sentence of an error."""

    code: str
    sentence: str


def release(  # noqa: PLR0913, PLR0917 one row, and all that is noted with it
    connection: Connection, token: str, row: int, why: Reason, delay_seconds: float, cost: Cost
) -> bool:
    """Give a row back, to be taken again after a delay; return whether it was still ours."""
    later = {"state": RECEIVED, "available_at": FromNow(delay_seconds), "queued_at": None}
    return _end(connection, token, row, why, {**later, **COUNTED[cost]})


def fail(connection: Connection, token: str, row: int, why: Reason) -> bool:
    """Mark a row failed for good; return whether it was still ours."""
    return _end(connection, token, row, why, {"state": FAILED, "finished_at": FromNow()})


def requeue(connection: Connection, ids: Sequence[int] | None) -> list[int]:
    """Let failed rows begin anew, as if never tried; return them."""
    statement = update(document).where(document.c.state == FAILED)
    if ids is not None:
        statement = statement.where(document.c.id.in_(ids))
    fresh = {"state": RECEIVED, "attempts": 0, "lapses": 0, "finished_at": None}
    statement = statement.values(**fresh, available_at=FromNow(), **NO_ERROR)
    return sorted(connection.scalars(statement.returning(document.c.id)))


def _end(connection: Connection, token: str, row: int, why: Reason, values: dict[str, Any]) -> bool:
    error = {"error_code": why.code, "error": why.sentence}
    statement = update(document).where(document.c.id == row, mine(token))
    return connection.execute(statement.values(**values, **error, **NO_LEASE)).rowcount == 1
