"""The lists that a reading process has in flight, as its supervisor knows them."""

from collections.abc import Iterable
from dataclasses import dataclass

from worker.in_hand_pipe import Begun, Ended, Report
from worker.lease_times import is_suspect, is_too_long, renewal_interval


@dataclass(slots=True)
class InFlight:
    """A list, and when it was begun and its lease renewed last, in seconds of one clock."""

    token: str
    rows: tuple[int, ...]
    alone: bool
    begun: float
    renewed: float


class InFlightLists:
    """All lists in flight; `limit` and `lease` are seconds."""

    def __init__(self, *, limit: float, lease: float) -> None:
        self._limit = limit
        self._interval = renewal_interval(lease)
        self._lists: dict[str, InFlight] = {}

    def hear(self, reports: Iterable[Report], now: float) -> None:
        """Take note of what began and ended."""
        for report in reports:
            if isinstance(report, Begun):
                begun = InFlight(report.token, report.rows, report.alone, now, now)
                self._lists[report.token] = begun
            elif isinstance(report, Ended):
                self._lists.pop(report.token, None)

    def all(self) -> list[InFlight]:
        """Return all lists."""
        return list(self._lists.values())

    @property
    def documents(self) -> int:
        """How many documents are in flight."""
        return sum(len(one.rows) for one in self._lists.values())

    def to_renew(self, now: float) -> list[InFlight]:
        """Return the lists whose leases are to be renewed, noted as renewed now."""
        found = [one for one in self.all() if now - one.renewed >= self._interval]
        for one in found:
            one.renewed = now
        return found

    def overdue(self, now: float) -> bool:
        """Whether a list takes too long."""
        return any(is_too_long(now - one.begun, self._limit) for one in self.all())

    def suspects(self, now: float) -> list[InFlight]:
        """Return the lists that may hold up the process: those begun long ago."""
        return [one for one in self.all() if is_suspect(now - one.begun, self._limit)]

    def seconds_until_due(self, now: float) -> float | None:
        """Return the seconds until something is due; None while nothing is in hand."""
        moments = [min(one.renewed + self._interval, one.begun + self._limit) for one in self.all()]
        return max(0.0, min(moments) - now) if moments else None
