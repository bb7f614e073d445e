"""How much one client may send: a bucket of tokens that fills up again, in this process alone."""

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from models.errors import TooManyRequests

MOST_CLIENTS: Final = 10_000
"""How many clients are remembered: the longest silent one is forgotten for a new one."""


class RateLimit:
    """Lets each client make `per_second` requests a second, and `burst` of them at once.

    Several web processes each count for themselves: the limit is of the process, not of the site.
    """

    def __init__(
        self, per_second: float, burst: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._per_second = per_second
        self._burst = burst
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, client: str) -> None:
        """Count one request of a client.

        Raises:
            TooManyRequests: it has to wait, and for how many seconds.
        """
        with self._lock:
            now = self._clock()
            left, since = self._buckets.pop(client, (float(self._burst), now))
            left = min(self._burst, left + (now - since) * self._per_second)
            allowed = left >= 1
            self._buckets[client] = (left - 1 if allowed else left, now)
            if len(self._buckets) > MOST_CLIENTS:
                self._buckets.popitem(last=False)
        if not allowed:
            raise TooManyRequests(seconds=math.ceil((1 - left) / self._per_second))
