"""Small pieces of SQL that several parts of the memory need."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite

from models.chunks import chunks

T = TypeVar("T")

Row = Mapping[str, Any]

# Both databases limit the parameters of one statement (SQLite: 32,766).
_AT_ONCE = 1000


def insert_missing(connection: Connection, table: Table) -> Insert:
    """Return an INSERT that passes over rows that break a unique constraint.

    Where another transaction is just inserting the same key, PostgreSQL waits for its end.
    """
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing()
    return postgresql.insert(table).on_conflict_do_nothing()


def store(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows with keys made by us; rows that are there already stay as they are."""
    if rows:
        connection.execute(insert_missing(connection, table), rows)


def portions(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """Cut a sequence into pieces that fit into one `IN (…)`."""
    return chunks(items, _AT_ONCE)
