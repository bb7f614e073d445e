"""Who keeps the leases of what is being read, and for how long at most."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from worker.heartbeat import Heartbeat
from worker.ports import Claim, Leases
from worker.settings import Settings


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
