"""The issuer's keys: kept, asked for anew, believed for a while without the issuer."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from gateway.access.key_sets import (
    BETWEEN_SECONDS,
    FRESH_SECONDS,
    STALE_SECONDS,
    KeySet,
    require_safe,
    usable,
)
from models.errors import KeysUnavailable, WrongSettings


def published(kid: str, curve: ec.EllipticCurve | None = None, **more: str) -> dict[str, Any]:
    key = ec.generate_private_key(curve or ec.SECP384R1()).public_key()
    made: dict[str, Any] = jwt.algorithms.ECAlgorithm.to_jwk(key, as_dict=True)
    return {**made, "kid": kid, **more}


class Issuer:
    """Answers with its keys, or not at all, and counts how often it was asked."""

    def __init__(self, *keys: dict[str, Any]) -> None:
        self.keys = list(keys)
        self.asked = 0
        self.down = False
        self.now = 1000.0

    def fetch(self) -> bytes:
        self.asked += 1
        if self.down:
            raise httpx.ConnectError("")
        return json.dumps({"keys": self.keys}).encode()

    def clock(self) -> float:
        return self.now


@pytest.fixture
def issuer() -> Issuer:
    return Issuer(published("one"))


@pytest.fixture
def keys(issuer: Issuer) -> KeySet:
    return KeySet(issuer.fetch, issuer.clock)


def test_a_known_key_is_asked_for_once(issuer: Issuer, keys: KeySet) -> None:
    """Within ten minutes one question is enough."""
    assert all(keys.key("one", "ES384") for _ in range(5))
    assert issuer.asked == 1


def test_unknown_kids_do_not_hammer_the_issuer(issuer: Issuer, keys: KeySet) -> None:
    """Whatever keys tokens name, the issuer is asked once in half a minute; a new key is found."""
    assert keys.key("one", "ES384")
    assert [keys.key(str(number), "ES384") for number in range(50)] == [None] * 50
    assert issuer.asked == 1
    issuer.keys.append(published("two"))
    issuer.now += BETWEEN_SECONDS
    assert keys.key("two", "ES384")
    assert issuer.asked == 2


def test_keys_outlive_their_issuer_for_a_while(issuer: Issuer, keys: KeySet) -> None:
    """Six hours without the issuer are bridged, not more."""
    assert keys.key("one", "ES384")
    issuer.down = True
    issuer.now += FRESH_SECONDS + 1
    assert keys.key("one", "ES384")
    issuer.now += STALE_SECONDS
    with pytest.raises(KeysUnavailable):
        keys.key("one", "ES384")


def test_a_known_key_does_not_wait_for_a_hanging_issuer() -> None:
    """While one thread asks an issuer that hangs, the key that all others name opens to them."""
    issuer, hangs, answers = Issuer(published("one")), threading.Event(), threading.Event()
    keys = KeySet(issuer.fetch, issuer.clock)
    assert keys.key("one", "ES384")
    issuer.now += FRESH_SECONDS + 1

    def hang() -> bytes:
        hangs.set()
        answers.wait()
        raise httpx.ReadTimeout("")

    keys._fetch = hang
    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(keys.key, "one", "ES384")
        assert hangs.wait(timeout=30)
        try:
            assert keys.key("one", "ES384")
        finally:
            answers.set()
        assert asking.result()


def test_an_issuer_that_never_answered_is_no_refusal(issuer: Issuer, keys: KeySet) -> None:
    """Nobody is told that a token is wrong while that cannot be known."""
    issuer.down = True
    with pytest.raises(KeysUnavailable):
        keys.key("one", "ES384")


WRONG: list[dict[str, Any]] = [
    published("x", ec.SECP256R1()),
    published("x", use="enc"),
    published("x", alg="ES256"),
    {"kty": "oct", "k": "c2VjcmV0", "kid": "x", "alg": "HS256"},
    {"kty": "RSA", "n": "AQAB", "e": "AQAB", "kid": "x"},
    {"kty": "EC", "crv": "P-384", "x": "AA", "y": "AA", "kid": "x"},
    {"kty": "EC", "kid": ["x"]},
]


@pytest.mark.parametrize("key", WRONG)
def test_keys_that_must_not_be_used_are_passed_over(key: dict[str, Any]) -> None:
    """Other curves and uses, shared secrets, short and broken keys check nothing."""
    found = dict(usable(json.dumps({"keys": [key, published("good")]}).encode()))
    assert list(found) == [("good", "ES384")]


@pytest.mark.parametrize("raw", [b"", b"[]", b'{"keys": 1}', b"<html>"])
def test_what_is_no_key_set_is_no_answer(raw: bytes) -> None:
    """A page of a proxy does not empty the keys."""
    with pytest.raises(ValueError, match=r"no keys|unexpected|zero-length|empty"):
        list(usable(raw))


@pytest.mark.parametrize("url", ["http://keys.example.org/jwks", "http://127.0.0.1.evil.example/"])
def test_keys_come_over_https(url: str) -> None:
    """Plain HTTP is for this machine alone."""
    with pytest.raises(WrongSettings):
        require_safe(url)
    require_safe("https://keys.example.org/jwks")
    require_safe("http://127.0.0.1:9/jwks")
