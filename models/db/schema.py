"""All tables of the memory, and whether a database has them as this code needs them."""

from typing import Final

from sqlalchemy import Engine, inspect, text

from models.db.session import reading
from models.db.tables.outbox import outbox
from models.db.tables.provenances import provenance_reason, provenance_target
from models.db.tables.resources import resource
from models.errors import SchemaOutdated

TABLES: Final = (resource, outbox, provenance_target, provenance_reason)
"""The last tables: they and those they refer to are all there are, and all are registered here."""

metadata = resource.metadata
"""All tables."""

REVISION: Final = "0006"
"""The newest migration, on which this code works."""


def current(engine: Engine) -> str | None:
    """Return the revision of a database, None where it was never upgraded."""
    with reading(engine) as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return found


def check(engine: Engine) -> None:
    """Make sure that a database has the schema of this code.

    Raises:
        SchemaOutdated: it has another one, or none.
        DatabaseUnavailable: the database cannot be reached.
    """
    found = current(engine)
    if found != REVISION:
        raise SchemaOutdated(found=found or "nothing", wanted=REVISION)
