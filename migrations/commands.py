"""Changing the schema: upgrade, downgrade, the next migration. `models.db.schema` checks it.

Alembic's configuration is built here, so that an installed package needs no file beside it.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, event

from models.db.schema import check, current, metadata, require_known, revision
from models.db.sql.session import connect, make, reading, writing
from models.errors import DatabaseRefused


def upgrade(url: str, tenant: str = "default") -> None:
    """Bring the database at `url` to the newest schema; nothing happens where it is there already.

    A new database is made for this user alone, and is the tenant's from then on.

    Raises:
        SchemaNewer: this code does not know the schema; nothing is changed.
        SeveralTenants: the database holds more than one tenant; nothing is changed.
        WrongTenant: the database is another tenant's.
        DatabaseUnavailable: the database cannot be reached.
    """
    make(url)
    with _engine(url) as engine:
        require_known(current(engine))
        with _migrating(engine) as connection:
            command.upgrade(_config(connection, tenant), "head")
        check(engine, tenant)


def downgrade(url: str, revision: str) -> None:
    """Take the database at `url` back to an older revision; data of younger tables is lost."""
    with _engine(url) as engine, _migrating(engine) as connection:
        command.downgrade(_config(connection), revision)


def revise(url: str, message: str) -> None:
    """Write the next migration from what differs between the tables and the database at `url`."""
    with _engine(url) as engine, writing(engine) as connection:
        command.revision(_config(connection), message, autogenerate=True)


def newest() -> str:
    """Return the newest revision there is a migration for."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def drift(engine: Engine) -> list[object]:
    """Return what differs between a migrated database and the tables in `models.db.tables`."""
    with reading(engine) as connection:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))


@contextmanager
def _engine(url: str) -> Iterator[Engine]:
    engine = connect(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _without_foreign_keys)
    try:
        yield engine
    finally:
        engine.dispose()


def _without_foreign_keys(connection: sqlite3.Connection, _record: object) -> None:
    # A table that is made anew is away for a moment; within a transaction this cannot be said.
    connection.execute("PRAGMA foreign_keys = OFF")


@contextmanager
def _migrating(engine: Engine) -> Iterator[Connection]:
    """Give a transaction; where it changed the schema of SQLite, all references have to hold.

    Raises:
        DatabaseRefused: a row refers to one that is not there; nothing is changed.
    """
    before = current(engine)
    with writing(engine) as connection:
        yield connection
        if engine.dialect.name == "sqlite" and revision(connection) != before:
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
            if broken:
                raise DatabaseRefused(kind=f"references of {broken[0]} would be broken")


def _config(connection: Connection | None = None, tenant: str | None = None) -> Config:
    config = Config()
    folder = str(Path(__file__).parent)
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes.update(connection=connection, tenant=tenant)
    return config
