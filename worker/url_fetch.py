"""Fetching `attachment.url`: from servers that are listed, at addresses that were judged."""

import base64
import hashlib
import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final
from urllib.parse import urlsplit

import httpx

from models.errors import BiomedError, FetchDelayed, NotFetched, UrlNotAllowed
from worker.url_rules import Address, Allowed, Server, address_of, server_of

Resolver = Callable[[str, int], Sequence[Address]]
"""A host and a port to its addresses; raises OSError."""

LATER: Final = frozenset({408, 425, 429})
"""Answers below 500 after which asking again can help."""

_OK: Final = 200
_ABSOLUTE: Final = ("https:", "http:")


def resolved(host: str, port: int) -> Sequence[Address]:
    """Return the addresses of a host, as the system knows them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [address_of(str(one[4][0])) for one in found]


class UrlFetch:
    """Fetches the bytes of attachments.

    A name is resolved once: the address that was judged is the one that is asked, under the host's
    name in the Host header and in TLS, so that a resolver which changes its answer changes nothing.
    Redirects, proxies, cookies and compressed answers are not taken.
    """

    def __init__(
        self,
        allowed: Allowed,
        *,
        seconds: float,
        most_bytes: int,
        resolve: Resolver = resolved,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._allowed = allowed
        self._seconds = seconds
        self._most = most_bytes
        self._resolve = resolve
        self._transport = transport

    def __call__(self, attachment: Mapping[str, object], index: int) -> bytes:
        """Return the bytes behind the url of an attachment; its size and hash have to agree.

        Raises:
            UrlNotAllowed: the url is relative or malformed, or its server or that one's address is
                not allowed.
            NotFetched: the answer is none that can be used.
            FetchDelayed: the server did not answer, or asks to come again.
        """
        url = str(attachment["url"])
        server = self._server(url, index)
        until = time.monotonic() + self._seconds
        address = self._address(server, index)
        try:
            data = self._asked(url, server, address, until, index)
        except httpx.HTTPError as error:
            raise FetchDelayed(index=index, reason=type(error).__name__) from None
        except (httpx.InvalidURL, UnicodeError):
            raise UrlNotAllowed(index=index, reason="it is not written as RFC 3986 says") from None
        _check(data, attachment, index)
        return data

    def _server(self, url: str, index: int) -> Server:
        if not url.lower().startswith(_ABSOLUTE):
            raise UrlNotAllowed(index=index, reason="it is relative or of another scheme")
        try:
            parts = urlsplit(url)
            server = server_of(parts)
        except ValueError:
            raise UrlNotAllowed(index=index, reason="it names no server") from None
        if parts.username is not None or not self._allowed.admits(server):
            reason = "BIOMED_ATTACHMENT_HOSTS does not name its server"
            raise UrlNotAllowed(index=index, reason=reason)
        return server

    def _address(self, server: Server, index: int) -> Address:
        """Return the address to ask; all that the name has must be allowed."""
        try:
            addresses = self._resolve(server.host, server.port)
        except (OSError, UnicodeError) as error:
            raise FetchDelayed(index=index, reason=type(error).__name__) from None
        if not addresses or not all(map(self._allowed.admits_address, addresses)):
            reason = "its server is at an address that BIOMED_ATTACHMENT_HOSTS does not name"
            raise UrlNotAllowed(index=index, reason=reason)
        return addresses[0]

    def _asked(self, url: str, server: Server, address: Address, until: float, index: int) -> bytes:
        seconds = self._left(until, index)
        host = f"[{server.host}]" if ":" in server.host else server.host
        with (
            httpx.Client(
                transport=self._transport, trust_env=False, follow_redirects=False,
                timeout=seconds,
            ) as client,
            client.stream(
                "GET",
                httpx.URL(url).copy_with(host=str(address), fragment=None),
                headers={
                    "Host": host if _is_usual(server) else f"{host}:{server.port}",
                    "Accept-Encoding": "identity",
                },
                extensions={"sni_hostname": server.host},
            ) as response,
        ):  # fmt: skip
            self._left(until, index)
            _require_usable(response, index)
            return b"".join(self._pieces(response, until, index))

    def _pieces(self, response: httpx.Response, until: float, index: int) -> Iterator[bytes]:
        """Yield the body, not longer than allowed in bytes and in seconds."""
        self._require_small(int(response.headers.get("content-length") or 0), index)
        size = 0
        for piece in response.iter_raw():
            size += len(piece)
            self._require_small(size, index)
            self._left(until, index)
            yield piece

    def _left(self, until: float, index: int) -> float:
        """Return how many seconds are left; refuse to go on without any."""
        left = until - time.monotonic()
        if left <= 0:
            raise FetchDelayed(index=index, reason=f"not over after {self._seconds:g} seconds")
        return left

    def _require_small(self, size: int, index: int) -> None:
        if size > self._most:
            reason = f"it is larger than {self._most} bytes (BIOMED_MAX_ATTACHMENT_BYTES)"
            raise NotFetched(index=index, reason=reason)


def _is_usual(server: Server) -> bool:
    return server.port == {"https": 443, "http": 80}[server.scheme]


def _require_usable(response: httpx.Response, index: int) -> None:
    """Refuse any answer but the whole, plain bytes."""
    status = response.status_code
    if status in LATER or status >= httpx.codes.INTERNAL_SERVER_ERROR:
        raise FetchDelayed(index=index, reason=f"HTTP {status}")
    if status != _OK:
        raise NotFetched(index=index, reason=f"HTTP {status}")
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        raise NotFetched(index=index, reason="the answer is compressed")


def _check(data: bytes, attachment: Mapping[str, object], index: int) -> None:
    """Refuse bytes that are not those which the document names (FHIR R4, Attachment)."""
    size, digest = attachment.get("size"), attachment.get("hash")
    found = base64.b64encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()
    why: BiomedError | None = None
    if size is not None and size != len(data):
        why = NotFetched(index=index, reason="its size is not the attachment's")
    elif digest is not None and digest != found:
        why = NotFetched(index=index, reason="its SHA-1 is not the attachment's hash")
    if why:
        raise why
