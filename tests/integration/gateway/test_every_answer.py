"""What holds for every answer of the server."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from fhir.resources.R4B.capabilitystatement import CapabilityStatement
from fhir.resources.R4B.operationoutcome import OperationOutcome
from sqlalchemy import Engine, text

from gateway.rest.app import create_app
from models.db.sql.session import make
from models.errors import SchemaOutdated
from tests.integration.gateway.conftest import FHIR_JSON
from worker.settings import Settings

UNKNOWN = [
    ("GET", "/"),
    ("GET", "/fhir/Patient"),
    ("GET", "/fhir/Patient/1"),
    ("POST", "/fhir/Patient"),
    ("GET", "/fhir/condition"),
    ("GET", "/docs"),
    ("GET", "/redoc"),
    ("GET", "/fhir/Condition/1/2/3"),
]


@pytest.mark.parametrize(("method", "path"), UNKNOWN)
def test_unknown_paths_are_not_found(client: TestClient, method: str, path: str) -> None:
    """Every path that is not served answers 404 with an OperationOutcome."""
    answer = client.request(method, path)
    assert answer.status_code == 404
    OperationOutcome.model_validate(answer.json())


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/fhir/Condition"),
        ("PUT", "/fhir"),
        ("DELETE", "/fhir/DocumentReference"),
        ("DELETE", "/fhir/Condition/1"),
        ("PATCH", "/fhir/Condition/1"),
        ("POST", "/fhir/metadata"),
    ],
)
def test_methods_that_are_not_offered_are_refused(
    client: TestClient, method: str, path: str
) -> None:
    """A method that a path does not answer is 405, with what it does answer in Allow."""
    answer = client.request(method, path)
    assert answer.status_code == 405
    assert answer.headers["Allow"]
    OperationOutcome.model_validate(answer.json())


@pytest.mark.parametrize(
    "accept",
    ["application/fhir+xml", "text/html", "application/json;q=0", "application/xml, text/*"],
)
def test_other_formats_are_not_served(client: TestClient, accept: str) -> None:
    """Who accepts no JSON gets 406."""
    answer = client.get("/fhir/Condition", headers={"Accept": accept})
    assert answer.status_code == 406
    OperationOutcome.model_validate(answer.json())


@pytest.mark.parametrize(
    ("accept", "query"),
    [
        ("application/fhir+json", ""),
        ("application/json", ""),
        ("application/fhir+xml, application/fhir+json;q=0.5", ""),
        ("text/html,application/xhtml+xml,*/*;q=0.8", ""),
        ("application/fhir+xml", "?_format=json"),
        ("text/html", "?_format=application/fhir+json"),
    ],
)
def test_whoever_accepts_json_gets_it(client: TestClient, accept: str, query: str) -> None:
    """JSON is served to whoever takes it, and `_format` wins over the header."""
    answer = client.get(f"/fhir/Condition{query}", headers={"Accept": accept})
    assert answer.status_code == 200


def test_format_xml_is_not_served(client: TestClient) -> None:
    """`_format=xml` answers 406 whatever the header says."""
    assert client.get("/fhir/Condition?_format=xml").status_code == 406


@pytest.mark.parametrize("path", ["/fhir/metadata", "/fhir/Condition", "/nowhere", "/healthz"])
def test_nothing_is_kept_by_caches(client: TestClient, path: str) -> None:
    """Every answer forbids storing and sniffing."""
    headers = client.get(path).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.fixture
def failing(settings: Settings) -> Iterator[TestClient]:
    """A client of a server with a route that fails on a patient's name and one with a parameter."""
    app = create_app(settings)

    @app.get("/broken")
    def broken() -> None:
        raise RuntimeError("Mrs Oduya has syphilis")

    @app.get("/number")
    def number(of: int) -> int:
        return of

    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def test_a_failure_tells_nothing(
    failing: TestClient, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """A failure of ours answers 500 without the message, and the log has the place without it."""
    answer = failing.get("/broken")
    assert answer.status_code == 500
    assert answer.headers["Cache-Control"] == "no-store"
    OperationOutcome.model_validate(answer.json())
    written = capsys.readouterr()
    logged = written.out + written.err + caplog.text
    assert "test_every_answer.py" in logged
    assert "Oduya" not in answer.text + logged


def test_the_framework_s_own_422_is_ours(failing: TestClient) -> None:
    """A validation error of the framework is an OperationOutcome that quotes no input."""
    answer = failing.get("/number?of=Oduya")
    assert answer.status_code == 422
    OperationOutcome.model_validate(answer.json())
    assert "Oduya" not in answer.text


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/fhir", {"GET", "HEAD", "POST"}),
        ("/fhir/DocumentReference", {"GET", "HEAD", "POST", "PUT"}),
        ("/fhir/DiagnosticReport/1", {"GET", "HEAD", "PUT"}),
        ("/fhir/Condition", {"GET", "HEAD"}),
        ("/fhir/$process-message", {"POST"}),
        ("/healthz", {"GET", "HEAD"}),
    ],
)
def test_allow_names_all_that_a_path_answers(
    client: TestClient, path: str, methods: set[str]
) -> None:
    """Not the methods of one route alone (RFC 9110, 10.2.1)."""
    answer = client.request("DELETE", path)
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == methods


def test_metadata_says_what_is_true(client: TestClient) -> None:
    """Every interaction of the CapabilityStatement is answered, and no other type is named."""
    statement: dict[str, Any] = client.get("/fhir/metadata").json()
    CapabilityStatement.model_validate(statement)
    assert statement["fhirVersion"] == "4.0.1"
    for resource in statement["rest"][0]["resource"]:
        kind = resource["type"]
        codes = {one["code"] for one in resource["interaction"]}
        for one in resource["searchParam"]:
            value = "ge2024-01-01" if one["type"] == "date" else "1"
            assert client.get(f"/fhir/{kind}?{one['name']}={value}").status_code == 200
        assert ("create" in codes) == (client.post(f"/fhir/{kind}").status_code != 405)
        assert ("update" in codes) == (client.put(f"/fhir/{kind}/1").status_code != 405)
        empty = {"resourceType": kind, "id": "1"}
        answered = client.put(f"/fhir/{kind}?_id=1", json=empty, headers=FHIR_JSON).status_code
        assert resource.get("conditionalUpdate", False) == (answered != 405)
    for one in statement["rest"][0]["interaction"]:
        bundle = {"resourceType": "Bundle", "type": one["code"]}
        answer = client.post("/fhir", json=bundle, headers=FHIR_JSON)
        assert answer.json()["type"] == f"{one['code']}-response"
    [operation] = statement["rest"][0]["operation"]
    assert client.post(f"/fhir/${operation['name']}").status_code == 415
    [endpoint] = statement["messaging"][0]["endpoint"]  # cpb-3
    assert client.post(endpoint["address"]).status_code == 415


def test_a_dead_database_asks_for_patience(client: TestClient, engine: Engine) -> None:
    """When the database gives up the answer is 503 with a time to wait, which invites a retry."""
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE resource_version"))
    answer = client.get("/fhir/Condition")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert answer.json()["issue"][0]["code"] == "transient"


def test_an_outdated_schema_opens_no_door(tmp_path: Path) -> None:
    """Over a database that was never upgraded there is no server."""
    url = f"sqlite:///{tmp_path}/empty.db"
    make(url)
    with pytest.raises(SchemaOutdated):
        create_app(Settings(database_url=url))
