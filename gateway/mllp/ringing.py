"""Ringing for what was stored, apart from the answers: a dead broker keeps no sender waiting."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import structlog

from gateway.intake import Intake
from models.db.inbox.inbox import Receipt
from models.errors import BiomedError

PAUSE_SECONDS: Final = 0.2
"""Between two rings, so that many documents share one, and the database has few transactions."""


class Ringing:
    """Rings for documents, all together that came meanwhile; what it misses the sweeper finds."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._waiting: list[Receipt] = []
        self._some = asyncio.Event()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ring")

    def add(self, receipts: Sequence[Receipt]) -> None:
        """Let documents be rung for."""
        self._waiting += [one for one in receipts if one.created]
        if self._waiting:
            self._some.set()

    async def run(self) -> None:
        """Ring, for ever."""
        loop = asyncio.get_running_loop()
        while True:
            await self._some.wait()
            await loop.run_in_executor(self._thread, self._ring, self._taken())
            await asyncio.sleep(PAUSE_SECONDS)

    def _taken(self) -> Sequence[Receipt]:
        taken, self._waiting = self._waiting, []
        self._some.clear()
        return taken

    def _ring(self, receipts: Sequence[Receipt]) -> None:
        try:
            self._intake.ring(receipts)
        except BiomedError as error:
            structlog.get_logger().warning("ring.failed", code=error.code)

    def close(self) -> None:
        """Ring for what is left, and end."""
        self._thread.submit(self._ring, self._taken())
        self._thread.shutdown(wait=True)
