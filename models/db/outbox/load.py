"""How much is yet to be delivered, for those who watch it: bounded counts, along one index."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, and_

from models.db.inbox.load import MOST
from models.db.sql.counting import at_most, oldest, seconds_since
from models.db.tables.outbox import DELIVERED, STATES, WAITING, outbox

COUNTED: Final = tuple(state for state in STATES if state != DELIVERED)
"""States whose resources do not grow in number for ever; deliverers count the delivered."""


@dataclass(frozen=True, slots=True)
class OutboxLoad:
    """Resources by state, at most `MOST` each, and how long the oldest waits that may be sent."""

    resources: Mapping[str, int]
    oldest_seconds: float


def measured(connection: Connection, tenant: str) -> OutboxLoad:
    """Return what the outbox holds now."""
    time = outbox.c.available_at
    of = {one: and_(outbox.c.tenant == tenant, outbox.c.state == one) for one in COUNTED}
    numbers = {one: at_most(outbox.c.id, where, time, MOST) for one, where in of.items()}
    return OutboxLoad(
        resources={one: connection.scalars(query).one() for one, query in numbers.items()},
        oldest_seconds=seconds_since(connection, oldest(of[WAITING], time)),
    )
