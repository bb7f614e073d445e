"""The MLLP server: it listens, holds the connections and, when asked, ends them well."""

import asyncio
import resource
import socket
import ssl
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

import structlog

from gateway.intake import Intake
from gateway.mllp import reporting
from gateway.mllp.connection import Connection, Limits
from gateway.mllp.group_commit import GroupCommit
from gateway.mllp.ringing import Ringing
from gateway.mllp.storing import Outcome, Storing
from models.errors import BiomedError, Unexpected, WrongSettings
from worker.metrics.mllp import MllpMetrics
from worker.settings import Settings
from worker.starting import SIGNALS
from worker.telemetry import described

LARGE_AT_ONCE: Final = 8
"""Large messages that are taken in at once; each costs some four times its size."""

GRACE_SECONDS: Final = 10
BACKLOG: Final = 2048
HANDSHAKE_SECONDS: Final = 10
_OTHER_FILES: Final = 256


async def serve(
    settings: Settings, intake: Intake, door: socket.socket, metrics: MllpMetrics
) -> None:
    """Take messages in at a socket until SIGTERM or SIGINT; then answer what was read, and end.

    Raises:
        WrongSettings: the certificates cannot be used.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in SIGNALS:
        loop.add_signal_handler(number, stop.set)
    allow_files(settings.mllp_max_connections + _OTHER_FILES)
    server = Server(settings, intake, metrics)
    await server.start(door, tls(settings))
    structlog.get_logger().info("mllp.listening", address=door.getsockname()[:2])
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait([stopping, *server.tasks], return_when=asyncio.FIRST_COMPLETED)
    await server.end()
    for task in server.tasks:
        if not task.cancelled():
            task.result()  # it ended by an error that nobody foresaw, and so does the process


class Server:
    """The connections, and what all of them share."""

    def __init__(self, settings: Settings, intake: Intake, metrics: MllpMetrics) -> None:
        self._metrics = metrics
        self._limits = Limits.of(settings)
        self._most = settings.mllp_max_connections
        self._ringing = Ringing(intake)
        storing = Storing(intake, settings.tenant)
        self._commits = GroupCommit(storing.store, self._ring)
        self._turns = asyncio.Semaphore(LARGE_AT_ONCE)
        self._open: dict[Connection, asyncio.Task[None]] = {}
        self.tasks: list[asyncio.Task[None]] = []
        self._listening: asyncio.Server | None = None

    async def start(self, door: socket.socket, context: ssl.SSLContext | None) -> None:
        """Begin to listen."""
        self.tasks = [
            asyncio.create_task(self._commits.run()),
            asyncio.create_task(self._ringing.run()),
        ]
        self._listening = await asyncio.start_server(
            self._accept,
            sock=door,
            backlog=BACKLOG,
            ssl=context,
            ssl_handshake_timeout=HANDSHAKE_SECONDS if context else None,
        )

    async def end(self) -> None:
        """Read no more, answer what was read, and let everything go."""
        if self._listening is not None:
            self._listening.close()
        for connection in self._open:
            connection.stop()
        running = [*self._open.values()]
        if running:
            _, late = await asyncio.wait(running, timeout=GRACE_SECONDS)
            for task in late:
                task.cancel()
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*running, *self.tasks, return_exceptions=True)
        self._commits.close()
        self._ringing.close()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer = writer.get_extra_info("peername")
        if len(self._open) >= self._most:
            reporting.turned_away(peer, self._most)
            writer.transport.abort()
            return
        streams = (reader, writer)
        shared = self._commits.add, self._limits, self._turns, self._metrics
        connection = Connection(streams, *shared)
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 asyncio calls it as a task
        self._open[connection] = task
        reporting.opened(peer, len(self._open))
        error: BiomedError | None = None
        try:
            error = await connection.run()
        except Exception as unforeseen:  # noqa: BLE001 one connection never ends the others
            structlog.get_logger().error("connection.failed", **described(unforeseen))
            error = Unexpected(kind=type(unforeseen).__name__)
        finally:
            del self._open[connection]
            reporting.closed(peer, error, len(self._open), self._metrics)

    def _ring(self, outcomes: Sequence[Outcome]) -> None:
        receipts = (one.receipt.receipts for one in outcomes if one.receipt)
        self._ringing.add([receipt for some in receipts for receipt in some])


def tls(settings: Settings) -> ssl.SSLContext | None:
    """Return how connections are encrypted, None where they are not.

    Raises:
        WrongSettings: a file of a certificate, key or authority cannot be used.
    """
    certificate, authority = settings.mllp_tls_certificate, settings.mllp_tls_client_ca
    if certificate is None:
        if authority or settings.mllp_tls_key:
            raise WrongSettings(reason="BIOMED_MLLP_TLS_CERTIFICATE names no certificate")
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(certificate, settings.mllp_tls_key)
        if authority:
            context.load_verify_locations(authority)
            context.verify_mode = ssl.CERT_REQUIRED
    except OSError as error:  # of which what is wrong within a file is one
        reason = f"the certificates of BIOMED_MLLP_TLS_… cannot be used ({type(error).__name__})"
        raise WrongSettings(reason=reason) from None
    return context


def allow_files(wanted: int) -> None:
    """Let this process have so many files and connections, as far as the system does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    enough = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < enough:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (enough, hard))
