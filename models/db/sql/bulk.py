"""Writing many rows at once: by COPY where PostgreSQL is, by a prepared INSERT where SQLite is.

Rows of a run have keys that only this run can make, so nobody else writes them and COPY cannot meet
one that is there. Rows that others may write too are passed over where they are there already.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import Connection, Table

from models.db.sql.session import is_beyond_limits
from models.db.sql.statements import Row, insert_missing
from models.errors import DatabaseRefused, DatabaseUnavailable, TooLongToStore

Key = tuple[Any, ...]


def write(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows whose keys are this transaction's own; of two with one key the first counts.

    Each row has the same columns.

    Raises:
        DatabaseUnavailable: as `session.writing`.
        DatabaseRefused, TooLongToStore: likewise.
    """
    if rows and connection.dialect.name == "postgresql":
        _copy(connection, table, list(_firsts(table, rows)))
    elif rows:
        connection.execute(insert_missing(connection, table), rows)


def write_new(connection: Connection, table: Table, rows: Sequence[Row]) -> set[Key]:
    """Insert the rows that are not there yet, in their order; return the keys of those.

    Where another transaction is just inserting the same key, PostgreSQL waits for its end.
    """
    if not rows:
        return set()
    if connection.dialect.name == "postgresql":
        return _insert_records(connection, table, rows)
    insert = insert_missing(connection, table).returning(*table.primary_key)
    return {tuple(row) for row in connection.execute(insert, rows)}


def _firsts(table: Table, rows: Sequence[Row]) -> Iterator[Row]:
    key, seen = itemgetter(*table.primary_key.columns.keys()), set()
    for row in rows:
        if (named := key(row)) not in seen:
            seen.add(named)
            yield row


def _copy(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    columns = list(rows[0])
    statement = f"COPY {table.name} ({_names(connection, columns)}) FROM STDIN"
    with (
        _typed_errors(connection),
        _driver(connection).cursor() as cursor,
        cursor.copy(statement) as copying,
    ):
        for values in map(itemgetter(*columns), rows):
            copying.write_row(values)


def _insert_records(connection: Connection, table: Table, rows: Sequence[Row]) -> set[Key]:
    # One parameter, whatever the number of rows: the driver is slow to parse thousands.
    names = _names(connection, list(rows[0]))
    keys = _names(connection, table.primary_key.columns.keys())
    statement = (
        f"INSERT INTO {table.name} ({names}) SELECT {names} "  # noqa: S608 names of our tables
        f"FROM json_populate_recordset(NULL::{table.name}, %s) "
        f"ON CONFLICT DO NOTHING RETURNING {keys}"
    )
    records = orjson.dumps(rows).decode()
    return {tuple(row) for row in connection.exec_driver_sql(statement, (records,))}


def _names(connection: Connection, columns: Sequence[str]) -> str:
    return ", ".join(map(connection.dialect.identifier_preparer.quote, columns))


def _driver(connection: Connection) -> Any:
    """Return psycopg's connection, which is in the same transaction."""
    return connection.connection.dbapi_connection


@contextmanager
def _typed_errors(connection: Connection) -> Iterator[None]:
    # What SQLAlchemy does for its own statements; "from None" as in `session`.
    driver: Any = connection.dialect.dbapi
    try:
        yield
    except (driver.OperationalError, driver.InterfaceError) as error:
        if is_beyond_limits(error):
            raise TooLongToStore(kind=type(error).__name__) from None
        raise DatabaseUnavailable(kind=type(error).__name__) from None
    except driver.Error as error:
        raise DatabaseRefused(kind=type(error).__name__) from None
