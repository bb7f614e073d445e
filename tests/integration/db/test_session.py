"""One state for a reader, nothing written by it, and nobody who waits for ever."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from gateway.open_database import Memory
from models.db.inbox.inbox import Inbox
from models.db.resources.resources import Resources
from models.db.sql.session import connect, reading, writing
from models.db.sql.timeouts import Timeouts
from models.errors import DatabaseRefused, DatabaseUnavailable
from tests.memory import document
from worker.settings import Settings

COUNT = text("SELECT count(*) FROM document")
INSERT = text("INSERT INTO document_number VALUES ('t', 'd', 1, '1')")


@contextmanager
def connected(url: str, timeouts: Timeouts) -> Iterator[Engine]:
    engine = connect(url, timeouts)
    yield engine
    engine.dispose()


def test_a_reader_sees_one_state(engine: Engine, inbox: Inbox) -> None:
    """What is committed between two statements of a block is seen by the next block alone."""
    inbox.receive([document("a")])
    with reading(engine) as connection:
        assert connection.scalar(COUNT) == 1
        inbox.receive([document("b")])
        assert connection.scalar(COUNT) == 1
        assert len(connection.execute(text("SELECT * FROM document")).all()) == 1
    with reading(engine) as connection:
        assert connection.scalar(COUNT) == 2


def test_a_page_and_its_total_are_of_one_state(
    engine: Engine, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A document that comes between the count and the page is on neither."""
    inbox.receive([document("a")])
    plain = Connection.scalar

    def interrupted(self: Connection, *given: Any, **named: Any) -> Any:
        found = plain(self, *given, **named)
        monkeypatch.undo()
        inbox.receive([document("b")])
        return found

    monkeypatch.setattr(Connection, "scalar", interrupted)
    page = Resources(engine).search("DocumentReference", limit=9)
    assert (page.total, len(page.resources)) == (1, 1)


def test_a_writer_is_seen_at_once(engine: Engine, inbox: Inbox) -> None:
    """Transactions that write keep seeing what others commit: claims rest on that."""
    with reading(engine) as connection:
        connection.scalar(COUNT)
    inbox.receive([document("a")])
    with writing(engine) as connection:
        assert connection.scalar(COUNT) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO document_number VALUES ('t', 'd', 1, '1')",
        "UPDATE document SET attempts = 9",
        "DELETE FROM document",
        "CREATE TABLE t (x INTEGER)",
    ],
)
def test_a_reader_writes_nothing(engine: Engine, inbox: Inbox, statement: str) -> None:
    """A write in a block that reads is refused for good; its connection may write afterwards."""
    inbox.receive([document("a")])
    with pytest.raises(DatabaseRefused), reading(engine) as connection:
        connection.execute(text(statement))
    with writing(engine) as connection:
        connection.execute(INSERT)
    with reading(engine) as connection:
        assert connection.scalar(text("SELECT attempts FROM document")) == 0
        assert connection.scalar(text("SELECT count(*) FROM document_number")) == 1


def test_a_lock_is_not_waited_for_for_ever(database_url: str, inbox: Inbox) -> None:
    """Who cannot write because another transaction does gets an error that asks for patience."""
    inbox.receive([document("a")])
    change = text("UPDATE document SET attempts = attempts + 1")
    with connected(database_url, Timeouts(lock=0.2)) as hasty, writing(hasty) as first:
        first.execute(change)
        with pytest.raises(DatabaseUnavailable) as refused, writing(hasty) as second:
            second.execute(change)
    assert refused.value.retry


def test_a_statement_may_not_take_for_ever(postgresql_url: str) -> None:
    """PostgreSQL ends a statement, and the connection can be used again."""
    with connected(postgresql_url, Timeouts(statement=0.2)) as engine:
        with pytest.raises(DatabaseUnavailable), reading(engine) as connection:
            connection.execute(text("SELECT pg_sleep(200)"))
        with reading(engine) as connection:
            assert connection.scalar(text("SELECT 1")) == 1


def test_an_idle_transaction_holds_nobody_up(postgresql_url: str) -> None:
    """PostgreSQL ends a transaction that does nothing, with its locks; the next one works."""
    with connected(postgresql_url, Timeouts(idle=0.1)) as engine:

        def sleep() -> None:
            with writing(engine) as connection:
                connection.execute(INSERT)
                time.sleep(1)
                connection.execute(text("SELECT 1"))

        with pytest.raises(DatabaseUnavailable):
            sleep()
        with writing(engine) as connection:
            connection.execute(INSERT)


def shown(engine: Engine) -> list[str]:
    names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
    with reading(engine) as connection:
        return [str(connection.scalar(text(f"SHOW {name}"))) for name in names]


def test_the_settings_say_how_long(postgresql_url: str, sqlite_url: str) -> None:
    """Each setting reaches the database's session; what the address says counts instead."""
    chosen = Settings(
        database_url=postgresql_url,
        statement_seconds=7,
        lock_seconds=3,
        idle_transaction_seconds=11,
    )
    memory = Memory.open(chosen)
    assert shown(memory.resources._engine) == ["7s", "3s", "11s"]
    memory.close()
    join = "&" if "?" in postgresql_url else "?"
    own = f"{postgresql_url}{join}options=-c%20lock_timeout%3D5000"
    with connected(own, Timeouts(1, 2, 3)) as engine:
        assert shown(engine) == ["0", "5s", "0"]
    with connected(sqlite_url, Timeouts(lock=3)) as engine, reading(engine) as connection:
        assert connection.scalar(text("PRAGMA busy_timeout")) == 3000


def test_a_migration_may_take_its_time(postgresql_url: str) -> None:
    """Without timeouts PostgreSQL waits for ever, as long changes of the schema need it."""
    engine = connect(postgresql_url)
    assert shown(engine) == ["0", "0", "0"]
    engine.dispose()
