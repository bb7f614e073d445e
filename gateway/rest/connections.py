"""Connections that are held and say nothing: closed after a while, and only so many at once."""

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol


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
