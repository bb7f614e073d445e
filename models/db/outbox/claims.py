"""Which rows of the outbox may be sent, and by whom: claims under a lease, sending anew."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    bindparam,
    case,
    delete,
    func,
    select,
    update,
)

from models.db.sql.clock import FromNow
from models.db.sql.queue_rows import NO_ERROR, NO_LEASE, Reason, change
from models.db.tables.outbox import DEAD, SENDING, WAITING, document_number, outbox

NEW_ATTEMPTS = {"attempts": 0, "available_at": FromNow()}

_FIRST = outbox.alias("first")


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """A version of a resource that is ours to send until the lease ends; `token` is the proof."""

    row: int
    token: str
    attempt: int
    type: str
    id: str
    version: int

    @property
    def reference(self) -> str:
        """The resource, such as `Condition/7`."""
        return f"{self.type}/{self.id}"


def expire(connection: Connection, tenant: str) -> None:
    """Take back the rows whose deliverer let its lease run out; their requests got no answer."""
    rows = select(outbox.c.id).where(
        outbox.c.tenant == tenant,
        outbox.c.state == SENDING,
        outbox.c.lease_until <= FromNow(),
    )
    values = {"state": WAITING, "unanswered_version": unanswered(), **NO_LEASE}
    connection.execute(change(outbox, rows).values(values))


def mark_dead(connection: Connection, tenant: str, max_attempts: int, last: Reason) -> None:
    """Mark rows dead that were tried often enough, with their last error."""
    rows = select(outbox.c.id).where(
        outbox.c.tenant == tenant, outbox.c.state == WAITING, outbox.c.attempts >= max_attempts
    )
    connection.execute(
        change(outbox, rows).values(
            state=DEAD,
            finished_at=FromNow(),
            error_code=func.coalesce(outbox.c.error_code, last.code),
            error=func.coalesce(outbox.c.error, last.sentence),
        )
    )


def claim(
    connection: Connection, tenant: str, limit: int, lease_seconds: float
) -> list[OutboxEntry]:
    """Take rows that wait and whose back-off is over, under one new token.

    The longest waiting come first. Left out are rows that refer to something which is yet to be
    sent.
    """
    token = str(uuid.uuid4())
    rows = (
        select(outbox.c.id)
        .where(
            outbox.c.tenant == tenant,
            outbox.c.state == WAITING,
            outbox.c.available_at <= FromNow(),
            ~_preceded(_FIRST.c.document == outbox.c.document),
            ~_preceded(_FIRST.c.document.is_(None)),
        )
        .order_by(outbox.c.available_at, outbox.c.id)
        .limit(limit)
    )
    taken = {
        "state": SENDING,
        "attempts": outbox.c.attempts + 1,
        "lease_token": token,
        "lease_until": FromNow(lease_seconds),
        "sent_version": outbox.c.version,
    }
    found = connection.execute(change(outbox, rows).values(taken).returning(outbox))
    return [_entry(row, token) for row in sorted(found, key=_key)]


def extend(connection: Connection, entries: Sequence[OutboxEntry], lease_seconds: float) -> None:
    """Move the end of the lease of rows that are still held; one by one, in the order given."""
    held = update(outbox).where(
        outbox.c.id == bindparam("row"), outbox.c.lease_token == bindparam("token")
    )
    rows = [{"row": entry.row, "token": entry.token} for entry in entries]
    connection.execute(held.values(lease_until=FromNow(lease_seconds)), rows)


def resend(connection: Connection, tenant: str, rows: Sequence[int] | None) -> list[int]:
    """Let dead rows, or those given, be sent anew from the first attempt; return them."""
    statement = update(outbox).where(outbox.c.tenant == tenant, outbox.c.state == DEAD)
    if rows is not None:
        statement = update(outbox).where(outbox.c.id.in_(rows), outbox.c.state != SENDING)
    statement = statement.values(state=WAITING, **NEW_ATTEMPTS, **NO_ERROR)
    return sorted(connection.scalars(statement.returning(outbox.c.id)))


def resend_all(connection: Connection, tenant: str) -> list[int]:
    """Let everything be sent anew to a server that has nothing; return the rows."""
    numbers = delete(document_number).where(document_number.c.tenant == tenant)
    connection.execute(numbers)
    everything = update(outbox).where(outbox.c.tenant == tenant, outbox.c.state != SENDING)
    fresh = {"state": WAITING, "delivered_version": None, "unanswered_version": None}
    statement = everything.values(**fresh, **NEW_ATTEMPTS, **NO_ERROR)
    return sorted(connection.scalars(statement.returning(outbox.c.id)))


def _preceded(related: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition that one of the rows so related has to go first."""
    return (
        select(_FIRST.c.id)
        .where(
            _FIRST.c.tenant == outbox.c.tenant,
            related,
            _FIRST.c.state.in_((WAITING, SENDING)),
            _FIRST.c.rank < outbox.c.rank,
        )
        .exists()
    )


def unanswered() -> ColumnElement[int]:
    """Return the oldest version that may still be carried out after a request without answer."""
    return oldest_unanswered(outbox.c.sent_version)


def oldest_unanswered(version: Any) -> ColumnElement[Any]:
    """Return the older of a version and the one that is noted as unanswered."""
    known = outbox.c.unanswered_version
    return case((known < version, known), else_=version)


def _entry(row: Row[Any], token: str) -> OutboxEntry:
    return OutboxEntry(row.id, token, row.attempts, row.type, row.resource_id, row.version)


def _key(row: Row[Any]) -> tuple[str, str]:
    return (row.type, row.resource_id)
