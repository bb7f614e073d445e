"""Documents that were purged: known by a keyed hash of their names, so that they stay away."""

from collections.abc import Collection

from sqlalchemy import Connection, select

from models.db.audit_log.secrets import keyed, stored_secret
from models.db.sql.clock import FromNow
from models.db.sql.statements import insert_missing, portions
from models.db.tables.audit_log import purged
from models.errors import Purged

Name = tuple[str, str]
"""Tenant and key of a document."""


def bury(connection: Connection, names: Collection[Name]) -> None:
    """Note that documents were purged.

    Under the key in the database, whatever the settings say: a change of that setting must not
    bring the documents back.
    """
    rows = [{"name": name} for name in _hashed(connection, names)]
    if rows:
        insert = insert_missing(connection, purged).values(purged_at=FromNow())
        connection.execute(insert, rows)


def require_none(connection: Connection, names: Collection[Name]) -> None:
    """Make sure that none of the documents was purged.

    Raises:
        Purged: one was.
    """
    if connection.execute(select(purged.c.name).limit(1)).first() is None:
        return
    for some in portions(_hashed(connection, names)):
        if connection.execute(select(purged.c.name).where(purged.c.name.in_(some))).first():
            raise Purged


def _hashed(connection: Connection, names: Collection[Name]) -> list[str]:
    secret = stored_secret(connection)
    return [keyed(secret, *name) for name in names]
