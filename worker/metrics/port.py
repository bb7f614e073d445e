"""A port that answers `GET /metrics` and nothing else, for processes that answer nobody else."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, Final

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from models.errors import MetricsCannotListen
from worker.settings import Settings

PATH: Final = "/metrics"
PATIENCE_SECONDS: Final = 5


class MetricsPort:
    """Listens from the beginning, answers from `start` on; one request at a time.

    Without BIOMED_METRICS_PORT it does neither.

    Raises:
        MetricsCannotListen: another process has the port, or the host has no such address.
    """

    def __init__(self, settings: Settings, registry: CollectorRegistry) -> None:
        self._server: HTTPServer | None = None
        if settings.metrics_port is not None:
            self._server = server(settings.metrics_host, settings.metrics_port, registry)

    @property
    def port(self) -> int | None:
        """The port it listens at."""
        return self._server.server_port if self._server else None

    def start(self) -> None:
        """Answer from now on, in a thread of its own."""
        if self._server:
            threading.Thread(target=self._server.serve_forever, name="metrics", daemon=True).start()

    def close(self) -> None:
        """Answer no more."""
        if self._server:
            self._server.shutdown()
            self._server.server_close()

    def abandon(self) -> None:
        """Close it in a process that was forked from the one that answers."""
        if self._server:
            self._server.server_close()


@contextmanager
def answering(settings: Settings, registry: CollectorRegistry) -> Iterator[None]:
    """Answer for as long as the work goes on; errors as `MetricsPort`."""
    port = MetricsPort(settings, registry)
    port.start()
    try:
        yield
    finally:
        port.close()


def server(host: str, port: int, registry: CollectorRegistry) -> HTTPServer:
    """Return a server that listens."""
    try:
        return MetricsServer((host, port), partial(MetricsHandler, registry))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise MetricsCannotListen(host=host, port=port, reason=reason) from None


class MetricsServer(HTTPServer):
    """One request at a time: whoever asks twice at once waits."""

    def server_bind(self) -> None:
        """Bind, without asking the name service who we are, as HTTPServer does."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]  # type: ignore[assignment]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: whoever asked has gone."""


class MetricsHandler(BaseHTTPRequestHandler):
    """Answers one request."""

    timeout = PATIENCE_SECONDS

    def __init__(self, registry: CollectorRegistry, *request: Any) -> None:
        self._registry = registry
        super().__init__(*request)

    def do_GET(self) -> None:
        """Answer with all metrics, or that there is no such path."""
        if self.path.partition("?")[0] != PATH:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        body = generate_latest(self._registry)
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", CONTENT_TYPE_LATEST)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Log nothing: what was asked for is anybody's word."""
