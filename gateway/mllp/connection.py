"""One connection: messages are read ahead in a window, and answered in their order.

Two coroutines share it. One reads, and hands each message on to be stored; the other waits for what
became of the oldest and writes its answer. Whatever a sender does, it holds the memory of a few
messages, and nobody else waits for it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Self, TypeVar

from gateway.mllp import reporting
from gateway.mllp.framing import Frame, Frames
from gateway.mllp.storing import Outcome, refused
from models.errors import BiomedError, CutOff, MessageTooLarge, SenderGaveUp, SenderTooSlow
from worker.metrics.measured import Stopwatch
from worker.metrics.mllp import MllpMetrics
from worker.settings import Settings

CHUNK: Final = 64 * 1024
LARGE: Final = 256 * 1024
"""Bytes; of larger messages only a few are taken in at once."""

TURN_SECONDS: Final = 5
"""In so many a sender with one of the turns brings a chunk, while all of them are taken."""

CLOSING_SECONDS: Final = 5

_BETWEEN_MESSAGES, _IDLE = "send a message", "BIOMED_MLLP_IDLE_SECONDS"
_GO_ON, _TURN = "go on with a large message", "while all turns of large ones are taken"
_WITHIN_ONE, _MESSAGE = "end a message", "BIOMED_MLLP_MESSAGE_SECONDS"

T = TypeVar("T")
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Store = Callable[[bytes], Awaitable[asyncio.Future[Outcome]]]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one connection may take: bytes, messages, seconds."""

    message_bytes: int
    window: int
    idle_seconds: float
    message_seconds: float
    patience_seconds: float

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return the limits of the settings."""
        return cls(
            message_bytes=settings.mllp_max_bytes,
            window=settings.mllp_window,
            idle_seconds=settings.mllp_idle_seconds,
            message_seconds=settings.mllp_message_seconds,
            patience_seconds=settings.mllp_patience_seconds,
        )


class Connection:
    """A sender's connection; `turns` is shared by all that take in large messages."""

    def __init__(
        self,
        streams: Streams,
        store: Store,
        limits: Limits,
        turns: asyncio.Semaphore,
        metrics: MllpMetrics,
    ) -> None:
        self._incoming = _Incoming(streams[0], limits, turns)
        self._writer = streams[1]
        self._store = store
        self._limits = limits
        self._metrics = metrics
        self._unanswered: asyncio.Queue[asyncio.Future[Outcome] | None]
        self._unanswered = asyncio.Queue(limits.window)
        self._in_hand = 0
        self._last_at = 0.0
        self._silent = False
        self._reading: asyncio.Task[BiomedError | None] | None = None

    async def run(self) -> BiomedError | None:
        """Take messages in until the sender ends; return why it was ended where it did not."""
        self._reading = asyncio.create_task(self._read())
        answering = asyncio.create_task(self._answer_all())
        try:
            either = [self._reading, answering]
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if not answering.done():
                await self._unanswered.put(None)
            await answering
            await self._close()
            return None if self._reading.cancelled() else self._reading.result()
        finally:
            self._reading.cancel()
            answering.cancel()
            self._writer.transport.abort()

    def stop(self) -> None:
        """Read no more; what was read is answered before the connection ends."""
        if self._reading is not None:
            self._reading.cancel()

    async def _read(self) -> BiomedError | None:
        """Read until the end; return why it was ours to make it."""
        try:
            while frames := await self._incoming.frames():
                for frame in frames:
                    await self._hand_on(frame)
        except SenderGaveUp as error:
            self._be_silent()
            return error
        except BiomedError as error:
            return error
        except OSError:
            return None
        finally:
            self._incoming.give_turn_back()
        return None

    async def _hand_on(self, frame: Frame) -> None:
        """Let a message be stored, or refuse it, and wait until there is room for its answer.

        Raises:
            SenderGaveUp: it did not wait for the answer to the last one.
        """
        loop = asyncio.get_running_loop()
        if self._in_hand and loop.time() - self._last_at > self._limits.patience_seconds:
            raise SenderGaveUp
        self._in_hand += 1
        if frame.complete:
            watch = Stopwatch()
            outcome = await self._store(frame.data)
            outcome.add_done_callback(lambda done: self._count(done, watch.seconds))
        else:
            outcome = loop.create_future()
            outcome.set_result(refused(frame.data, self._why_incomplete(frame)))
        self._incoming.give_turn_back(after=outcome)
        await self._unanswered.put(outcome)
        self._last_at = loop.time()

    def _why_incomplete(self, frame: Frame) -> BiomedError:
        if frame.cut_off:
            return CutOff()
        return MessageTooLarge(limit=self._limits.message_bytes)

    async def _answer_all(self) -> None:
        """Answer each message in its turn, as soon as it is known what became of it."""
        while (waiting := await self._unanswered.get()) is not None:
            outcome = await waiting
            reporting.answered(outcome, self._metrics)
            self._in_hand -= 1  # first, since who has the answer may send the next at once
            if outcome.answer and not self._silent:
                await self._write(outcome.answer)

    def _count(self, done: asyncio.Future[Outcome], seconds: float) -> None:
        if not done.cancelled():
            reporting.stored(done.result(), self._metrics, seconds)

    async def _write(self, answer: bytes) -> None:
        try:
            self._writer.write(Frame(answer).framed)
            async with asyncio.timeout(self._limits.message_seconds):
                await self._writer.drain()
        except (OSError, TimeoutError):
            self._be_silent()

    def _be_silent(self) -> None:
        """Answer nothing more, and hang up; what was read is stored all the same."""
        self._silent = True
        self._writer.transport.abort()

    async def _close(self) -> None:
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(CLOSING_SECONDS):
                self._writer.close()
                await self._writer.wait_closed()


class _Incoming:
    """What a sender sends, cut into frames, within its time and with its share of memory."""

    def __init__(
        self, reader: asyncio.StreamReader, limits: Limits, turns: asyncio.Semaphore
    ) -> None:
        self._reader = reader
        self._limits = limits
        self._turns = turns
        self._has_turn = False
        self._marked_at = 0.0
        self._marked_size = 0
        self._frames = Frames(limits.message_bytes)
        self._begun_at: float | None = None
        self._error: BiomedError | None = None

    async def frames(self) -> list[Frame]:
        """Return the next messages, as soon as there is one; none where the sender has ended.

        Raises:
            SenderTooSlow: a message, or the next one, does not come in time, or keeps others from
                sending theirs.
            NotFramed, MessageTooLarge: as `Frames.feed`.
        """
        found: list[Frame] = []
        while not found:
            if self._error is not None:
                raise self._error
            if self._frames.size > LARGE and not self._has_turn:
                await self._in_time(self._turns.acquire())
                self._has_turn = True
                self._mark()
            chunk = await self._in_time(self._more())
            if not chunk:
                break
            found = self._fed(chunk)
            self._clock(fresh=bool(found))
        return found

    async def _more(self) -> bytes:
        """Return what comes next.

        Raises:
            SenderTooSlow: it has a turn that others wait for, and does not go on.
        """
        while self._has_turn:
            self._require_progress()
            try:
                async with asyncio.timeout(TURN_SECONDS) as pause:
                    return await self._reader.read(CHUNK)
            except TimeoutError:
                if not pause.expired():
                    raise
        return await self._reader.read(CHUNK)

    def _require_progress(self) -> None:
        if asyncio.get_running_loop().time() - self._marked_at < TURN_SECONDS:
            return
        if self._turns.locked() and self._frames.size - self._marked_size < CHUNK:
            raise SenderTooSlow(what=_GO_ON, seconds=TURN_SECONDS, setting=_TURN)
        self._mark()

    def _mark(self) -> None:
        """Note when how much was there."""
        self._marked_at = asyncio.get_running_loop().time()
        self._marked_size = self._frames.size

    def _fed(self, chunk: bytes) -> list[Frame]:
        """Return the messages that end in a chunk; what is wrong behind them comes after them."""
        found: list[Frame] = []
        try:
            for frame in self._frames.feed(chunk):
                found.append(frame)  # noqa: PERF402 those before an error are kept
        except BiomedError as error:
            self._error = error
        return found

    def give_turn_back(self, after: asyncio.Future[Outcome] | None = None) -> None:
        """Let another large message come in, at once or after this one was stored."""
        if not self._has_turn:
            return
        self._has_turn = False
        if after is None:
            self._turns.release()
        else:
            after.add_done_callback(lambda _: self._turns.release())

    def _clock(self, *, fresh: bool) -> None:
        """Note when the message began of which a part is there."""
        if fresh or not self._frames.begun:
            self._begun_at = None
        if self._frames.begun and self._begun_at is None:
            self._begun_at = asyncio.get_running_loop().time()

    async def _in_time(self, work: Awaitable[T]) -> T:
        """Wait for work of the sender's.

        Raises:
            SenderTooSlow: it takes too long.
        """
        if self._begun_at is None:
            what, setting, seconds = _BETWEEN_MESSAGES, _IDLE, self._limits.idle_seconds
            begun_at = asyncio.get_running_loop().time()
        else:
            what, setting, seconds = _WITHIN_ONE, _MESSAGE, self._limits.message_seconds
            begun_at = self._begun_at
        try:
            async with asyncio.timeout_at(begun_at + seconds if seconds else None) as limit:
                return await work
        except TimeoutError:
            if not limit.expired():  # the line's own: the other side is gone
                raise
            raise SenderTooSlow(what=what, seconds=seconds, setting=setting) from None
