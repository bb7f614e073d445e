"""Refusals as rows of the audit log: of one client's so many a second, the rest as a number."""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from gateway.access.admission import named
from gateway.access.rate_limits import MOST_CLIENTS, RateLimit
from models.audit_events import Event
from models.errors import TooManyRequests

_A_SECOND: Final = 1
_AT_ONCE: Final = 100


class Refusals:
    """Lets the refusals of each client be written, and counts those that come too fast.

    Of `most` clients the number is kept. That of the longest silent one is written when another
    client needs its place.
    """

    def __init__(self, limit: RateLimit | None = None, most: int = MOST_CLIENTS) -> None:
        self._limit = limit or RateLimit(_A_SECOND, _AT_ONCE)
        self._most = most
        self._unwritten: OrderedDict[str, tuple[Event, int]] = OrderedDict()

    def written(self, event: Event) -> Iterator[Event]:
        """Yield what is to be written of a refusal: it with the number of those before, or none."""
        client = named(event.agent)
        _, more = self._unwritten.pop(client, (event, 0))
        try:
            self._limit.take(client)
        except TooManyRequests:
            self._unwritten[client] = (event, more + 1)
            if len(self._unwritten) > self._most:
                _, (last, before) = self._unwritten.popitem(last=False)
                yield _with(last, before - 1)
        else:
            yield _with(event, more)


def _with(event: Event, more: int) -> Event:
    return replace(event, detail=f"{event.detail}, {more} more") if more else event
