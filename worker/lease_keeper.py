"""Who keeps the leases of what is worked on: a heartbeat of this process, or its supervisor."""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol, Self

import structlog

from models.errors import BiomedError
from worker.lease_times import renewal_interval
from worker.memory_ports import Claim, Leases
from worker.settings import Settings


class Heartbeat:
    """Calls `extend` a few times in each lease until it is left, or until `longest` seconds passed.

    The limit is for work that never ends: its lease then expires and another worker gets the list.
    A beat that fails is logged and the next one tried; a lease lost by it is found at completion.
    """

    def __init__(self, extend: Callable[[], object], *, lease: float, longest: float) -> None:
        self._extend = extend
        self._interval = renewal_interval(lease)
        self._longest = longest
        self._left = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._left.set()
        self._thread.join()

    def _run(self) -> None:
        end = time.monotonic() + self._longest
        while not self._left.wait(self._interval) and time.monotonic() < end:
            self._beat()

    def _beat(self) -> None:
        try:
            self._extend()
        except BiomedError as error:
            structlog.get_logger().warning("heartbeat.failed", code=error.code)


class LeaseKeeper(Protocol):
    """Keeps the leases of claimed documents while they are read, up to a limit."""

    def reading(self, claims: Sequence[Claim], *, alone: bool) -> AbstractContextManager[object]:
        """Keep the leases of these, claimed together, until it is left.

        `alone` says that this process reads nothing else meanwhile.
        """


class HeartbeatLeaseKeeper:
    """Keeps leases by a thread of this process; a list that takes too long only loses its lease."""

    def __init__(self, leases: Leases, settings: Settings) -> None:
        self._leases = leases
        self._lease = settings.lease_seconds
        self._longest = settings.longest_seconds

    def reading(self, claims: Sequence[Claim], *, alone: bool) -> Heartbeat:
        """Keep the leases of these until it is left."""
        del alone
        token, rows = claims[0].token, [claim.row for claim in claims]
        return Heartbeat(
            lambda: self._leases.extend(token, rows, self._lease),
            lease=self._lease,
            longest=self._longest,
        )
