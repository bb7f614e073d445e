"""All tables of the memory, and whether a database has them as this code needs them."""

from typing import Final

from sqlalchemy import Connection, Engine, inspect, select, text

from models.db.sql.session import reading
from models.db.tables.audit_log import audit_key, audit_log, purged
from models.db.tables.dead_letters import dead_letter
from models.db.tables.messages import cancellation, message
from models.db.tables.outbox import outbox
from models.db.tables.provenances import provenance_reason, provenance_target
from models.db.tables.resources import resource
from models.db.tables.tenancy import tenancy
from models.errors import SchemaNewer, SchemaOutdated, WrongTenant

TABLES: Final = (
    *(resource, outbox, provenance_target, provenance_reason, tenancy),
    *(message, cancellation, dead_letter),
    *(audit_log, audit_key, purged),
)
"""The last tables: they and those they refer to are all there are, and all are registered here."""

metadata = resource.metadata
"""All tables."""

REVISION: Final = "0010"
"""The newest migration, on which this code works."""


def current(engine: Engine) -> str | None:
    """Return the revision of a database, None where it was never upgraded."""
    with reading(engine) as connection:
        return revision(connection)


def check(engine: Engine, tenant: str) -> None:
    """Make sure that a database has the schema of this code and is that of a tenant.

    Raises:
        SchemaOutdated: it has an older schema, or none.
        SchemaNewer: it has a schema that this code does not know.
        WrongTenant: it holds the data of another tenant.
        NoDatabase: there is no such file.
        DatabaseUnavailable: the database cannot be reached.
    """
    with reading(engine) as connection:
        found = revision(connection)
        require_known(found)
        if found != REVISION:
            raise SchemaOutdated(found=found or "nothing", wanted=REVISION)
        owner = connection.scalar(select(tenancy.c.tenant))
    if owner != tenant:
        raise WrongTenant(found=owner, wanted=tenant)


def require_known(found: str | None) -> None:
    """Raise SchemaNewer for a revision that this code does not know, so it cannot upgrade from."""
    if found and not (found.isdecimal() and int(found) <= int(REVISION)):
        raise SchemaNewer(found=found, wanted=REVISION)


def revision(connection: Connection) -> str | None:
    """Return the revision of a database, None where it was never upgraded."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found
