"""Locks of names, which need not be in any table; SQLite's writers take turns anyway."""

import hashlib
from collections.abc import Iterable

from sqlalchemy import BigInteger, Connection, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY


def lock(connection: Connection, names: Iterable[tuple[str, ...]], *, shared: bool = False) -> None:
    """Wait until no other transaction holds one of these names, and keep them until ours ends.

    Those who hold a name `shared` do not wait for one another.
    """
    if connection.dialect.name != "sqlite":
        # Always in one order, so that none waits for another in a circle.
        numbers = sorted({_number(name) for name in names})
        each = func.unnest(cast(numbers, ARRAY(BigInteger()))).column_valued("each")
        taken = func.pg_advisory_xact_lock_shared if shared else func.pg_advisory_xact_lock
        connection.execute(select(taken(each)))


def _number(name: tuple[str, ...]) -> int:
    digest = hashlib.sha256("\x1f".join(name).encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
