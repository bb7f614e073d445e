"""How an engine is set up."""

import os
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from models.db.sql.session import connect, make, reading, writing
from models.errors import DatabaseUnavailable, NoDatabase, WrongSettings


def made(path: Path) -> Engine:
    make(f"sqlite:///{path}")
    return connect(f"sqlite:///{path}")


def test_sqlite(tmp_path: Path) -> None:
    """Foreign keys hold, writers wait, and readers do not wait for writers."""
    engine = made(tmp_path / "x.db")
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
    engine = made(tmp_path / "x.db")
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


def test_a_database_that_is_not_there_is_not_made_by_looking(tmp_path: Path) -> None:
    """Reading it says where it was looked for, and leaves neither file nor folder."""
    engine = connect(f"sqlite:///{tmp_path / 'var' / 'x.db'}")
    with pytest.raises(NoDatabase, match=r"var/x\.db: run `biomed-ner db upgrade`"):
        create_and_fail(engine)
    assert list(tmp_path.iterdir()) == []


def test_its_files_are_for_one_user_alone(tmp_path: Path) -> None:
    """Whatever the umask: folders, the file and what SQLite lays beside it; older files too."""
    file = tmp_path / "var" / "here" / "x.db"
    before = os.umask(0)
    try:
        engine = made(file)
        with writing(engine) as connection:
            connection.execute(text("CREATE TABLE t (x INTEGER)"))
        assert modes(tmp_path / "var") == {"here": 0o700, "x.db": 0o600, **BESIDE}
        assert (tmp_path / "var").stat().st_mode & 0o777 == 0o700
        for one in file.parent.iterdir():
            one.chmod(0o644)
        make(f"sqlite:///{file}")
        assert modes(file.parent) == {"x.db": 0o600, **BESIDE}
    finally:
        os.umask(before)
        engine.dispose()


BESIDE = {"x.db-wal": 0o600, "x.db-shm": 0o600}


def modes(folder: Path) -> dict[str, int]:
    return {one.name: one.stat().st_mode & 0o777 for one in folder.rglob("*")}


def test_a_place_where_no_file_can_be_made_is_a_sentence(tmp_path: Path) -> None:
    """A folder that is a file is told as a wrong setting."""
    (tmp_path / "var").touch()
    with pytest.raises(WrongSettings, match=r"no database can be made at .*/var/x\.db"):
        make(f"sqlite:///{tmp_path / 'var' / 'x.db'}")
