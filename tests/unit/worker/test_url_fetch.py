"""Fetching `attachment.url`: no server and no address but those that are allowed."""

import base64
import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import httpx
import pytest

from models.errors import BiomedError, FetchDelayed, NotFetched
from worker.url_fetch import UrlFetch
from worker.url_rules import Address, address_of, allowed

NOTE = b"No fever."
PUBLIC, INNER = "93.184.216.34", "127.0.0.1"
Answer = Callable[[httpx.Request], httpx.Response]


class Asked:
    """A transport that keeps what it was asked."""

    def __init__(self, answer: Answer) -> None:
        self.requests: list[httpx.Request] = []
        self._answer = answer

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self._answer(request)


class Resolver:
    """Gives one answer after the other, and counts how often it was asked."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.asked: list[str] = []
        self._answers = iter(answers)

    def __call__(self, host: str, _: int) -> Sequence[Address]:
        self.asked.append(host)
        return [address_of(one) for one in next(self._answers)]


def note(_: httpx.Request) -> httpx.Response:
    return httpx.Response(200, stream=httpx.ByteStream(NOTE))


def fetched(
    url: str = "https://ehr.example.org/Binary/7",
    *,
    hosts: str = "ehr.example.org",
    answer: Answer = note,
    resolve: Callable[[str, int], Sequence[Address]] | None = None,
    most: int = 1000,
    **attachment: Any,
) -> bytes:
    """Return what is fetched of a url."""
    fetch = UrlFetch(
        allowed(hosts),
        seconds=5,
        most_bytes=most,
        resolve=resolve or Resolver([PUBLIC]),
        transport=httpx.MockTransport(answer),
    )
    return fetch({"url": url, **attachment}, 0)


def refused(**changes: Any) -> BiomedError:
    """Return the error of a fetch."""
    with pytest.raises(BiomedError) as caught:
        fetched(**changes)
    return caught.value


def test_the_address_is_asked_under_the_hosts_name() -> None:
    """The connection goes to the address that was judged; TLS and Host name the server."""
    asked = Asked(note)
    assert fetched("https://ehr.example.org/Binary/7?x=1#y", answer=asked) == NOTE
    [request] = asked.requests
    assert str(request.url) == f"https://{PUBLIC}/Binary/7?x=1"
    assert request.headers["host"] == "ehr.example.org"
    assert request.extensions["sni_hostname"] == "ehr.example.org"


def test_dns_rebinding() -> None:
    """A resolver that changes its answer after the check is not asked again."""
    resolver, asked = Resolver([PUBLIC], [INNER]), Asked(note)
    fetched(resolve=resolver, answer=asked)
    assert resolver.asked == ["ehr.example.org"]
    assert [request.url.host for request in asked.requests] == [PUBLIC]


@pytest.mark.parametrize("addresses", [[INNER], [PUBLIC, "::1"], ["::ffff:10.0.0.1"], []])
def test_a_name_with_an_inner_address_is_not_asked(addresses: Sequence[str]) -> None:
    """One bad address among good ones is enough."""
    asked = Asked(note)
    error = refused(resolve=Resolver(addresses), answer=asked)
    assert (error.code, asked.requests) == ("url-not-allowed", [])


@pytest.mark.parametrize(
    "url",
    [
        "Binary/7",
        "/Binary/7",
        "//ehr.example.org/x",
        "file:///etc/passwd",
        "data:text/plain,x",
        "ftp://ehr.example.org/x",
        "http://ehr.example.org/x",
        "https://ehr.example.org:8443/x",
        "https://ehr.example.org@evil.example.org/x",
        "https://user:password@ehr.example.org/x",
        "https://evil.example.org/x",
        "https://127.0.0.1/x",
        "https://2130706433/x",
        "https://0x7f000001/x",
        "https://0177.0.0.1/x",
        "https://[::1]/x",
        "https://[::ffff:127.0.0.1]/x",
        "https:///x",
        "https://[/x",
        "https://ehr.example.org:99999/x",
        "https://ehr.example.org:0/x",
    ],
)
def test_what_is_not_listed_is_not_even_resolved(url: str) -> None:
    """Relative urls, other schemes, other ports, addresses in whatever form, users."""
    resolver = Resolver()
    error = refused(url=url, resolve=resolver)
    assert (error.code, resolver.asked) == ("url-not-allowed", [])
    assert "example" not in str(error)


@pytest.mark.parametrize(
    "url",
    [
        "https://ehr.example.org/\x01",
        "https://ehr.example.org/\ud800",
        "https://ehr.example.org/\nx",
        "https://klinik-süd.example.org/x",
        "https://ehr.example.org/" + "x" * 70_000,
    ],
    ids=["control character", "half a character", "line end", "letters of a host", "length"],
)
def test_a_malformed_url_of_a_listed_server_is_an_error_of_its_attachment(url: str) -> None:
    """What the HTTP library refuses to write is refused like what may not be asked."""
    asked = Asked(note)
    error = refused(url=url, hosts="ehr.example.org,klinik-süd.example.org", answer=asked)
    assert (error.code, error.retry, asked.requests) == ("url-not-allowed", False, [])
    assert "example" not in str(error)


@pytest.mark.parametrize("url", ["https://2130706433/x", "https://0x7f.1/x"])
def test_a_listed_number_is_judged_by_what_it_resolves_to(url: str) -> None:
    """Decimal and hexadecimal forms are names; the system's resolver knows what they mean."""
    host = url.split("/")[2]
    assert refused(url=url, hosts=host, resolve=None or Resolver([INNER])).code == "url-not-allowed"


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (301, NotFetched), (302, NotFetched), (307, NotFetched), (401, NotFetched),
        (404, NotFetched), (410, NotFetched), (206, NotFetched), (204, NotFetched),
        (408, FetchDelayed), (429, FetchDelayed), (500, FetchDelayed), (503, FetchDelayed),
    ],
)  # fmt: skip
def test_answers_that_are_no_document(status: int, kind: type[BiomedError]) -> None:
    """Redirects are not followed; what may pass is tried again."""
    asked = Asked(lambda _: httpx.Response(status, headers={"location": f"https://{INNER}/x"}))
    error = refused(answer=asked)
    assert (type(error), len(asked.requests)) == (kind, 1)


def endless() -> Iterator[bytes]:
    """Give bytes for ever."""
    while True:
        yield b"x" * 100


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, headers={"content-length": str(10**9)}, content=endless()),
        httpx.Response(200, content=endless()),
    ],
    ids=["declared", "not declared"],
)
def test_a_gigabyte_is_not_fetched(answer: httpx.Response) -> None:
    """Neither when it is announced nor when it just comes."""
    error = refused(answer=lambda _: answer)
    assert "larger than 1000 bytes" in str(error)
    assert not error.retry


def test_an_answer_that_drips_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time counts for all of it."""
    clock = iter(range(10_000))
    monkeypatch.setattr("worker.url_fetch.time.monotonic", lambda: next(clock))
    error = refused(answer=lambda _: httpx.Response(200, content=endless()), most=10**9)
    assert (error.code, error.retry) == ("fetch-delayed", True)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Give a clock that stands, to be put on."""
    now = [0.0]
    monkeypatch.setattr("worker.url_fetch.time.monotonic", lambda: now[0])
    return now


def test_a_slow_resolver_takes_of_the_same_time(clock: list[float]) -> None:
    """The server is not asked when nothing is left, and waited for no longer than the rest."""

    def slowly(seconds: float) -> Callable[[str, int], Sequence[Address]]:
        def resolve(*_: object) -> Sequence[Address]:
            clock[0] += seconds
            return [address_of(PUBLIC)]

        return resolve

    asked = Asked(note)
    assert fetched(resolve=slowly(4), answer=asked) == NOTE
    assert asked.requests[0].extensions["timeout"]["read"] == 1
    assert refused(resolve=slowly(6), answer=asked).code == "fetch-delayed"
    assert len(asked.requests) == 1


def test_an_answer_whose_headers_came_late_is_not_read(clock: list[float]) -> None:
    """Not even one without a body."""

    def late(_: httpx.Request) -> httpx.Response:
        clock[0] += 6
        return httpx.Response(200)

    assert refused(answer=late).code == "fetch-delayed"


def test_compressed_answers_are_refused() -> None:
    """A few bytes that unpack to gigabytes are never unpacked."""
    gzip = httpx.Response(
        200, headers={"content-encoding": "gzip"}, stream=httpx.ByteStream(b"\x1f\x8b")
    )
    assert "compressed" in str(refused(answer=lambda _: gzip))


@pytest.mark.parametrize("error", [httpx.ConnectTimeout, httpx.ConnectError, httpx.ReadError])
def test_a_server_that_does_not_answer_is_asked_again_later(error: type[httpx.HTTPError]) -> None:
    """The document is tried again; nothing of the server's words is repeated."""

    def fail(_: httpx.Request) -> httpx.Response:
        raise error("secret")

    found = refused(answer=fail)
    assert (found.code, found.retry) == ("fetch-delayed", True)
    assert "secret" not in str(found)


def test_a_name_that_does_not_resolve_is_asked_again_later() -> None:
    """A resolver may be down."""

    def fail(*_: object) -> Sequence[Address]:
        raise OSError("secret")

    assert refused(resolve=fail).code == "fetch-delayed"


def test_size_and_hash_have_to_agree() -> None:
    """FHIR's hash is the SHA-1 of the bytes in base64."""
    digest = base64.b64encode(hashlib.sha1(NOTE, usedforsecurity=False).digest()).decode()
    assert fetched(size=len(NOTE), hash=digest) == NOTE
    assert "size" in str(refused(size=3))
    assert "hash" in str(refused(hash=base64.b64encode(b"x" * 20).decode()))
