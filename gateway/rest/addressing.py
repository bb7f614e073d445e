"""Under which address the server is known: every link begins with it, whoever asks."""

import re
from ipaddress import AddressValueError, IPv4Address
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.rest.errors import answer
from models.errors import UnknownHost

BASE: Final = "/fhir"
HEALTH: Final = "/healthz"
READY: Final = "/readyz"
METRICS: Final = "/metrics"
WATCHED: Final = frozenset({HEALTH, READY, METRICS})
"""What whoever watches the process asks, by its address; none of it tells of a patient."""

_HOST: Final = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[0-9a-z.\-]+)(:[0-9]{1,5})?")
_NAMES: Final = frozenset({"localhost", "[::1]"})


class Addressing:
    """ASGI middleware that settles the FHIR base of a request, and its path without a last slash.

    The base is the configured one. Without one it is built from the Host header, which is believed
    where it names this machine; any other is refused: it may be anybody's word. `X-Forwarded-…`
    headers are never looked at. What watches the process is answered under any name.
    """

    def __init__(self, app: ASGIApp, base_url: str | None) -> None:
        self.app = app
        self._base = None if base_url is None else fhir_base(base_url)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"].rstrip("/") or "/"
        base = self._base or loopback_base(Headers(scope=scope).getlist("host"))
        if base is None and path not in WATCHED:
            await answer(UnknownHost())(scope, receive, send)
            return
        state = {**scope.get("state", {}), "fhir_base": base}
        await self.app({**scope, "path": path, "state": state}, receive, send)


def fhir_base(url: str) -> str:
    """Return the configured address of the FHIR base; one without a path gets ours."""
    plain = url.rstrip("/")
    return plain if "/" in plain.partition("://")[2] else plain + BASE


def loopback_base(hosts: list[str]) -> str | None:
    """Return the FHIR base under the name in the Host header, None if that is not this machine's.

    This server speaks plain HTTP; who stands before it with TLS is named by the setting.
    """
    host = hosts[0].lower() if len(hosts) == 1 else ""
    found = _HOST.fullmatch(host)
    return f"http://{host}{BASE}" if found and is_loopback(found["name"]) else None


def is_loopback(name: str) -> bool:
    """Whether a host name is `localhost`, `[::1]` or an address in 127.0.0.0/8."""
    try:
        return name in _NAMES or IPv4Address(name).is_loopback
    except AddressValueError:
        return False
