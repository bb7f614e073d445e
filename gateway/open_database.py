"""The memory as the doors see it: one engine, its schema checked, and what can be asked of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Self

from migrations.commands import check
from models.db.audit.audit import Audit
from models.db.inbox.dead_letters import DeadLetters
from models.db.inbox.inbox import Inbox
from models.db.inbox.transaction import Transactions
from models.db.outbox.outbox import Outbox
from models.db.resources.resources import Resources
from models.db.sql.session import connect
from models.errors import BiomedError
from worker.settings import Settings


@dataclass(frozen=True, slots=True)
class Memory:
    """The parts of the memory that a door needs, over one engine."""

    inbox: Inbox
    resources: Resources
    audit: Audit
    outbox: Outbox
    transactions: Transactions
    dead_letters: DeadLetters
    close: Callable[[], None]

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """Connect to the database of the settings.

        Raises:
            NoDatabase, SchemaOutdated: `biomed-ner db upgrade` has not been run.
            SchemaNewer, WrongTenant: the database is not one for this process.
            DatabaseUnavailable: the database does not answer.
        """
        engine, tenant = connect(settings.database_url, settings.timeouts), settings.tenant
        try:
            check(engine, tenant)
        except BiomedError:
            engine.dispose()
            raise
        return cls(
            inbox=Inbox(engine),
            resources=Resources(engine, tenant=tenant),
            audit=Audit(engine, tenant=tenant),
            outbox=Outbox(engine, tenant=tenant),
            transactions=Transactions(engine, tenant=tenant),
            dead_letters=DeadLetters(engine, tenant=tenant),
            close=engine.dispose,
        )


@contextmanager
def opened(settings: Settings) -> Iterator[Memory]:
    """Give the memory of the settings for the length of a command; errors as `Memory.open`."""
    memory = Memory.open(settings)
    try:
        yield memory
    finally:
        memory.close()
