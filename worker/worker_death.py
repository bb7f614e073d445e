"""What a dead, hung or stopped reading process had in hand: given back, with a lapse or without."""

from collections.abc import Sequence

import structlog

from models.db.inbox.attempts import Cost
from models.errors import BiomedError, ReaderStopped, ReadingTookTooLong, WorkerDied
from worker.backoff import backoff
from worker.in_flight import InFlight
from worker.memory_ports import ClaimedDocuments
from worker.settings import Settings


class Recovery:
    """Gives documents back to the inbox; another lease than the one they were read under is left.

    Where the database does not answer they stay as they are until their lease runs out.
    """

    def __init__(self, inbox: ClaimedDocuments, settings: Settings) -> None:
        self._inbox = inbox
        self._limit = settings.reading_seconds
        self._delay = backoff(settings.retry_seconds, 1)

    def stopped(self, lists: Sequence[InFlight]) -> None:
        """Give back what a process had that was asked to stop; it costs nothing."""
        for one in lists:
            self._release(one, ReaderStopped(), "nothing")

    def died(self, lists: Sequence[InFlight], how: str) -> None:
        """Give back what a process had that died: any of it may be why, and is read alone next."""
        if lists:
            structlog.get_logger().error("worker.died", how=how, rows=rows(lists))
        for one in lists:
            self._release(one, WorkerDied(how=how), "lapse")

    def too_long(self, lists: Sequence[InFlight], suspects: Sequence[InFlight]) -> None:
        """Give back what a process had that took too long.

        A suspect that was read alone is failed, another one is read alone next; the rest goes back
        as it came.
        """
        error = ReadingTookTooLong(seconds=self._limit)
        structlog.get_logger().error("reading.too_long", rows=rows(suspects))
        for one in lists:
            if one not in suspects:
                self._release(one, ReaderStopped(), "nothing")
            elif one.alone:
                self._fail(one, error)
            else:
                self._release(one, error, "lapse")

    def _fail(self, one: InFlight, error: BiomedError) -> None:
        try:
            for row in one.rows:
                self._inbox.fail(one.token, row, code=error.code, reason=str(error), unread=())
        except BiomedError as failure:
            structlog.get_logger().warning("return.failed", code=failure.code)

    def _release(self, one: InFlight, error: BiomedError, cost: Cost) -> None:
        delay = 0 if cost == "nothing" else self._delay
        try:
            for row in one.rows:
                self._inbox.release(
                    one.token,
                    row,
                    code=error.code,
                    reason=str(error),
                    delay_seconds=delay,
                    cost=cost,
                )
        except BiomedError as failure:
            structlog.get_logger().warning("return.failed", code=failure.code)


def rows(lists: Sequence[InFlight]) -> list[int]:
    """Return the rows of lists."""
    return [row for one in lists for row in one.rows]
