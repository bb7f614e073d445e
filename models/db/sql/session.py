"""Engines and transactions: connections to SQLite and to PostgreSQL."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from models.db.sql.timeouts import Timeouts
from models.errors import (
    DatabaseRefused,
    DatabaseUnavailable,
    NoDatabase,
    TooLongToStore,
    WrongSettings,
)
from models.private_files import private_file, private_folder

_SQLITE_WAIT_SECONDS = 30
_SQLITE_TURN_SECONDS = 0.05
_SQLITE_ENDINGS = ("-wal", "-shm", "-journal")

# As many connections as a worker's threads and a web process's requests want, with room for both.
_POOL: dict[str, Any] = {
    "pool_size": 10,
    "max_overflow": 20,
    "pool_timeout": 30,
    "pool_recycle": 1800,
    "pool_pre_ping": True,
}

_ARGUMENTS: dict[str, dict[str, Any]] = {
    "sqlite": {"check_same_thread": False},
    "postgresql": {
        "connect_timeout": 10,
        "client_encoding": "utf8",
        "application_name": "biomed-ner",
    },
}


_ONE_STATE: dict[str, dict[str, Any]] = {
    "sqlite": {},  # a transaction there has one state, see `_begin_sqlite`
    "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
}


def connect(url: str, timeouts: Timeouts | None = None) -> Engine:
    """Return an engine for a database URL, `sqlite:///path` or `postgresql://…` (psycopg 3).

    Nothing is opened yet, and nothing is made: the first use raises NoDatabase where a SQLite file
    is not there. Messages of its errors hold no parameters: those are patients' texts. Without
    `timeouts`, as a migration needs it, PostgreSQL may take as long as it wants, and a writer of
    SQLite waits 30 seconds for another one.

    Raises:
        WrongSettings: the URL is none, or names another kind of database.
    """
    target = _target(url)
    kind = target.get_backend_name()
    # What the URL says itself (`?timeout=5`) counts.
    arguments = _ARGUMENTS[kind] | _waiting(kind, timeouts)
    usual = {key: value for key, value in arguments.items() if key not in target.query}
    engine = create_engine(target, hide_parameters=True, connect_args=usual, **_POOL)
    if kind == "sqlite":
        event.listen(engine, "do_connect", partial(_require_file, _file(target)))
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def make(url: str) -> None:
    """Make the file of a SQLite database, and its folder, for this user alone.

    The files that SQLite lays beside it have the permissions that it has. A file that is there
    keeps what it holds; for PostgreSQL nothing happens.

    Raises:
        WrongSettings: the folder or the file cannot be made, or is another user's.
    """
    target = _target(url)
    file = _file(target) if target.get_backend_name() == "sqlite" else None
    if file is None:
        return
    beside = [file.with_name(f"{file.name}{ending}") for ending in _SQLITE_ENDINGS]
    try:
        private_folder(file.parent)
        for one in (file, *(path for path in beside if path.exists())):
            private_file(one)
    except OSError as error:
        reason = f"no database can be made at {file.absolute()} ({error.strerror})"
        raise WrongSettings(reason=reason) from None


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Give a connection in a transaction that is committed at the end, rolled back on an error.

    Raises:
        DatabaseUnavailable: the database cannot be reached or gave up; trying again can help.
        DatabaseRefused: the database does not accept the statement or its values.
        TooLongToStore: a value is too long for it.
    """
    with _typed_errors(), engine.begin() as connection:
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Give a connection that sees one state of the data, whatever is committed meanwhile.

    Raises:
        DatabaseRefused: something was written.
        DatabaseUnavailable: as `writing`.
    """
    with _typed_errors(), _no_writing(), engine.connect() as opened:
        yield opened.execution_options(reads_only=True, **_ONE_STATE[engine.dialect.name])


@contextmanager
def _no_writing() -> Iterator[None]:
    """Refuse for good what SQLite calls an attempt to write; PostgreSQL's own error is one."""
    try:
        yield
    except OperationalError as error:
        if getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_READONLY:
            raise DatabaseRefused(kind="writing where only reading is allowed") from None
        raise


@contextmanager
def _typed_errors() -> Iterator[None]:
    # "from None": the driver's own message may quote a row ("Failing row contains …").
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        if is_beyond_limits(error.orig):
            raise TooLongToStore(kind=_kind(error)) from None
        raise DatabaseUnavailable(kind=_kind(error)) from None
    except PoolExhausted:
        raise DatabaseUnavailable(kind="no free connection") from None
    except DBAPIError as error:
        if error.connection_invalidated:
            raise DatabaseUnavailable(kind=_kind(error)) from None
        raise DatabaseRefused(kind=_kind(error)) from None


def is_beyond_limits(error: BaseException | None) -> bool:
    """Whether PostgreSQL says that a value is beyond its limits (SQLSTATE class 54).

    Its driver calls that operational, but no later try can help.
    """
    return str(getattr(error, "sqlstate", None)).startswith("54")


def _kind(error: DBAPIError) -> str:
    return type(error.orig).__name__


def _target(url: str) -> URL:
    try:
        target = make_url(url)
    except ArgumentError:
        raise WrongSettings(reason="the database URL cannot be parsed") from None
    if target.get_backend_name() not in _ARGUMENTS:
        raise WrongSettings(reason="the database is neither SQLite nor PostgreSQL")
    return target


def _file(url: URL) -> Path | None:
    """Return the file of a SQLite database; None for one in memory or under a URI of its own."""
    name = url.database
    kept = name and name != ":memory:" and not name.startswith("file:")
    return Path(name) if name and kept else None


def _require_file(file: Path | None, *_: object) -> None:
    # SQLite would make an empty one.
    if file is not None and not file.exists():
        raise NoDatabase(path=file.absolute())


def _waiting(kind: str, timeouts: Timeouts | None) -> dict[str, Any]:
    """Return the connection's arguments that say how long to wait."""
    if kind == "sqlite":
        return {"timeout": timeouts.lock if timeouts else _SQLITE_WAIT_SECONDS}
    if timeouts is None:
        return {}
    seconds = {
        "statement_timeout": timeouts.statement,
        "lock_timeout": timeouts.lock,
        "idle_in_transaction_session_timeout": timeouts.idle,
    }
    return {"options": " ".join(f"-c {name}={round(at * 1000)}" for name, at in seconds.items())}


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver would begin by itself, late and deferred; `_begin_sqlite` begins instead.
    connection.isolation_level = None
    _use_wal(connection)
    connection.execute("PRAGMA foreign_keys = ON")


def _use_wal(connection: sqlite3.Connection) -> None:
    """Try until the deadline: here SQLite waits for nobody, and two may begin with a new file."""
    deadline = time.monotonic() + _SQLITE_WAIT_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(_SQLITE_TURN_SECONDS)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later fails at once when another wrote in between,
    # whatever the busy timeout: writers take their turn at the beginning. Readers see one state
    # from their first statement on, and the connection may have been a reader's before.
    reads_only = bool(connection.get_execution_options().get("reads_only"))
    connection.exec_driver_sql(f"PRAGMA query_only = {reads_only:d}")
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")
