"""Reading the body of a request: no more of it than allowed, not for ever, and not many at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import Request

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
