"""What the sweeper asks: which rows wait although nobody may know of them any more."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, and_, case, func, or_, select, update

from models.db.inbox.attempts import MAX_LAPSES, attempts, lapses
from models.db.inbox.claims import waiting
from models.db.inbox.leases import expired
from models.db.inbox.reading_outcomes import NAMED
from models.db.sql.clock import FromNow
from models.db.sql.queue_rows import NO_LEASE, change
from models.db.sql.statements import portions
from models.db.tables.documents import FAILED, QUEUED, RECEIVED, document
from models.errors import AttemptsExhausted, WorkerDied


def fail_exhausted(connection: Connection, max_attempts: int) -> list[Row[Any]]:
    """Mark rows failed that were tried often enough, or whose workers died often enough.

    They keep their last error where they have one that says more. Returned is what was failed.
    """
    lapsed = lapses() >= MAX_LAPSES
    idle = or_(document.c.state.in_((RECEIVED, QUEUED)), expired())
    rows = select(document.c.id).where(or_(attempts() >= max_attempts, lapsed), idle)
    died = WorkerDied(how=f"{MAX_LAPSES} times, all but the first reading nothing else")
    tried = AttemptsExhausted(attempts=max_attempts)
    told = func.coalesce(document.c.error_code, died.code) != died.code
    failed = change(document, rows).values(
        state=FAILED,
        finished_at=FromNow(),
        error_code=case((told, document.c.error_code), (lapsed, died.code), else_=tried.code),
        error=case((told, document.c.error), (lapsed, str(died)), else_=str(tried)),
        attempts=attempts(),
        lapses=lapses(),
        **NO_LEASE,
    )
    return list(connection.execute(failed.returning(*NAMED, document.c.error_code)))


def queue_forgotten(connection: Connection, queued_for_seconds: float, limit: int) -> list[int]:
    """Mark rows queued that nobody rang for, or in vain; return them, the longest waiting first.

    Those are: received rows, rows queued longer than given, and rows whose worker let the lease
    run out. The lease is taken from it, and counted as lapsed.
    """
    fresh = and_(document.c.state == QUEUED, document.c.queued_at > FromNow(-queued_for_seconds))
    rows = (
        select(document.c.id)
        .where(or_(and_(waiting(), ~fresh), expired()))
        .order_by(document.c.available_at, document.c.id)
        .limit(limit)
    )
    counted = {"attempts": attempts(), "lapses": lapses()}
    marked = change(document, rows).values(state=QUEUED, queued_at=FromNow(), **counted, **NO_LEASE)
    returned = connection.execute(marked.returning(document.c.available_at, document.c.id))
    return [row.id for row in sorted(returned)]


def forget_ring(connection: Connection, ids: Sequence[int]) -> None:
    """Mark queued rows received again: nobody could be rung for them."""
    for some in portions(ids):
        queued = update(document).where(document.c.id.in_(some), document.c.state == QUEUED)
        connection.execute(queued.values(state=RECEIVED, queued_at=None))
