"""How much waits in the inbox, for those who watch it: bounded counts, along one index."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Select, func, select

from models.db.sql.counting import at_most, oldest, seconds_since
from models.db.tables.documents import DONE, FAILED, QUEUED, RECEIVED, STATES, document

MOST: Final = 10_000
"""Rows of one state that are counted; more are as many."""

LATEST_FAILED: Final = 1000
"""Failed documents whose codes are counted: the latest of them."""

COUNTED: Final = tuple(state for state in STATES if state != DONE)
"""States whose documents do not grow in number for ever; those that are done workers count."""


@dataclass(frozen=True, slots=True)
class InboxLoad:
    """Documents by state, at most `MOST` each, and how long the oldest waits that may be read.

    `failures` are the latest failed documents by error code.
    """

    documents: Mapping[str, int]
    oldest_seconds: float
    failures: Mapping[str, int]


def measured(connection: Connection) -> InboxLoad:
    """Return what the inbox holds now."""
    state, time = document.c.state, document.c.available_at
    numbers = {one: at_most(document.c.id, state == one, time, MOST) for one in COUNTED}
    return InboxLoad(
        documents={one: connection.scalars(query).one() for one, query in numbers.items()},
        oldest_seconds=seconds_since(
            connection, *(oldest(state == one, time) for one in (RECEIVED, QUEUED))
        ),
        failures={row[0]: row[1] for row in connection.execute(failures())},
    )


def failures() -> Select[str, int]:
    """Return the query for the error codes of the latest failed documents."""
    latest = (
        select(document.c.error_code)
        .where(document.c.state == FAILED)
        .order_by(document.c.available_at.desc())
        .limit(LATEST_FAILED)
        .subquery()
    )
    return select(latest.c.error_code, func.count()).group_by(latest.c.error_code)
