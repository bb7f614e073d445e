"""GET /metrics, and what is counted of each request: the template of its route, never its path."""

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import Final

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.rest.addressing import METRICS
from gateway.rest.noted_errors import noted_error
from models.db.inbox.inbox import Receipt
from models.errors import Unexpected
from worker.metrics.labels import OTHER
from worker.metrics.measured import Stopwatch
from worker.metrics.server import ServerMetrics

FAILED: Final = 500

_BEGUN: ContextVar[Stopwatch] = ContextVar("begun")
"""Since when the request is served that the running code belongs to."""


class Measuring:
    """ASGI middleware that counts requests, around the routes and their handlers of errors."""

    def __init__(self, app: ASGIApp, metrics: ServerMetrics) -> None:
        self.app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope.setdefault("state", {})  # shared with the routes, which note errors there
        exchange = Measured(scope, send, self._metrics)
        begun = _BEGUN.set(exchange.watch)
        try:
            await self.app(scope, receive, exchange.send)
        except Exception:
            self._metrics.failed(Unexpected.code)
            raise
        finally:
            _BEGUN.reset(begun)
            exchange.end()


class Measured:
    """One request, counted when its answer has gone: what follows keeps no client waiting."""

    def __init__(self, scope: Scope, send: Send, metrics: ServerMetrics) -> None:
        self.watch = Stopwatch()
        self._scope, self._send, self._metrics = scope, send, metrics
        self._status = FAILED
        self._counted = False

    async def send(self, message: Message) -> None:
        """Send one part of the answer."""
        if message["type"] == "http.response.start":
            self._status = message["status"]
        await self._send(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            self.end()

    def end(self) -> None:
        """Count the request, once."""
        if self._counted:
            return
        self._counted = True
        method, route = self._scope["method"], template(self._scope)
        self._metrics.answered(method, route, self._status, self.watch.seconds)
        if code := noted_error(self._scope):
            self._metrics.failed(code)


def template(scope: Scope) -> str:
    """Return the path of the route that took a request, as `/fhir/Condition/{id}`.

    FastAPI keeps the one with the prefixes of its routers beside the route's own.
    """
    whole = scope.get("fastapi", {}).get("effective_route_context")
    return str(getattr(whole or scope.get("route"), "path", OTHER))


def on_stored(metrics: ServerMetrics) -> Callable[[Sequence[Receipt]], None]:
    """Return what counts the documents that a request brought, when they are stored."""

    def count(receipts: Sequence[Receipt]) -> None:
        new = sum(receipt.created for receipt in receipts)
        metrics.documents.stored(new, _BEGUN.get().seconds)

    return count


def metrics_route(metrics: ServerMetrics) -> APIRouter:
    """Return the route that tells the metrics."""
    router = APIRouter(include_in_schema=False)

    @router.get(METRICS)
    def told() -> Response:
        return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)

    return router
