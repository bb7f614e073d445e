"""Failures of the database are typed, say whether to try again, and hold no text."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from models.db.inbox.inbox import Inbox
from models.db.sql.session import connect, make, writing
from models.errors import DatabaseRefused, DatabaseUnavailable
from tests.memory import document


@pytest.fixture
def nowhere(tmp_path: Path) -> Iterator[Engine]:
    engine = connect(f"postgresql://nobody@/nothing?host={tmp_path}")
    yield engine
    engine.dispose()


def test_no_server(nowhere: Engine) -> None:
    """A PostgreSQL that is not there is worth another try."""
    with pytest.raises(DatabaseUnavailable, match="OperationalError") as caught:
        Inbox(nowhere).receive([document()])
    assert caught.value.retry


def test_connections_cut(postgresql_url: str, postgresql_server: str) -> None:
    """After the server cut all connections, the next use simply works."""
    engine = connect(postgresql_url)
    inbox = Inbox(engine)
    inbox.receive([document("a")])
    killer = connect(postgresql_server)
    with writing(killer) as connection:
        cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
        connection.execute(text(cut), {"name": engine.url.database})
    killer.dispose()
    assert inbox.receive([document("b")])[0].created
    engine.dispose()


def test_locked_sqlite(tmp_path: Path) -> None:
    """A SQLite file that another holds for too long is worth another try."""
    url = f"sqlite:///{tmp_path / 'held.db'}"
    make(url)
    holder, other = connect(url), connect(f"{url}?timeout=0.05")
    with writing(holder), pytest.raises(DatabaseUnavailable), writing(other):
        pass
    holder.dispose()
    other.dispose()


def test_refusal_holds_no_text(engine: Engine) -> None:
    """What the database quotes of a refused row is in no message and no cause."""
    bad = text("INSERT INTO model (id, name) VALUES (:id, :secret)")
    with pytest.raises(DatabaseRefused) as caught, writing(engine) as connection:
        connection.execute(bad, {"id": "1", "secret": "Mrs. Example"})
    assert not caught.value.retry
    assert "Example" not in str(caught.value)
    assert caught.value.__suppress_context__
