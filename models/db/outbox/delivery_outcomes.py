"""What becomes of a row of the outbox after a delivery: delivered, rescheduled or dead.

A request that got no answer may still be carried out, even after a newer version was sent. So its
version is kept (`unanswered_version`), and a newer one that follows it is sent once more, later.
"""

from typing import Any

from sqlalchemy import Connection, and_, case, null, or_, update

from models.db.outbox.claims import NEW_ATTEMPTS, OutboxEntry, oldest_unanswered, unanswered
from models.db.sql.clock import FromNow
from models.db.sql.queue_rows import NO_ERROR, NO_LEASE, Reason
from models.db.sql.statements import store
from models.db.tables.outbox import DEAD, DELIVERED, WAITING, document_number, outbox


def mark_delivered(connection: Connection, entry: OutboxEntry, again_seconds: float) -> bool:
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


def store_number(connection: Connection, tenant: str, entry: OutboxEntry, given: str) -> None:
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
    late = {"unanswered_version": oldest_unanswered(entry.version)}
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
        **why.columns,
    }
    doubt = {} if answered else {"unanswered_version": unanswered()}
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
        **why.columns,
    }
    return _end(connection, entry, values)


def _end(connection: Connection, entry: OutboxEntry, values: dict[str, Any]) -> bool:
    mine = and_(outbox.c.id == entry.row, outbox.c.lease_token == entry.token)
    statement = update(outbox).where(mine).values(**values, **NO_LEASE)
    return connection.execute(statement).rowcount == 1
