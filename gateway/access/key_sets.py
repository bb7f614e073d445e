"""The issuer's public keys: one JSON Web Key Set (RFC 7517) from the configured address alone."""

import math
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
import jwt
import orjson
import structlog

from models.errors import KeysUnavailable, WrongSettings

ALGORITHMS: Final = {"RSA": "RS384", "EC": "ES384"}
"""By type of key, the algorithms of SMART Backend Services; no others are ever believed."""

FRESH_SECONDS: Final = 600
STALE_SECONDS: Final = 6 * 3600
"""How long keys count while their issuer does not answer."""

BETWEEN_SECONDS: Final = 30
"""How often the issuer is asked at most, whatever key a token names."""

_TIMEOUT_SECONDS: Final = 5
_WAIT_SECONDS: Final = 1
_MOST_BYTES: Final = 256 * 1024
_MOST_KEYS: Final = 100
_LEAST_RSA_BITS: Final = 2048

Keys = Mapping[tuple[str, str], Any]
"""Public keys by their id and algorithm."""


class KeySet:
    """Keys that are kept for ten minutes, and asked for anew when a token names an unknown one.

    One thread asks; who names a key that is known, and counts, does not wait for it. `fetch`
    returns the JSON of the set.
    """

    def __init__(
        self, fetch: Callable[[], bytes], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._fetch = fetch
        self._clock = clock
        self._asking = threading.Lock()
        self._keys: Keys = {}
        self._known_at = -math.inf
        self._asked_at = -math.inf

    def key(self, name: str, algorithm: str) -> Any | None:
        """Return a public key, None where the issuer has none of this id and algorithm.

        Raises:
            KeysUnavailable: the issuer does not answer, and what it said is too old to count.
        """
        wanted = (name, algorithm)
        if self._due(wanted):
            self._ask(wanted)
        if not self._counts():
            raise KeysUnavailable(kind="the issuer does not answer")
        return self._keys.get(wanted)

    def _counts(self) -> bool:
        return self._clock() - self._known_at <= STALE_SECONDS

    def _due(self, wanted: tuple[str, str]) -> bool:
        now = self._clock()
        doubtful = now - self._known_at > FRESH_SECONDS or wanted not in self._keys
        return doubtful and now - self._asked_at >= BETWEEN_SECONDS

    def _ask(self, wanted: tuple[str, str]) -> None:
        known = self._counts() and wanted in self._keys
        if not self._asking.acquire(timeout=0 if known else _WAIT_SECONDS):
            if known:
                return
            raise KeysUnavailable(kind="the issuer is being asked")
        try:
            if self._due(wanted):
                self._renew()
        finally:
            self._asked_at = self._clock()
            self._asking.release()

    def _renew(self) -> None:
        try:
            self._keys = dict(usable(self._fetch()))
        except (KeysUnavailable, ValueError, httpx.HTTPError) as error:
            log = structlog.get_logger()
            log.warning("keys.unavailable", kind=type(error).__name__)
        else:
            self._known_at = self._clock()


def usable(raw: bytes) -> Iterator[tuple[tuple[str, str], Any]]:
    """Yield the keys of a set that can check a token here; others are passed over.

    Raises:
        ValueError: it is no key set.
    """
    found = orjson.loads(raw)
    keys = found.get("keys") if isinstance(found, dict) else None
    if not isinstance(keys, list):
        raise ValueError("no keys")  # noqa: TRY004 as a wrong value it is caught
    for one in keys[:_MOST_KEYS]:
        if isinstance(one, dict) and _signs(one):
            key = _loaded(one)
            if key is not None:
                yield (one["kid"], ALGORITHMS[one["kty"]]), key


def _signs(key: Mapping[str, Any]) -> bool:
    """Return whether a key says that it is one for signatures of an algorithm that counts."""
    algorithm = ALGORITHMS.get(str(key.get("kty")))
    return (
        algorithm is not None
        and isinstance(key.get("kid"), str)
        and key.get("use", "sig") == "sig"
        and key.get("alg", algorithm) == algorithm
        and (key["kty"] != "EC" or key.get("crv") == "P-384")
    )


def _loaded(key: Mapping[str, Any]) -> Any | None:
    try:
        loaded: Any = jwt.PyJWK(dict(key), ALGORITHMS[key["kty"]]).key
    except (jwt.PyJWTError, ValueError, TypeError):
        return None
    weak = key["kty"] == "RSA" and loaded.key_size < _LEAST_RSA_BITS
    return None if weak or hasattr(loaded, "private_numbers") else loaded


def fetched(url: str) -> bytes:
    """Return the key set at an address, followed nowhere else, within 5 seconds and 256 KiB.

    Raises:
        KeysUnavailable: what comes is no answer, too long or too slow.
        httpx.HTTPError: the issuer cannot be reached.
    """
    end = time.monotonic() + _TIMEOUT_SECONDS
    with httpx.stream("GET", url, timeout=_TIMEOUT_SECONDS, follow_redirects=False) as answer:
        if answer.status_code != httpx.codes.OK:
            raise KeysUnavailable(kind=f"HTTP {answer.status_code}")
        raw = bytearray()
        for part in answer.iter_bytes():
            raw += part
            if len(raw) > _MOST_BYTES or time.monotonic() > end:
                raise KeysUnavailable(kind="too long or too slow")
    return bytes(raw)


def require_safe(url: str) -> None:
    """Make sure that nobody on the way can put other keys into the answer.

    Raises:
        WrongSettings: it is plain HTTP to another machine.
    """
    parts = urlsplit(url)
    if parts.scheme != "https" and not is_loopback(parts.hostname or ""):
        raise WrongSettings(reason="BIOMED_JWKS_URL has to be https")


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine; a name other than `localhost` may be any."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
