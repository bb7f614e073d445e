"""Finds the work that nobody rings for, and rings."""

import threading
from collections.abc import Sequence
from typing import Protocol

import structlog

from models.chunks import chunks
from models.errors import BiomedError, BrokerUnavailable, Unexpected
from worker.metrics.background import SweeperMetrics
from worker.settings import Settings
from worker.telemetry import described

PAGE = 6400
"""Rows that are marked in one transaction: a hundred full messages."""


class Inbox(Protocol):
    """The documents that wait."""

    def due(self, *, queued_for_seconds: float, limit: int, max_attempts: int) -> Sequence[int]:
        """Mark and return rows that should be rung for; fail those without an attempt left."""

    def not_rung(self, rows: Sequence[int], /) -> None:
        """Take the mark back from rows that could not be rung for."""


class Doorbell(Protocol):
    """What the sweeper rings."""

    def ring(self, rows: Sequence[int]) -> int:
        """Send the rows; return the number of messages."""

    def backlog(self) -> float:
        """Return for how many seconds the oldest message waits that the broker holds."""


class Sweeper:
    """Rings again for documents whose message was lost, whose worker died, or whose back-off ended.

    A message counts as lost when its document waits `queued_seconds` longer than the oldest message
    that the broker holds: messages are read in the order they came, so it would have been read.
    While a backlog grows nothing is rung twice, and in a queue that never empties a lost message is
    noticed when its place in the queue has passed. What a worker took and does not end counts as
    held for `queued_seconds`: the worker may be dead.
    """

    def __init__(
        self,
        inbox: Inbox,
        doorbell: Doorbell,
        settings: Settings,
        metrics: SweeperMetrics | None = None,
    ) -> None:
        self._metrics = metrics or SweeperMetrics()
        self._inbox = inbox
        self._doorbell = doorbell
        self._settings = settings

    def sweep(self) -> int:
        """Ring for everything that is due, and return how many documents that were.

        Raises:
            DatabaseUnavailable, BrokerUnavailable: the next sweep finds the same work.
        """
        longest = self._settings.queued_seconds + self._doorbell.backlog()
        swept = 0
        while rows := self._due(longest):
            self._ring(rows)
            swept += len(rows)
        return swept

    def _due(self, queued_for_seconds: float) -> Sequence[int]:
        return self._inbox.due(
            queued_for_seconds=queued_for_seconds,
            limit=PAGE,
            max_attempts=self._settings.max_attempts,
        )

    def _ring(self, rows: Sequence[int]) -> None:
        """Ring for marked rows; those that it cannot ring for are due again at once."""
        rung = 0
        try:
            for message in chunks(rows, self._settings.message_size):
                self._doorbell.ring(message)
                rung += len(message)
        except BrokerUnavailable:
            self._inbox.not_rung(rows[rung:])
            raise

    def run(self, stop: threading.Event) -> None:
        """Sweep at every interval until `stop` is set; whatever fails is logged and waited out."""
        while not stop.is_set():
            self._logged()
            stop.wait(self._settings.sweep_interval_seconds)

    def _logged(self) -> None:
        log = structlog.get_logger()
        try:
            if swept := self.sweep():
                log.info("sweep.rang", documents=swept)
            self._metrics.swept(swept)
        except BiomedError as error:
            self._metrics.failed(error.code)
            log.warning("sweep.failed", code=error.code)
        except Exception as error:  # noqa: BLE001 without a sweeper lost messages stay lost
            self._metrics.failed(Unexpected.code)
            log.error("sweep.failed", **described(error))  # noqa: TRY400 no traceback: it quotes
