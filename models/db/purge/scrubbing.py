"""Overwriting what was deleted: a database marks rows as gone, and their bytes stay.

SQLite overwrites with `secure_delete` and packs the file by VACUUM; what its write-ahead log holds
is cut off. PostgreSQL reuses the space in its own time: docs/operations.md says what to do there.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, event

from models.errors import DatabaseUnavailable

_BUSY = "another process reads the file; purge again when it has ended"


@contextmanager
def scrubbing(engine: Engine) -> Iterator[None]:
    """Have SQLite overwrite what is deleted by this engine meanwhile."""
    if engine.dialect.name != "sqlite":
        yield
        return
    event.listen(engine, "begin", _overwrite)
    try:
        yield
    finally:
        event.remove(engine, "begin", _overwrite)


def _overwrite(connection: Connection) -> None:
    # It may be said within a transaction, and holds for the connection.
    connection.exec_driver_sql("PRAGMA secure_delete = ON")


def scrub(engine: Engine) -> None:
    """Write the file of SQLite anew and empty its write-ahead log.

    Raises:
        DatabaseUnavailable: another process keeps it from being done; the rows are gone all the
            same, and may lie in the file's free space until somebody does it.
    """
    if engine.dialect.name != "sqlite":
        return
    raw = engine.raw_connection()
    try:
        driver = raw.driver_connection
        if not isinstance(driver, sqlite3.Connection):
            raise TypeError
        driver.execute("PRAGMA query_only = OFF")
        driver.execute("VACUUM")
        busy = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except sqlite3.OperationalError:
        raise DatabaseUnavailable(kind=_BUSY) from None
    finally:
        raw.close()
    if busy:
        raise DatabaseUnavailable(kind=_BUSY)
