"""The GET entries of a batch, each answered as the server answers it alone."""

from collections.abc import MutableMapping
from typing import Any
from urllib.parse import unquote

from fastapi import Request

from fhir_mapping.exchange.incoming_batch import ReadRequest
from gateway.rest.access import FOR_A_CLIENT
from gateway.rest.audit_trail import WITHIN, notes_of, principal_of

OF_THE_BATCH = (b"content-", b"transfer-", b"expect", b"accept", b"if-")
"""Beginnings of headers that are of the batch and not of what its entries ask for."""


class Answer:
    """What the server says to one request; it is the ASGI channel of that request."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: dict[bytes, bytes] = {}
        self.body = bytearray()

    async def receive(self) -> MutableMapping[str, Any]:
        """Return the request's body, which is empty."""
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(self, message: MutableMapping[str, Any]) -> None:
        """Keep one part of the answer."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.lower(): value for name, value in message["headers"]}
        else:
            self.body += message.get("body", b"")


async def ask(request: Request, inquiry: ReadRequest) -> Answer:
    """Return what the server answers to an entry of the batch that `request` is."""
    answer = Answer()
    await request.app(scope(request, inquiry), answer.receive, answer.send)
    return answer


def scope(request: Request, inquiry: ReadRequest) -> dict[str, Any]:
    """Return the ASGI scope of a GET below the base, by whoever sent the batch."""
    known = ("type", "asgi", "http_version", "scheme", "server", "client", "root_path")
    base = request.url.path.rstrip("/")
    path = f"{base.removeprefix(request.scope.get('root_path', ''))}/{inquiry.path}"
    return {
        **{name: request.scope[name] for name in known if name in request.scope},
        FOR_A_CLIENT: principal_of(request),
        WITHIN: notes_of(request),
        "method": "GET",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": inquiry.query.encode(),
        "headers": headers(request, inquiry),
    }


def headers(request: Request, inquiry: ReadRequest) -> list[tuple[bytes, bytes]]:
    """Return the headers of a GET: those of the batch that are of no body."""
    kept = [pair for pair in request.scope["headers"] if not pair[0].startswith(OF_THE_BATCH)]
    match = inquiry.if_none_match
    return kept + ([(b"if-none-match", match.encode("latin-1", "replace"))] if match else [])
