"""Transactions that store what comes in, and their turn with a purge."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, text

from models.db.sql.session import writing


@contextmanager
def storing(engine: Engine) -> Iterator[Connection]:
    """Give a transaction, as `writing`, in which no purge is under way; the next one waits for it.

    The table of documents is held before anything else: who held a name or a row already, and
    waited for the table behind a purge, could be waited for by who holds the table. SQLite's
    writers take turns anyway.
    """
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("LOCK TABLE document IN ROW EXCLUSIVE MODE"))
        yield connection
