"""What the sweeper asks: which rows wait although nobody may know of them any more."""

from sqlalchemy import Connection, and_, func, or_, select

from models.db.clock import FromNow
from models.db.leases import NO_LEASE, change, expired, waiting
from models.db.tables.documents import FAILED, QUEUED, RECEIVED, document
from models.errors import AttemptsExhausted


def fail_exhausted(connection: Connection, max_attempts: int) -> None:
    """Mark rows failed that were tried often enough, with their last error."""
    idle = or_(document.c.state.in_((RECEIVED, QUEUED)), expired())
    rows = select(document.c.id).where(document.c.attempts >= max_attempts, idle)
    last = AttemptsExhausted(attempts=max_attempts)
    connection.execute(
        change(rows).values(
            state=FAILED,
            finished_at=FromNow(),
            error_code=func.coalesce(document.c.error_code, last.code),
            error=func.coalesce(document.c.error, str(last)),
            **NO_LEASE,
        )
    )


def queue_forgotten(connection: Connection, queued_for_seconds: float, limit: int) -> list[int]:
    """Mark rows queued that nobody rang for, or in vain; return them, the longest waiting first.

    Those are: received rows, rows queued longer than given, and rows whose worker let the lease
    run out. The lease is taken from it.
    """
    fresh = and_(document.c.state == QUEUED, document.c.queued_at > FromNow(-queued_for_seconds))
    rows = (
        select(document.c.id)
        .where(or_(and_(waiting(), ~fresh), expired()))
        .order_by(document.c.available_at, document.c.id)
        .limit(limit)
    )
    marked = change(rows).values(state=QUEUED, queued_at=FromNow(), **NO_LEASE)
    returned = connection.execute(marked.returning(document.c.available_at, document.c.id))
    return [row.id for row in sorted(returned)]
