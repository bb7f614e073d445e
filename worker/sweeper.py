"""Finds the work that nobody rings for, and rings."""

import threading
from collections.abc import Sequence
from typing import Protocol

import structlog

from models.errors import BiomedError
from worker.settings import Settings

PAGE = 6400
"""Rows that are marked in one transaction: a hundred full messages."""


class Inbox(Protocol):
    """The documents that wait."""

    def due(self, *, queued_for_seconds: int, limit: int, max_attempts: int) -> Sequence[int]:
        """Mark and return rows that should be rung for; fail those without an attempt left."""


class Doorbell(Protocol):
    """What the sweeper rings."""

    def ring(self, rows: Sequence[int]) -> int:
        """Send the rows; return the number of messages."""


class Sweeper:
    """Rings again for documents whose message was lost, whose worker died, or whose pause ended."""

    def __init__(self, inbox: Inbox, doorbell: Doorbell, settings: Settings) -> None:
        self._inbox = inbox
        self._doorbell = doorbell
        self._settings = settings

    def sweep(self) -> int:
        """Ring for everything that is due, and return how many documents that were.

        Raises:
            DatabaseUnavailable, BrokerUnavailable: the next sweep finds the same work.
        """
        swept = 0
        while rows := self._due():
            self._doorbell.ring(rows)
            swept += len(rows)
        return swept

    def _due(self) -> Sequence[int]:
        return self._inbox.due(
            queued_for_seconds=self._settings.queued_seconds,
            limit=PAGE,
            max_attempts=self._settings.max_attempts,
        )

    def run(self, stop: threading.Event) -> None:
        """Sweep at every interval until `stop` is set; an outage is logged and waited out."""
        log = structlog.get_logger()
        while not stop.is_set():
            try:
                if swept := self.sweep():
                    log.info("sweep.rang", documents=swept)
            except BiomedError as error:
                log.warning("sweep.failed", code=error.code)
            stop.wait(self._settings.sweep_interval_seconds)
