"""Who may come in: the one place that asks every request, below whatever address."""

from typing import Final
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.access.admission import Admission, Credentials
from gateway.access.key_sets import is_loopback
from gateway.access.policy import METRICS_PATH, Asked, authorise, is_open
from gateway.access.principal import ANYBODY, Principal
from gateway.rest.audit_trail import address_of
from gateway.rest.errors import answer, note
from models.errors import BiomedError

FOR_A_CLIENT: Final = "biomed.principal"
"""Where the scope of a batch's entry says who sent the batch."""

_PROXIED: Final = ("forwarded", "x-forwarded-for", "x-real-ip", "via")


class Access:
    """ASGI middleware that lets a request in, or answers why not.

    Behind a proxy, which may be on this machine and say nothing of itself, nobody counts as from
    here.
    """

    def __init__(self, app: ASGIApp, admission: Admission, *, behind_proxy: bool) -> None:
        self.app = app
        self._behind_proxy = behind_proxy
        self._admission = admission

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        asked = asked_by(scope)
        try:
            if not is_open(asked):
                await self._admit(scope, asked)
        except BiomedError as error:
            note(scope, error)
            await answer(error)(scope, receive, send)
            return
        await self.app(scope, receive, send)

    async def _admit(self, scope: Scope, asked: Asked) -> None:
        principal = await self._principal(scope, asked)
        scope["state"]["principal"] = principal
        authorise(principal, asked)

    async def _principal(self, scope: Scope, asked: Asked) -> Principal:
        known: Principal | None = scope.get(FOR_A_CLIENT)
        if known:
            return known
        if asked.path == METRICS_PATH and not self._behind_proxy and is_from_here(scope):
            return ANYBODY
        return await run_in_threadpool(self._admission.admit, credentials(scope))


def asked_by(scope: Scope) -> Asked:
    """Return what a request asks for."""
    query = scope.get("query_string", b"").decode("latin-1")
    pairs = tuple(parse_qsl(query, keep_blank_values=True))
    if_none_exist = "if-none-exist" in Headers(scope=scope)
    return Asked(scope["method"], scope["path"], pairs, if_none_exist)


def credentials(scope: Scope) -> Credentials:
    """Return what a request says of its sender."""
    headers = Headers(scope=scope)
    given = headers.getlist("authorization"), headers.getlist("x-api-key")
    return Credentials(*given, address_of(scope))


def is_from_here(scope: Scope) -> bool:
    """Whether a request comes from this machine, and not through a proxy on it."""
    proxied = any(name in Headers(scope=scope) for name in _PROXIED)
    return is_loopback(address_of(scope)) and not proxied
