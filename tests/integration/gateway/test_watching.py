"""Whoever watches the server learns whether it can take notes in, and nothing of a patient."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine
from starlette.types import Receive, Scope, Send

from gateway.rest import readiness
from gateway.rest.app import create_app
from gateway.rest.measuring import Measuring
from gateway.rest.readiness import Readiness
from models.db.sql.session import writing
from models.errors import DatabaseUnavailable
from tests.integration.gateway.conftest import document
from worker.metrics.labels import NAMES
from worker.metrics.server import ServerMetrics
from worker.settings import Settings

SENTINEL = "Quokkadon"

MOST_SERIES = 1500
"""What one server tells at most: 13 series for each of its routes, and a few for all."""


def told(client: TestClient) -> dict[tuple[str, ...], float]:
    """Return the metrics: the value by name and the values of labels."""
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert SENTINEL.lower() not in answer.text.lower()
    found = [one for some in text_string_to_metric_families(answer.text) for one in some.samples]
    assert {name for one in found for name in one.labels} <= NAMES | {"le"}
    assert len(found) < MOST_SERIES
    return {(one.name, *sorted(one.labels.values())): one.value for one in found}


def test_no_label_holds_a_word_of_a_patient_or_a_path(
    client: TestClient, post: Callable[..., Any], read_all: Callable[[], None]
) -> None:
    """Patient, id, text, path, method, parameter and media type of requests stay out."""
    post(document(f"{SENTINEL} has fever.", patient=SENTINEL, id=SENTINEL))
    read_all()
    for number in range(6):
        word = f"{SENTINEL}{number}"
        for path in (
            f"/{word}",
            f"/fhir/{word}",
            f"/fhir/Condition/{word}",
            f"/fhir/Condition?{word}=1",
            f"/fhir/Condition?patient={word}",
            f"/fhir/Device/{word}/_history/{word}",
        ):
            client.get(path, headers={"X-Request-Id": word})
        client.request(word.upper(), "/fhir/Condition")
        client.put(f"/fhir/Patient/{word}", content=word, headers={"Content-Type": word})
    found = told(client)
    assert found["biomed_requests_total", "/fhir/Condition", "4xx", "GET"] == 6
    assert found["biomed_requests_total", "/fhir/Condition", "4xx", "other"] == 6


def test_requests_are_told_by_the_template_of_their_route(
    client: TestClient, post: Callable[..., Any]
) -> None:
    """With method and class of status, errors by code, and the time from the door to the commit."""
    post(document("Fever."))
    post(document("Fever."))
    for path in ("/fhir/Condition/7", "/fhir/Condition/8", "/fhir/Condition?patient=1", "/none"):
        client.get(path)
    client.get("/fhir/Condition?misspelt=1")
    found = told(client)
    assert found["biomed_requests_total", "/fhir/Condition/{id}", "4xx", "GET"] == 2
    assert found["biomed_requests_total", "/fhir/Condition", "2xx", "GET"] == 1
    assert found["biomed_requests_total", "/fhir/DocumentReference", "2xx", "POST"] == 2
    assert found["biomed_requests_total", "4xx", "GET", "other"] == 1
    assert found["biomed_request_seconds_count", "/fhir/Condition/{id}"] == 2
    assert found["biomed_errors_total", "not-found"] == 2
    assert found["biomed_errors_total", "unusable-parameter"] == 1
    assert found["biomed_documents_stored_total", "fhir"] == 1
    assert found["biomed_stored_seconds_count", "fhir"] == 2
    assert found["biomed_documents", "received"] == 1
    assert found["biomed_database_up",] == 1
    assert any(names[0] == "biomed_build_info" and "server" in names for names in found)


def test_what_follows_an_answer_is_not_of_its_time() -> None:
    """A request is counted when its answer has gone, before the bell is rung, and only once."""
    metrics = ServerMetrics()

    def count() -> float | None:
        return metrics.registry.get_sample_value("biomed_request_seconds_count", {"route": "other"})

    async def app(_: Scope, __: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200})
        await send({"type": "http.response.body", "body": b"a", "more_body": True})
        assert count() is None
        await send({"type": "http.response.body", "body": b"b"})
        assert count() == 1

    async def serve() -> None:
        await Measuring(app, metrics)({"type": "http", "method": "GET"}, ignore, ignore)

    async def ignore(*_: object) -> Any:
        return None

    asyncio.run(serve())
    assert count() == 1


def test_without_a_broker_the_server_is_ready_but_degraded(client: TestClient) -> None:
    """What is taken in waits in the database, and the sweeper rings later."""
    answer = client.get("/readyz", headers={"Host": "10.0.0.7"})
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "degraded",
        "checks": {
            "database": {"status": "ok"},
            "broker": {"status": "failed", "code": "broker-unavailable"},
        },
    }


def test_with_a_broker_it_is_ready(settings: Settings, broker_url: str) -> None:
    """Both answer."""
    chosen = settings.model_copy(update={"broker_url": broker_url})
    with TestClient(create_app(chosen)) as client:
        answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "ready")


def test_another_schema_is_not_ready(client: TestClient, engine: Engine) -> None:
    """The database answers, but nothing can be stored in it; no more than the code is said."""
    with writing(engine) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["database"] == {"status": "failed", "code": "schema-outdated"}


def test_a_database_that_hangs_is_not_ready_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer does not wait for it; the broker's check is done all the same."""
    monkeypatch.setattr(readiness, "PATIENCE_SECONDS", 0.05)
    hanging = threading.Event()
    status, report = Readiness(lambda: hanging.wait(60), lambda: None).report()
    hanging.set()
    assert status == 503
    assert report["checks"] == {
        "database": {"status": "failed", "code": "not-in-time"},
        "broker": {"status": "ok"},
    }


def test_an_error_without_a_type_tells_no_address() -> None:
    """A driver's message may hold the password of the database."""

    def refused() -> None:
        raise DatabaseUnavailable(kind="postgresql://user:secret@host")

    status, report = Readiness(refused, refused).report()
    assert status == 503
    assert "secret" not in str(report)
