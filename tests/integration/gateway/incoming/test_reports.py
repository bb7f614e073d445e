"""A DiagnosticReport is a document: stored as sent, read as every note."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from fhir_mapping.exchange.reference_rewriting import rewritten
from fhir_mapping.resources import retraction
from models.db.audit.audit import Audit
from models.db.inbox.inbox import Inbox
from models.db.outbox.outbox import Outbox
from models.db.results.results import Results
from tests.fakes.keyword_recogniser import KeywordRecogniser
from tests.integration.gateway.conftest import FHIR_JSON, document
from tests.integration.gateway.incoming.reports import attachment, report
from worker.delivery_ports import delivery
from worker.pipeline import Pipeline
from worker.settings import Settings

ReadAll = Callable[[], None]


def send(client: TestClient, resource: dict[str, Any], **headers: str) -> Any:
    """Post a report."""
    content = orjson.dumps(resource)
    return client.post("/fhir/DiagnosticReport", content=content, headers={**FHIR_JSON, **headers})


def found(client: TestClient, kind: str = "Condition", status: str = "unconfirmed") -> list[str]:
    """Return the names of what stands of patient 1."""
    entries = client.get(f"/fhir/{kind}?patient=1").json().get("entry", [])
    resources = [one["resource"] for one in entries]
    return sorted(
        one["code"]["text"]
        for one in resources
        if one["verificationStatus"]["coding"][0]["code"] == status
    )


def test_a_report_is_given_back_as_it_was_sent(client: TestClient) -> None:
    """Read and vread have every element of it; Location, ETag and search name it."""
    sent = report("Fever.", id="r1", conclusion="Fever", effectiveDateTime="2026-03-01")
    answer = send(client, sent)
    assert answer.status_code == 201
    assert answer.headers["Location"].endswith("/fhir/DiagnosticReport/r1/_history/1")
    for path in ("DiagnosticReport/r1", "DiagnosticReport/r1/_history/1"):
        read = client.get(f"/fhir/{path}").json()
        assert {**read, "meta": None} == {**sent, "meta": None}
    assert client.get("/fhir/DiagnosticReport?patient=1").json()["total"] == 1
    assert client.get("/fhir/DocumentReference?patient=1").json()["total"] == 0


def test_each_form_is_read_and_is_what_a_resource_points_at(
    client: TestClient, read_all: ReadAll, engine: Engine
) -> None:
    """Of two forms both are read; evidence, source and trail name the report and the form."""
    send(client, report("No words.", "Fever.", id="r1"))
    read_all()
    [entry] = client.get("/fhir/Condition?patient=1").json()["entry"]
    said = {one["url"]: one for one in entry["resource"]["extension"][0]["extension"]}
    assert said["reference"]["valueReference"]["reference"] == "DiagnosticReport/r1/_history/1"
    assert said["path"]["valueString"] == "DiagnosticReport.presentedForm[1]"
    target = f"Condition/{entry['resource']['id']}"
    [made] = client.get(f"/fhir/Provenance?target={target}").json()["entry"]
    source = made["resource"]["entity"][0]["what"]["reference"]
    assert source == "DiagnosticReport/r1/_history/1"
    trail = Audit(engine).trail("Condition", entry["resource"]["id"])
    assert trail is not None
    assert trail.evidence[0].document_type == "DiagnosticReport"


@pytest.mark.parametrize(
    ("status", "names"),
    [
        ("registered", []),
        ("partial", ["Fever"]),
        ("preliminary", ["Fever"]),
        ("final", ["Fever"]),
        ("amended", ["Fever"]),
        ("corrected", ["Fever"]),
        ("appended", ["Fever"]),
        ("unknown", ["Fever"]),
        ("cancelled", []),
        ("entered-in-error", []),
    ],
)
def test_each_status_has_its_meaning(
    client: TestClient, read_all: ReadAll, inbox: Inbox, status: str, names: list[str]
) -> None:
    """What is registered, cancelled or an error is done without being read; the rest is read."""
    assert send(client, report("Fever.", status=status)).status_code == 201
    read_all()
    assert found(client) == names
    assert inbox.counts()["done"] == 1


@pytest.mark.parametrize("status", ["cancelled", "entered-in-error"])
def test_a_report_that_is_taken_back_retracts(
    client: TestClient, read_all: ReadAll, status: str
) -> None:
    """What the version before it said is entered in error; a final one brings it back."""
    send(client, report("Fever.", status="preliminary"))
    read_all()
    send(client, report("Fever.", status=status))
    read_all()
    assert (found(client), found(client, status="entered-in-error")) == ([], ["Fever"])
    send(client, report("Fever.", status="final"))
    read_all()
    assert found(client) == ["Fever"]


def test_a_corrected_report_takes_the_place_of_the_first(
    client: TestClient, read_all: ReadAll
) -> None:
    """The same identifier with other words is its next version."""
    send(client, report("Fever."))
    read_all()
    answer = send(client, report("Cough.", status="corrected"))
    read_all()
    assert answer.headers["ETag"] == 'W/"2"'
    assert found(client) == ["Cough"]


def test_a_report_and_a_document_of_one_name_are_two(
    client: TestClient, post: Callable[..., Any], read_all: ReadAll
) -> None:
    """Neither the same id nor the same identifier makes one of them a version of the other."""
    name = [{"system": "urn:test", "value": "same"}]
    post(document("Fever.", id="x", identifier=name))
    send(client, report("Cough.", id="x", identifier=name))
    read_all()
    assert found(client) == ["Cough", "Fever"]
    for kind in ("DocumentReference", "DiagnosticReport"):
        assert client.get(f"/fhir/{kind}/x").json()["resourceType"] == kind
        assert client.get(f"/fhir/{kind}/x/_history").json()["total"] == 1
    send(client, report("Pneumonia.", id="x", identifier=name))
    read_all()
    assert found(client) == ["Fever", "Pneumonia"]


def test_a_report_without_a_form_is_done_and_said_to_be_unread(
    client: TestClient, read_all: ReadAll, inbox: Inbox
) -> None:
    """Its results are data already: it does not fail, and `status` says why nothing was read."""
    assert send(client, report()).status_code == 201
    read_all()
    assert inbox.counts()["done"] == 1
    assert [one.code for one in inbox.unread(10)] == ["no-presented-form"]


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "done"},
        {"presentedForm": {}},
        {"presentedForm": ["Fever"]},
        {"presentedForm": [{"data": 5}]},
        {"code": None},
        {"subject": "Patient/1"},
        {"noteText": "Mrs Oduya"},
    ],
)
def test_what_is_no_report_is_refused(client: TestClient, changes: dict[str, Any]) -> None:
    """It answers 400 without any of its words, by POST and by PUT."""
    made = report("Fever.", **{"id": "r1", **changes})
    assert send(client, made).status_code == 400
    put = client.put("/fhir/DiagnosticReport/r1", content=orjson.dumps(made), headers=FHIR_JSON)
    assert put.status_code == 400
    assert "Oduya" not in put.text


def test_a_put_report_is_read(client: TestClient, read_all: ReadAll) -> None:
    """PUT stores it under its id, and a second one is its next version."""
    for number, text in enumerate(("Fever.", "Cough."), 1):
        made = report(text, id="r1")
        answer = client.put(
            "/fhir/DiagnosticReport/r1", content=orjson.dumps(made), headers=FHIR_JSON
        )
        assert answer.headers["ETag"] == f'W/"{number}"'
        read_all()
    assert found(client) == ["Cough"]


def test_broken_data_of_a_form_is_the_worker_s_to_report(
    client: TestClient, read_all: ReadAll, inbox: Inbox
) -> None:
    """As with a DocumentReference: it is stored, the good form is read, the bad one named."""
    forms = [{"contentType": "text/plain", "data": "%%"}, attachment("Fever.")]
    assert send(client, report(presentedForm=forms)).status_code == 201
    read_all()
    assert [one.code for one in inbox.unread(10)] == ["bad-base64"]
    assert found(client) == ["Fever"]


def test_a_report_goes_out_before_what_points_at_it(
    client: TestClient, engine: Engine, inbox: Inbox, settings: Settings
) -> None:
    """To another server it is sent as what it is, and references name the version there."""
    send(client, report("Fever.", id="r1"))
    delivering = settings.model_copy(update={"deliver_url": "http://ehr.example.org/fhir"})
    results = Results(engine, retraction, delivery(delivering))
    rows = inbox.due(queued_for_seconds=0, limit=10, max_attempts=3)
    Pipeline(inbox, results, KeywordRecogniser(), settings).process(rows)
    outbox = Outbox(engine)
    first = outbox.claim(limit=10, lease_seconds=60, max_attempts=3)
    assert "DiagnosticReport/r1" in {one.reference for one in first}
    outbox.mark_delivered(dict.fromkeys(first, "7"), again_seconds=0)
    assert outbox.numbers({"r1"}) == {("r1", 1): "7"}
    [entry] = client.get("/fhir/Condition?patient=1").json()["entry"]
    sent = str(rewritten(entry["resource"], {("r1", 1): "7"}))
    assert "DiagnosticReport/r1/_history/7" in sent
    assert "DiagnosticReport/r1/_history/1" not in sent
