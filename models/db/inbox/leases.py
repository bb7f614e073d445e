"""The lease on a row of the inbox: whose the row is, and until when by the database's clock."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, and_, update

from models.db.sql.clock import FromNow
from models.db.tables.documents import PROCESSING, document


def expired() -> ColumnElement[bool]:
    """Return the condition that a row's worker let its lease run out."""
    return and_(document.c.state == PROCESSING, document.c.lease_until <= FromNow())


def mine(token: str) -> ColumnElement[bool]:
    """Return the fence: the row is held under this very lease; only rows in processing have one."""
    return document.c.lease_token == token


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
