"""How an engine is set up."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from models.db.session import connect, reading, writing
from models.errors import DatabaseUnavailable, WrongSettings


def test_sqlite(tmp_path: Path) -> None:
    """The folder is made, foreign keys hold, writers wait, and readers do not wait for writers."""
    engine = connect(f"sqlite:///{tmp_path / 'a' / 'b' / 'x.db'}")
    with reading(engine) as connection:
        told = {
            name: connection.scalar(text(f"PRAGMA {name}"))
            for name in ("foreign_keys", "journal_mode", "busy_timeout")
        }
    engine.dispose()
    assert told == {"foreign_keys": 1, "journal_mode": "wal", "busy_timeout": 30_000}


def create_and_fail(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE t (x INTEGER)"))
        connection.execute(text("SELECT 1 FROM missing"))


def test_error_rolls_back(tmp_path: Path) -> None:
    """What was written before an error is gone, DDL included."""
    engine = connect(f"sqlite:///{tmp_path / 'x.db'}")
    with pytest.raises(DatabaseUnavailable):
        create_and_fail(engine)
    with reading(engine) as connection:
        assert connection.scalar(text("SELECT count(*) FROM sqlite_master")) == 0
    engine.dispose()


@pytest.mark.parametrize("url", ["sqlite:///x.db", "postgresql://u:p@host/db"])
def test_messages_hide_parameters(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Errors and logs of SQLAlchemy hold no values: those are patients' texts."""
    monkeypatch.chdir(tmp_path)
    engine = connect(url)
    assert engine.hide_parameters
    assert engine.dialect.driver in {"pysqlite", "psycopg"}
    engine.dispose()


@pytest.mark.parametrize("url", ["mysql://u:secret@host/db", "no url: secret"])
def test_unknown_database(url: str) -> None:
    """Another kind of database is refused with a sentence that does not repeat the password."""
    with pytest.raises(WrongSettings) as caught:
        connect(url)
    assert "secret" not in str(caught.value)
