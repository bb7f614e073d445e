"""The memory as the doors see it: one engine, its schema checked, and what can be asked of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Self

from models.db.audit.audit import Audit
from models.db.audit_log.audit_log import AuditLog
from models.db.inbox.dead_letters import DeadLetters
from models.db.inbox.inbox import Inbox
from models.db.inbox.transaction import Transactions
from models.db.outbox.outbox import Outbox
from models.db.resources.resources import Resources
from models.db.schema import check
from models.db.sql.session import connect
from models.errors import BiomedError
from worker.settings import Settings


@dataclass(frozen=True, slots=True)
class Memory:
    """The parts of the memory that a door needs, over one engine.

    `check` makes sure that the database answers and has our schema and tenant, as `open` does.
    """

    inbox: Inbox
    resources: Resources
    audit: Audit
    audit_log: AuditLog
    outbox: Outbox
    transactions: Transactions
    dead_letters: DeadLetters
    check: Callable[[], None]
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
        checked = partial(check, engine, tenant)
        try:
            checked()
        except BiomedError:
            engine.dispose()
            raise
        return cls(
            inbox=Inbox(engine, settings.signature),
            resources=Resources(engine, tenant=tenant),
            audit=Audit(engine, tenant=tenant),
            audit_log=AuditLog(engine, settings.signature.secret),
            outbox=Outbox(engine, tenant=tenant),
            transactions=Transactions(engine, tenant=tenant),
            dead_letters=DeadLetters(engine, tenant=tenant),
            check=checked,
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
