"""Whether a request may come in: who sends it, and whether they have sent too much."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Self

import structlog

from gateway.access.api_keys import PREFIX, ApiKeys
from gateway.access.key_sets import KeySet, fetched, is_loopback, require_safe
from gateway.access.principal import ANYBODY, Principal
from gateway.access.rate_limits import RateLimit
from gateway.access.tokens import Tokens
from models.audit_events import Agent
from models.errors import NoCredentials, OpenToTheNetwork, Unauthenticated
from worker.settings import Settings

_FAILURES_A_SECOND: Final = 1
_FAILURES_AT_ONCE: Final = 60


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a request says of its sender: the values of two headers, and the address it came from.

    `authorization` are those of `Authorization`, `api_keys` those of `X-API-Key`.
    """

    authorization: Sequence[str]
    api_keys: Sequence[str]
    address: str


@dataclass(frozen=True, slots=True)
class Admission:
    """Lets requests in; without `tokens` and `api_keys` it knows nobody and lets in anybody."""

    tokens: Tokens | None = None
    api_keys: ApiKeys | None = None
    limit: RateLimit | None = None
    failures: RateLimit = field(
        default_factory=lambda: RateLimit(_FAILURES_A_SECOND, _FAILURES_AT_ONCE)
    )

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return who may come in by the settings.

        Raises:
            WrongSettings: keys would come over a line that anybody can change.
            UnusableApiKeys: the file of the API keys cannot be read.
        """
        keys = ApiKeys(settings.api_keys_file) if settings.api_keys_file else None
        if keys:
            keys.current()
        rate, burst = settings.requests_per_second, settings.requests_at_once
        return cls(tokens(settings), keys, RateLimit(rate, burst) if rate else None)

    @property
    def is_configured(self) -> bool:
        """Whether anybody is asked who they are."""
        return self.tokens is not None or self.api_keys is not None

    def admit(self, credentials: Credentials) -> Principal:
        """Return who sends a request.

        Raises:
            NoCredentials, Unauthenticated: it does not say so, or not truly.
            TooManyRequests: they sent too much, or failed too often.
            KeysUnavailable, UnusableApiKeys: it cannot be known now.
        """
        if not self.is_configured:
            return ANYBODY
        try:
            found = self._identify(credentials)
        except (NoCredentials, Unauthenticated):
            self.failures.take(credentials.address)
            raise
        if self.limit:
            self.limit.take(named(found.agent))
        return found

    def _identify(self, credentials: Credentials) -> Principal:
        given = [*credentials.authorization, *credentials.api_keys]
        if not given:
            raise NoCredentials
        if len(given) > 1:
            raise Unauthenticated(reason="it is said more than once")
        secret = given[0] if credentials.api_keys else bearer(given[0])
        if credentials.api_keys or secret.startswith(PREFIX):
            if self.api_keys is None:
                raise Unauthenticated(reason="no API keys are taken")
            return self.api_keys.principal(secret)
        if self.tokens is None:
            raise Unauthenticated(reason="no tokens are taken")
        return self.tokens.principal(secret)


def bearer(header: str) -> str:
    """Return the token of an Authorization header (RFC 6750, section 2.1)."""
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated(reason="it is no bearer token")
    return token.strip()


def named(agent: Agent) -> str:
    """Return one word for a client."""
    return f"{agent.kind} {agent.name} {agent.issuer}"


def tokens(settings: Settings) -> Tokens | None:
    """Return who checks tokens, None where no issuer is configured."""
    if not (settings.jwks_url and settings.token_issuer and settings.token_audience):
        return None
    require_safe(settings.jwks_url)
    url = settings.jwks_url
    return Tokens(settings.token_issuer, settings.token_audience, KeySet(lambda: fetched(url)))


def require_closed(settings: Settings) -> None:
    """Make sure that nobody else than this machine is let in without being asked.

    Raises:
        OpenToTheNetwork: others reach the server, and nothing says who may.
    """
    asked = Admission.of(settings).is_configured or settings.allow_anybody
    if not asked and not is_loopback(settings.host):
        raise OpenToTheNetwork(host=settings.host)


def say_who_may(settings: Settings) -> None:
    """Say in the log who may come in."""
    log = structlog.get_logger()
    if Admission.of(settings).is_configured:
        kinds = {"tokens": settings.jwks_url, "api-keys": settings.api_keys_file}
        log.info("access.required", by=[name for name, value in kinds.items() if value])
    else:
        log.warning("access.open", host=settings.host, behind_proxy=settings.base_url is not None)
