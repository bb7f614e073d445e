"""Many messages in one transaction: what arrives while one is committed goes into the next."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from gateway.mllp.storing import Outcome, refused
from models.errors import StepFailed

MOST: Final = 64
"""Messages in one transaction."""

MOST_BYTES: Final = 16 * 1024 * 1024
WAITING: Final = 4 * MOST
"""Messages that wait to be stored; whoever brings another one waits."""

_Entry = tuple[bytes, asyncio.Future[Outcome]]


class GroupCommit:
    """Stores messages of all connections, in the order in which they come, in a thread of its own.

    A message's future is done when it is committed, or will never be.
    """

    def __init__(
        self,
        store: Callable[[Sequence[bytes]], Sequence[Outcome]],
        stored: Callable[[Sequence[Outcome]], object],
    ) -> None:
        self._store = store
        self._stored = stored
        self._queue: asyncio.Queue[_Entry] = asyncio.Queue(WAITING)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")

    async def add(self, data: bytes) -> asyncio.Future[Outcome]:
        """Let a message be stored; return what will be known of it. Waits while many wait."""
        future = asyncio.get_running_loop().create_future()
        await self._queue.put((data, future))
        return future

    async def run(self) -> None:
        """Store what comes, for ever."""
        first: _Entry | None = None
        while True:
            batch = [first or await self._queue.get()]
            first = self._fill(batch)
            await self._end([data for data, _ in batch], [future for _, future in batch])

    def _fill(self, batch: list[_Entry]) -> _Entry | None:
        """Add what waits; return what does not fit in."""
        size = len(batch[0][0])
        while len(batch) < MOST and not self._queue.empty():
            entry = self._queue.get_nowait()
            size += len(entry[0])
            if size > MOST_BYTES:
                return entry
            batch.append(entry)
        return None

    async def _end(
        self, batch: Sequence[bytes], futures: Sequence[asyncio.Future[Outcome]]
    ) -> None:
        loop = asyncio.get_running_loop()
        try:
            outcomes = await loop.run_in_executor(self._thread, self._store, batch)
        except Exception as error:  # noqa: BLE001 whatever it is, senders must hear of it
            failed = StepFailed(step="store", kind=type(error).__name__)
            outcomes = [refused(data, failed) for data in batch]
        for future, outcome in zip(futures, outcomes, strict=True):
            if not future.done():
                future.set_result(outcome)
        self._stored(outcomes)

    def close(self) -> None:
        """End the thread; what it has in hand is committed first."""
        self._thread.shutdown(wait=True)
