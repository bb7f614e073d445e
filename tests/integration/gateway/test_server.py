"""`biomed-ner serve` as a process of its own, over a real socket."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import httpx
import orjson
import pytest

from tests.integration.gateway.conftest import FHIR_JSON, NOBODY, document
from tests.servers import PATIENCE_SECONDS, serving


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """The file that the server writes its log to."""
    return tmp_path / "serve.log"


@pytest.fixture
def server(sqlite_url: str, log: Path) -> Iterator[httpx.Client]:
    """A client of a running server with a dead broker, which takes 20,000 bytes in 2 seconds."""
    settings = {"database_url": sqlite_url, "broker_url": NOBODY, "max_body_bytes": "20000"}
    settings["body_seconds"] = "2"
    with serving(log, **settings) as client:
        yield client


def test_a_real_server_takes_and_serves(server: httpx.Client, log: Path) -> None:
    """A document goes in and comes out over a socket; links carry the loopback name alone."""
    words = "Mrs Oduya has pneumonia."
    body = orjson.dumps(document(words, patient="oduya"))
    answer = server.post("/fhir/DocumentReference", content=body, headers=FHIR_JSON)
    assert answer.status_code == 201
    assert answer.headers["Location"].startswith(f"{server.base_url}/fhir/DocumentReference/")
    assert server.get(answer.headers["Location"]).status_code == 200
    bundle = server.get("/fhir/DocumentReference?patient=oduya").json()
    assert bundle["total"] == 1
    assert bundle["entry"][0]["fullUrl"].startswith(str(server.base_url))
    assert "oduya" not in log.read_text().lower()
    head = server.head(answer.headers["Location"])
    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["Content-Length"]) > 0
    told = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"}
    self_link = server.get("/fhir/Condition", headers=told).json()["link"][0]["url"]
    assert self_link == f"{server.base_url}/fhir/Condition"
    assert server.get("/fhir/Condition", headers={"Host": "evil.example"}).status_code == 400


def test_a_real_server_stops_an_endless_body(server: httpx.Client) -> None:
    """A body in pieces that never ends is answered 413, or cut off, and the server lives on."""

    def pieces() -> Iterator[bytes]:
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            yield b" " * 10_000
        pytest.fail("the server reads without an end")

    try:
        answer = server.post("/fhir/DocumentReference", content=pieces(), headers=FHIR_JSON)
    except httpx.TransportError:
        pass  # the server hung up before the client looked
    else:
        assert answer.status_code == 413
    assert server.get("/healthz").status_code == 200


def test_a_broken_request_does_not_stop_the_server(server: httpx.Client) -> None:
    """What is no HTTP at all is refused and the server lives on."""
    address = (server.base_url.host, server.base_url.port or 80)
    with socket.create_connection(address, timeout=PATIENCE_SECONDS) as line:
        line.sendall(b"\x0bMSH|^~\\&|\x1c\r\r\n\r\n")
        assert line.recv(100).startswith(b"HTTP/1.1 400")
    assert server.get("/healthz").status_code == 200


POST = b"POST /fhir/DocumentReference HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n"


SILENCES = {
    b"": b"",
    b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n": b"",
    b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\nGET /he": b"HTTP/1.1 200",
    POST + b"Content-Type: application/fhir+json\r\n\r\n{": b"HTTP/1.1 408",
}


def test_whoever_falls_silent_is_hung_up_on(server: httpx.Client) -> None:
    """A connection without a request, without the rest of its head or of its body is closed."""
    address = (server.base_url.host, server.base_url.port or 80)
    with ExitStack() as stack:
        connect = partial(socket.create_connection, address, timeout=PATIENCE_SECONDS)
        lines = {sent: stack.enter_context(connect()) for sent in SILENCES}
        for sent, line in lines.items():
            line.sendall(sent)
        said = {sent: read_to_the_end(line) for sent, line in lines.items()}
    assert {sent: words[:12] for sent, words in said.items()} == SILENCES
    assert server.get("/healthz").status_code == 200


def read_to_the_end(line: socket.socket) -> bytes:
    """Return all that the server says before it hangs up."""
    return b"".join(iter(lambda: line.recv(1000), b""))
