"""Keyed hashes: the same patient is the same word, and nobody without the key can guess whose.

HMAC-SHA256 (RFC 2104). Without a key of one's own the one is used that the first migration of the
log drew at random; it lies in the same database.
"""

import hashlib
import hmac

from sqlalchemy import Connection, select

from models.db.tables.audit_log import audit_key
from models.errors import DatabaseRefused


def stored_secret(connection: Connection) -> str:
    """Return the key that lies in the database.

    Raises:
        DatabaseRefused: somebody took it away.
    """
    found = connection.scalar(select(audit_key.c.secret))
    if found is None:
        raise DatabaseRefused(kind="the key of the audit log is gone")
    return str(found)


def keyed(secret: str, *parts: str) -> str:
    """Return the keyed hash of some words, in hexadecimal."""
    return hmac.new(secret.encode(), "\x1f".join(parts).encode(), hashlib.sha256).hexdigest()
