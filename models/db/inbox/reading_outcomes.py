"""What becomes of a row of the inbox after a reading: done, given back, failed, or begun anew."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, Row, update

from models.db.inbox.attempts import COUNTED, Cost
from models.db.inbox.leases import mine
from models.db.sql.clock import FromNow
from models.db.sql.queue_rows import NO_ERROR, NO_LEASE, Reason
from models.db.tables.documents import DONE, FAILED, RECEIVED, document

NAMED: Final = (document.c.type, document.c.fhir_id, document.c.version, document.c.subject)
"""What names a version of a document and its patient."""


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
            document.c.subject,
            document.c.finished_at,
        )
    )
    return list(connection.execute(statement))


def release(  # noqa: PLR0913, PLR0917 one row, and all that is noted with it
    connection: Connection, token: str, row: int, why: Reason, delay_seconds: float, cost: Cost
) -> bool:
    """Give a row back, to be taken again after a delay; return whether it was still ours."""
    later = {"state": RECEIVED, "available_at": FromNow(delay_seconds), "queued_at": None}
    return _end(connection, token, row, why, {**later, **COUNTED[cost]}) is not None


def fail(connection: Connection, token: str, row: int, why: Reason) -> Row[Any] | None:
    """Mark a row failed for good; return what was failed, None where it was ours no more."""
    return _end(connection, token, row, why, {"state": FAILED, "finished_at": FromNow()})


def requeue(connection: Connection, ids: Sequence[int] | None) -> list[int]:
    """Let failed rows begin anew, as if never tried; return them."""
    statement = update(document).where(document.c.state == FAILED)
    if ids is not None:
        statement = statement.where(document.c.id.in_(ids))
    fresh = {"state": RECEIVED, "attempts": 0, "lapses": 0, "finished_at": None}
    statement = statement.values(**fresh, available_at=FromNow(), **NO_ERROR)
    return sorted(connection.scalars(statement.returning(document.c.id)))


def _end(
    connection: Connection, token: str, row: int, why: Reason, values: dict[str, Any]
) -> Row[Any] | None:
    statement = update(document).where(document.c.id == row, mine(token))
    ended = statement.values(**values, **why.columns, **NO_LEASE)
    return connection.execute(ended.returning(*NAMED)).first()
