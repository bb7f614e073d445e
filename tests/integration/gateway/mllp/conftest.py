"""A listening MLLP server in a thread of the test, and a plain client."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from gateway.cli.process_commands import listener
from gateway.intake import Intake
from gateway.mllp.framing import Frame
from gateway.mllp.server import Server, tls
from models.db.inbox.inbox import Inbox
from worker.metrics.mllp import MllpMetrics
from worker.queue import Doorbell
from worker.settings import Settings

PATIENCE_SECONDS = 60


class Line:
    """A connection as a sender has it: bytes out, answers in."""

    def __init__(self, stream: socket.socket) -> None:
        self.stream = stream
        self._read = b""

    def send(self, *messages: bytes) -> None:
        self.stream.sendall(b"".join(Frame(one).framed for one in messages))

    def answer(self) -> str:
        """Return the next answer, empty where the server hung up."""
        while b"\x1c\r" not in self._read:
            try:
                more = self.stream.recv(65536)
            except ConnectionError:
                more = b""
            if not more:
                return ""
            self._read += more
        one, _, self._read = self._read.partition(b"\x1c\r")
        return one.removeprefix(b"\x0b").decode("latin-1")

    def ask(self, message: bytes) -> str:
        self.send(message)
        return self.answer()


def msa(answer: str) -> list[str]:
    """Return code and id of an answer: MSA-1 and MSA-2."""
    return answer.split("\r")[1].split("|")[1:3] if answer else []


class Running:
    """A server that listens in a thread; leaving ends it as SIGTERM does."""

    def __init__(self, settings: Settings, intake: Intake) -> None:
        self._settings = settings
        self._intake = intake
        self.metrics = MllpMetrics()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self.door = listener("127.0.0.1", 0)
        self.port = int(self.door.getsockname()[1])

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        server = Server(self._settings, self._intake, self.metrics)
        await server.start(self.door, tls(self._settings))
        self._ready.set()
        await self._stop.wait()
        await server.end()

    def start(self) -> None:
        self._thread.start()
        assert self._ready.wait(PATIENCE_SECONDS)

    def end(self) -> None:
        if self._loop and self._stop and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(PATIENCE_SECONDS)
        assert not self._thread.is_alive()

    @contextmanager
    def line(self, context: ssl.SSLContext | None = None) -> Iterator[Line]:
        """Give a connection."""
        with socket.create_connection(("127.0.0.1", self.port), PATIENCE_SECONDS) as plain:
            if context is None:
                yield Line(plain)
                return
            with context.wrap_socket(plain, server_hostname="localhost") as encrypted:
                yield Line(encrypted)


Serve = Callable[..., Running]


@pytest.fixture
def intake(inbox: Inbox, settings: Settings) -> Intake:
    return Intake(inbox, Doorbell(settings))


@pytest.fixture
def serve(settings: Settings, intake: Intake) -> Iterator[Serve]:
    """Starts servers, with other settings where they are given; ends them with the test."""
    started: list[Running] = []

    def start(own: Intake | None = None, **changes: object) -> Running:
        server = Running(settings.model_copy(update=changes), own or intake)
        server.start()
        started.append(server)
        return server

    yield start
    for one in started:
        one.end()
