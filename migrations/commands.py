"""What can be done with the schema.

Alembic's configuration is built here, so that an installed package needs no file beside it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from models.db.schema import check, current, metadata, require_known
from models.db.session import connect, reading, writing

__all__ = ["check", "current", "downgrade", "drift", "newest", "revise", "upgrade"]


def upgrade(url: str) -> None:
    """Bring the database at `url` to the newest schema; nothing happens where it is there already.

    Raises:
        DatabaseUnavailable: the database cannot be reached.
        SchemaNewer: its schema is one that this code does not know.
    """
    with _engine(url) as engine, writing(engine) as connection:
        require_known(MigrationContext.configure(connection).get_current_revision())
        command.upgrade(_config(connection), "head")


def downgrade(url: str, revision: str) -> None:
    """Take the database at `url` back to an older revision; data of younger tables is lost."""
    with _engine(url) as engine, writing(engine) as connection:
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
    try:
        yield engine
    finally:
        engine.dispose()


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    folder = str(Path(__file__).parent)
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
