"""What holds for every answer: its headers, and that a failure tells nothing of a patient."""

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.rest.errors import answer
from models.errors import Unexpected
from worker.telemetry import described

HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class ResponseMiddleware:
    """ASGI middleware around the whole application."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        await self._serve(scope, Exchange(scope, receive, send))

    async def _serve(self, scope: Scope, exchange: "Exchange") -> None:
        # HEAD is answered like GET, and the exchange leaves the body out.
        asked = {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope
        try:
            await self.app(asked, exchange.receive, exchange.send)
        except Exception as error:  # noqa: BLE001 the last place where one can be caught
            log = structlog.get_logger()
            log.error("request.failed", **described(error))  # noqa: TRY400 a traceback quotes
            if not exchange.answered:
                failed = answer(Unexpected(kind=type(error).__name__))
                await failed(scope, exchange.receive, exchange.send)


class Exchange:
    """One request and its answer, which gets our headers.

    A request that is answered before its body has ended is the connection's last: the server would
    go on to read whatever is sent, without an end.
    """

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        self._receive = receive
        self._send = send
        self._bodiless = scope["method"] == "HEAD"
        self._unread = "transfer-encoding" in headers or headers.get("content-length", "0") != "0"
        self.answered = False

    async def receive(self) -> Message:
        """Return the next part of the request."""
        message = await self._receive()
        self._unread = self._unread and bool(message.get("more_body"))
        return message

    async def send(self, message: Message) -> None:
        """Send one part of the answer."""
        if message["type"] == "http.response.start":
            self.answered = True
            closing = {"Connection": "close"} if self._unread else {}
            headers = MutableHeaders(scope=message)
            headers.update({**HEADERS, **closing})
            if "GET" in headers.get("allow", ""):
                headers["Allow"] = f"{headers['Allow']}, HEAD"
        elif self._bodiless:
            message = {**message, "body": b""}
        await self._send(message)
