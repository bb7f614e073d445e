"""Links begin with the address that is configured, or with this machine's; never with a guess."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from fastapi.testclient import TestClient
from fhir.resources.R4B.operationoutcome import OperationOutcome

from gateway.rest.app import create_app
from tests.integration.gateway.conftest import FHIR_JSON, document
from worker.settings import Settings

FORWARDED = {
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Prefix": "/evil",
    "X-Forwarded-Port": "666",
    "Forwarded": "host=evil.example;proto=https",
}


@contextmanager
def serving(settings: Settings, base_url: str | None) -> Iterator[TestClient]:
    """Give a client of a server that is known under this address."""
    chosen = settings.model_copy(update={"base_url": base_url})
    with TestClient(create_app(chosen), base_url="http://localhost:8080") as client:
        yield client


def links(client: TestClient, host: str) -> list[str]:
    """Return every absolute address that the server gives to who calls it so."""
    headers = {"Host": host, **FORWARDED}
    sent = client.post("/fhir/DocumentReference", json=document(), headers=headers | FHIR_JSON)
    bundle = client.get("/fhir/DocumentReference?_count=1", headers=headers).json()
    path = sent.headers["Location"].partition("/DocumentReference/")[2]
    history = client.get(
        f"/fhir/DocumentReference/{path.partition('/')[0]}/_history", headers=headers
    )
    statement = client.get("/fhir/metadata", headers=headers).json()
    return [
        sent.headers["Location"],
        bundle["link"][0]["url"],
        bundle["entry"][0]["fullUrl"],
        history.json()["entry"][0]["fullUrl"],
        statement["implementation"]["url"],
        client.get("/openapi.json", headers=headers).json()["servers"][0]["url"],
    ]


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:8080", "", "a b"])
@pytest.mark.parametrize(
    ("configured", "base"),
    [
        ("https://notes.example.org/r4/fhir", "https://notes.example.org/r4/fhir"),
        ("https://notes.example.org/fhir/", "https://notes.example.org/fhir"),
        ("https://notes.example.org:8443", "https://notes.example.org:8443/fhir"),
    ],
)
def test_the_configured_address_counts(
    settings: Settings, configured: str, base: str, host: str
) -> None:
    """With BIOMED_BASE_URL no header changes a link."""
    with serving(settings, configured) as client:
        assert all(url.startswith(base) for url in links(client, host))


@pytest.mark.parametrize(
    "host", ["localhost", "LocalHost:8080", "127.0.0.1", "127.8.9.1:80", "[::1]", "[::1]:8080"]
)
def test_this_machine_s_names_are_believed(settings: Settings, host: str) -> None:
    """Without it links carry the loopback name that the client used, and nothing forwarded."""
    with serving(settings, None) as client:
        assert all(url.startswith(f"http://{host.lower()}/fhir") for url in links(client, host))


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "localhost.evil.example", "evil.localhost", "127.0.0.1.evil.example"),
        *("user@localhost", "localhost/x", "localhost:80:80", "localhost:", "10.0.0.1"),
        *("[::2]", "::1", "", "127.1", "2130706433", "localhost, evil.example", "locаlhost"),
    ],
)
def test_any_other_name_is_refused(settings: Settings, host: str) -> None:
    """Any other host is 400 at every door, named in no link; only the health check is answered."""
    with serving(settings, None) as client:
        headers = [(b"host", host.encode())]
        for method, path in (
            ("GET", "/fhir/Condition"),
            ("GET", "/fhir/metadata"),
            ("PUT", "/fhir/Condition/1"),
            ("POST", "/fhir"),
            ("GET", "/nowhere"),
            ("GET", "/openapi.json"),
        ):
            answer = client.request(method, path, headers=headers)
            assert answer.status_code == 400
            assert answer.headers["Cache-Control"] == "no-store"
            OperationOutcome.model_validate(answer.json())
            assert "BIOMED_BASE_URL" in answer.text
        assert client.get("/healthz", headers=headers).status_code == 200


def test_who_names_two_hosts_names_none(settings: Settings) -> None:
    """Two Host headers are refused: a proxy may have looked at the other one."""
    with serving(settings, None) as client:
        twice = [("Host", "localhost"), ("Host", "evil.example")]
        assert client.get("/fhir/Condition", headers=twice).status_code == 400


@pytest.mark.parametrize("query", ["patient={}/Patient/7", "target={}/Condition/1"])
def test_a_reference_below_the_configured_address_is_ours(
    settings: Settings, query: str, put: Callable[[TestClient], Any]
) -> None:
    """Searches understand the address that the links carry."""
    base = "https://notes.example.org/fhir"
    with serving(settings, base) as client:
        put(client)
        kind = "Condition" if "patient" in query else "Provenance"
        assert client.get(f"/fhir/{kind}?{query.format(base)}").json()["total"] == 1
        assert client.get(f"/fhir/{kind}?{query.format('https://x/fhir')}").json()["total"] == 0


@pytest.fixture
def put() -> Callable[[TestClient], None]:
    """Put a Condition and its Provenance."""

    def send(client: TestClient) -> None:
        patient = {"reference": "Patient/7"}
        condition = {"resourceType": "Condition", "id": "1", "subject": patient}
        provenance = {
            "resourceType": "Provenance",
            "id": "p",
            "target": [{"reference": "Condition/1"}],
            "recorded": "2026-01-02T03:04:05Z",
            "agent": [{"who": {"display": "somebody"}}],
        }
        for made in (condition, provenance):
            address = f"/fhir/{made['resourceType']}/{made['id']}"
            assert client.put(address, json=made, headers=FHIR_JSON).is_success

    return send
