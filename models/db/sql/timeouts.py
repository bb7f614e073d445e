"""How long the database may keep us waiting."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds after which the database gives up, each by itself; 0 is never.

    `statement` is for one statement, `lock` for a lock that another transaction holds, `idle` for a
    transaction in which nothing happens. SQLite knows `lock` alone.
    """

    statement: float = 0
    lock: float = 0
    idle: float = 0
