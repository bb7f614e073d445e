"""Which rows of the inbox may be taken, alone or together, and taking them under a new token."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, or_, select

from models.clinical import Document
from models.db.inbox.attempts import MAX_LAPSES, attempts, lapses
from models.db.inbox.leases import expired
from models.db.sql.clock import FromNow
from models.db.sql.queue_rows import NO_ERROR, change
from models.db.tables.documents import DONE, PROCESSING, QUEUED, RECEIVED, document


@dataclass(frozen=True, slots=True)
class Claim:
    """A document that is ours to read until the lease ends; `token` is the proof.

    `attempt` counts from 1; `lapses` are the leases on it that ran out. `waited_seconds` is how
    long ago it was received, by the database's clock.
    """

    row: int
    token: str
    attempt: int
    document: Document
    lapses: int = 0
    waited_seconds: float = 0


@dataclass(frozen=True, slots=True)
class Free:
    """Rows that may be taken: those never tried, and those that were and have to be read alone."""

    fresh: Sequence[int]
    tried: Sequence[int]


def waiting() -> ColumnElement[bool]:
    """Return the condition that a row waits to be taken and its back-off is over."""
    state = document.c.state.in_((RECEIVED, QUEUED))
    return and_(state, document.c.available_at <= FromNow())


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
    statement = change(document, rows).values(**taken).returning(document, FromNow().label("now"))
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
    waited = (row.now - row.received_at).total_seconds()
    return Claim(row.id, token, row.attempts, stored, row.lapses, waited)
