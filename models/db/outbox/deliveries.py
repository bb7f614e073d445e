"""Which rows of the outbox may be sent, and what an answer makes of them.

A request that got no answer may still be carried out, even after a newer version was sent. So its
version is kept (`unanswered_version`), and a newer one that follows it is sent once more, later.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    bindparam,
    case,
    delete,
    func,
    null,
    or_,
    select,
    update,
)

from models.db.inbox.leases import NO_ERROR, NO_LEASE, Reason
from models.db.sql.clock import FromNow
from models.db.sql.statements import store
from models.db.tables.outbox import DEAD, DELIVERED, SENDING, WAITING, document_number, outbox

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
    values = {"state": WAITING, "unanswered_version": _unanswered(), **NO_LEASE}
    connection.execute(_change(rows).values(values))


def mark_dead(connection: Connection, tenant: str, max_attempts: int, last: Reason) -> None:
    """Mark rows dead that were tried often enough, with their last error."""
    rows = select(outbox.c.id).where(
        outbox.c.tenant == tenant, outbox.c.state == WAITING, outbox.c.attempts >= max_attempts
    )
    connection.execute(
        _change(rows).values(
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
    found = connection.execute(_change(rows).values(taken).returning(outbox))
    return [_entry(row, token) for row in sorted(found, key=_key)]


def extend(connection: Connection, entries: Sequence[OutboxEntry], lease_seconds: float) -> None:
    """Move the end of the lease of rows that are still held; one by one, in the order given."""
    held = update(outbox).where(
        outbox.c.id == bindparam("row"), outbox.c.lease_token == bindparam("token")
    )
    rows = [{"row": entry.row, "token": entry.token} for entry in entries]
    connection.execute(held.values(lease_until=FromNow(lease_seconds)), rows)


def deliver(connection: Connection, entry: OutboxEntry, again_seconds: float) -> bool:
    """Note that the server has this version; return whether the row was still ours.

    It waits again at once where a newer version came meanwhile, and after `again_seconds` where a
    request with an older one was never answered.
    """
    newer = outbox.c.version > entry.version
    doubtful = outbox.c.unanswered_version < entry.version
    values = {
        "state": case((or_(newer, doubtful), WAITING), else_=DELIVERED),
        "available_at": case(
            (newer, FromNow()), (doubtful, FromNow(again_seconds)), else_=outbox.c.available_at
        ),
        "unanswered_version": case((newer, outbox.c.unanswered_version), else_=null()),
        "delivered_version": entry.version,
        "finished_at": FromNow(),
        "attempts": 0,
        **NO_ERROR,
    }
    return _end(connection, entry, values)


def number(connection: Connection, tenant: str, entry: OutboxEntry, given: str) -> None:
    """Note how the server numbers a version of a document."""
    key = {"tenant": tenant, "document": entry.id, "version": entry.version}
    same = [document_number.c[name] == value for name, value in key.items()]
    renumbered = update(document_number).where(*same).values(number=given)
    if not connection.execute(renumbered).rowcount:
        store(connection, document_number, [{**key, "number": given}])


def record_late_send(connection: Connection, entry: OutboxEntry) -> None:
    """Note that a version was sent by somebody who held the row no more.

    Whatever newer version was sent meanwhile is sent once more.
    """
    late = {"unanswered_version": _least(entry.version)}
    rested = {"state": WAITING, **NEW_ATTEMPTS}
    row = outbox.c.id == entry.row
    newer = outbox.c.delivered_version > entry.version
    connection.execute(update(outbox).where(row, outbox.c.state != DELIVERED).values(late))
    connection.execute(update(outbox).where(row, outbox.c.state == DELIVERED, newer).values(rested))


def reschedule(
    connection: Connection, entry: OutboxEntry, why: Reason, delay_seconds: float, *, answered: bool
) -> bool:
    """Let a row wait for another attempt; return whether it was still ours."""
    values = {
        "state": WAITING,
        "available_at": FromNow(delay_seconds),
        "error_code": why.code,
        "error": why.sentence,
    }
    doubt = {} if answered else {"unanswered_version": _unanswered()}
    return _end(connection, entry, values | doubt)


def release(connection: Connection, entry: OutboxEntry) -> bool:
    """Let a row wait that was not sent at all; return whether it was still ours."""
    return _end(connection, entry, {"state": WAITING, "attempts": outbox.c.attempts - 1})


def mark_refused(connection: Connection, entry: OutboxEntry, why: Reason) -> bool:
    """Mark a row dead, unless a newer version came meanwhile, which may be accepted."""
    newer = outbox.c.version > entry.version
    values = {
        "state": case((newer, WAITING), else_=DEAD),
        "attempts": case((newer, 0), else_=outbox.c.attempts),
        "finished_at": FromNow(),
        "error_code": why.code,
        "error": why.sentence,
    }
    return _end(connection, entry, values)


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


def _change(rows: Any) -> Any:
    chosen = rows.with_for_update(skip_locked=True).cte("chosen")
    return update(outbox).where(outbox.c.id.in_(select(chosen.c.id)))


def _end(connection: Connection, entry: OutboxEntry, values: dict[str, Any]) -> bool:
    mine = and_(outbox.c.id == entry.row, outbox.c.lease_token == entry.token)
    statement = update(outbox).where(mine).values(**values, **NO_LEASE)
    return connection.execute(statement).rowcount == 1


def _unanswered() -> ColumnElement[int]:
    return _least(outbox.c.sent_version)


def _least(version: Any) -> ColumnElement[Any]:
    known = outbox.c.unanswered_version
    return case((known < version, known), else_=version)


def _entry(row: Row[Any], token: str) -> OutboxEntry:
    return OutboxEntry(row.id, token, row.attempts, row.type, row.resource_id, row.version)


def _key(row: Row[Any]) -> tuple[str, str]:
    return (row.type, row.resource_id)
