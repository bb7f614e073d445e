"""How much a client may send and how long it may take: bodies, their turn, silent connections."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import Request
from uvicorn.protocols.http.h11_impl import H11Protocol

from models.errors import Busy, InputTooLarge, SlowBody
from worker.settings import Settings

LARGE = 1024 * 1024
"""Bytes; a larger body waits for its turn, since what is made of it takes many times its size."""


class Bodies:
    """Takes bodies in: small ones as they come, large ones one at a time."""

    def __init__(self, settings: Settings) -> None:
        self._limit = settings.max_body_bytes
        self._seconds = settings.body_seconds
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def of(self, request: Request) -> AsyncIterator[bytes]:
        """Give the body of a request; the turn of a large one ends with the context.

        Raises:
            InputTooLarge: the body is, or says it is, larger than allowed.
            SlowBody: it did not arrive in time.
            Busy: its turn did not come in time.
        """
        declared = request.headers.get("content-length", "0")
        if declared.isdecimal() and int(declared) > self._limit:
            raise InputTooLarge(limit=self._limit)
        async with AsyncExitStack() as turn:
            yield await self._read(request, turn)

    async def _read(self, request: Request, turn: AsyncExitStack) -> bytes:
        body, chunks = bytearray(), request.stream()
        await self._fill(body, chunks, min(LARGE, self._limit))
        if len(body) > LARGE:
            await self._wait(turn)
            await self._fill(body, chunks, self._limit)
        if len(body) > self._limit:
            raise InputTooLarge(limit=self._limit)
        return bytes(body)

    async def _fill(self, body: bytearray, chunks: AsyncIterator[bytes], most: int) -> None:
        """Read until the body has ended or is longer than `most`, whatever its header says."""
        try:
            async with asyncio.timeout(self._seconds):
                while len(body) <= most and (chunk := await anext(chunks, None)) is not None:
                    body += chunk
        except TimeoutError:
            raise SlowBody(seconds=self._seconds) from None

    async def _wait(self, turn: AsyncExitStack) -> None:
        try:
            async with asyncio.timeout(self._seconds):
                await turn.enter_async_context(self._turn)
        except TimeoutError:
            raise Busy from None


class ImpatientProtocol(H11Protocol):
    """HTTP over one connection, closed when the head of a request takes more than `seconds`.

    uvicorn itself waits for ever for the first request, and for one that has begun. Bodies have
    their own limit in `Bodies`.
    """

    seconds: float
    _end: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Take in a part of a request, and stop the clock where its head is complete."""
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clock."""
        super().connection_lost(exc)
        self._stop()

    def _watch(self) -> None:
        if not self._waits():
            self._stop()
        elif self._end is None:
            self._end = self.loop.call_later(self.seconds, self._close)

    def _waits(self) -> bool:
        cycle: object = self.cycle
        return cycle is None or self.cycle.response_complete

    def _stop(self) -> None:
        if self._end is not None:
            self._end.cancel()
            self._end = None

    def _close(self) -> None:
        if self._waits():
            self.transport.close()


def impatient(seconds: float) -> type[ImpatientProtocol]:
    """Return the protocol that gives the head of a request so many seconds."""
    return type("ImpatientProtocol", (ImpatientProtocol,), {"seconds": seconds})
