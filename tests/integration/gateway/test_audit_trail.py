"""What is written down of a request: every read, patient and refusal, before the answer."""

import json
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from fastapi.testclient import TestClient
from fhir.resources.R4B.auditevent import AuditEvent
from sqlalchemy import Engine

from fhir_mapping.resources.audit_event import audit_event
from models.audit_events import Entry
from models.db.audit_log.audit_log import AuditLog, Wanted
from models.errors import DatabaseUnavailable
from tests.integration.gateway.conftest import FHIR_JSON, document

SENT = ("Fever and cough.", "Fever.")


@pytest.fixture
def log(engine: Engine) -> AuditLog:
    return AuditLog(engine)


@pytest.fixture
def rows(log: AuditLog) -> Callable[[], list[Entry]]:
    """The rows that were written since this was asked last."""
    seen = 0

    def new() -> list[Entry]:
        nonlocal seen
        found = list(log.export(Wanted()))
        seen, fresh = len(found), found[seen:]
        return fresh

    return new


@pytest.fixture
def stored(post: Callable[..., Any], read_all: Callable[[], None]) -> None:
    """Notes of two patients that were read."""
    for number, words in enumerate(SENT):
        assert post(document(words, patient=str(number))).status_code == 201
    read_all()


def told(rows: list[Entry]) -> list[tuple[str, str, str]]:
    return [(one.event.interaction, one.event.action, one.event.outcome) for one in rows]


@pytest.mark.usefixtures("stored")
def test_a_note_leaves_its_rows(rows: Callable[[], list[Entry]]) -> None:
    """Coming in and being read are rows of the patient, who is named by a hash alone."""
    found = rows()
    assert told(found) == [("create", "C", "0")] * 2 + [("read-note", "E", "0")] * 2
    assert [one.event.agent.kind for one in found] == ["nobody", "nobody", "process", "process"]
    first, second, *read = [one.event.patient for one in found]
    assert first != second
    assert set(read) == {first, second}
    assert all(len(one) == 64 for one in (first, second))
    assert "Patient/" not in repr(found)


@pytest.mark.usefixtures("stored")
def test_every_read_is_a_row(client: TestClient, rows: Callable[[], list[Entry]]) -> None:
    """Read, vread, history and 304 name the resource; a search is a row for each patient."""
    entry = client.get("/fhir/Condition?patient=0").json()["entry"][0]["resource"]
    named = f"Condition/{entry['id']}"
    rows()
    client.get(f"/fhir/{named}")
    client.get(f"/fhir/{named}", headers={"If-None-Match": 'W/"1"'})
    client.get(f"/fhir/{named}/_history/1")
    client.get(f"/fhir/{named}/_history")
    found = rows()
    interactions = [one.event.interaction for one in found]
    assert interactions == ["read", "read", "vread", "history-instance"]
    assert {one.event.entity for one in found} == {f"{named}/_history/1"}
    client.get("/fhir/Condition?_count=500")
    every = rows()
    assert told(every) == [("search-type", "E", "0")] * 2
    assert len({one.event.patient for one in every}) == 2
    client.get("/fhir/Condition?patient=Patient/nobody-of-ours&_count=3")
    [one] = rows()
    assert one.event.query == "patient&_count"
    assert one.event.patient
    assert "nobody-of-ours" not in repr(one)


@pytest.mark.usefixtures("stored")
def test_a_provenance_is_a_row_of_its_patient(
    client: TestClient, rows: Callable[[], list[Entry]]
) -> None:
    """A record of a note says no patient itself, and is that of the note's."""
    client.get("/fhir/Condition?patient=0")
    [condition] = rows()[-1:]
    client.get("/fhir/Provenance?patient=0")
    assert {one.event.patient for one in rows()} == {condition.event.patient}


@pytest.mark.usefixtures("stored")
def test_reads_of_a_batch_are_rows(client: TestClient, rows: Callable[[], list[Entry]]) -> None:
    """What a Bundle reads and what it writes is told entry by entry."""
    rows()
    requests: list[dict[str, Any]] = [{"method": "GET", "url": "Condition?patient=0"}] * 2
    entries: list[dict[str, Any]] = [{"request": one} for one in requests]
    note = document("Cough.", patient="0")
    entries.append({"request": {"method": "POST", "url": "DocumentReference"}, "resource": note})
    bad = {"request": {"method": "POST", "url": "DocumentReference"}, "resource": {}}
    bundle = {"resourceType": "Bundle", "type": "batch", "entry": [*entries, bad]}
    client.post("/fhir", content=orjson.dumps(bundle), headers=FHIR_JSON)
    found = rows()
    assert sorted(told(found)) == [
        ("batch", "E", "4"),
        ("create", "C", "0"),
        ("search-type", "E", "0"),
        ("search-type", "E", "0"),
    ]
    assert len({one.event.patient for one in found if one.event.outcome == "0"}) == 1


def test_a_refused_document_is_a_row(
    post: Callable[..., Any], rows: Callable[[], list[Entry]]
) -> None:
    """The code of the error is told, nothing of the document."""
    post({"resourceType": "DocumentReference", "status": "SENTINEL"})
    [one] = rows()
    assert (one.event.outcome, one.event.detail) == ("4", "not-a-document-reference")
    assert "SENTINEL" not in repr(one)


@pytest.mark.usefixtures("stored")
def test_no_answer_goes_out_before_its_row(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A log that cannot be written keeps the answer back: 503, and nothing of the patient."""

    def unwritable(*_: object) -> None:
        raise DatabaseUnavailable(kind="test")

    monkeypatch.setattr("models.db.audit_log.chain.append", unwritable)
    answer = client.get("/fhir/Condition?patient=0")
    assert answer.status_code == 503
    assert answer.json()["resourceType"] == "OperationOutcome"
    assert client.get("/fhir/metadata").status_code == 200


@pytest.mark.usefixtures("stored")
def test_rows_are_audit_events(client: TestClient, post: Callable[..., Any], log: AuditLog) -> None:
    """Every kind of row is valid R4, in the shape of IHE BALP."""
    client.get("/fhir/Condition?patient=0")
    post({"resourceType": "DocumentReference"})
    made = [audit_event(one) for one in log.export(Wanted())]
    for one in made:
        AuditEvent.model_validate_json(json.dumps(one))
    query = next(one for one in made if one["subtype"][0]["code"] == "search-type")
    assert query["meta"]["profile"][0].endswith("IHE.BasicAudit.PatientQuery")
    assert [one["role"]["code"] for one in query["entity"]] == ["1", "24"]


@pytest.mark.usefixtures("stored")
def test_the_log_is_searched(client: TestClient) -> None:
    """By patient, action, outcome, agent and day; a page at a time, the newest first."""
    client.get("/fhir/Condition?patient=1")
    of_one = client.get("/fhir/AuditEvent?patient=Patient/1").json()
    assert [one["resource"]["subtype"][0]["code"] for one in of_one["entry"]] == [
        "search-type",
        "read-note",
        "create",
    ]
    assert client.get("/fhir/AuditEvent?agent=worker").json()["total"] == 2
    assert client.get("/fhir/AuditEvent?action=C&outcome=0").json()["total"] == 2
    assert client.get("/fhir/AuditEvent?date=lt2020-01-01").json()["total"] == 0
    assert client.get("/fhir/AuditEvent?date=ge2020-01-01&date=lt2999-01-01").json()["total"]
    page = client.get("/fhir/AuditEvent?action=C&_count=1").json()
    [following] = [one["url"] for one in page["link"] if one["relation"] == "next"]
    assert client.get(following).json()["entry"][0]["resource"]["id"] == "1"
    assert client.get("/fhir/AuditEvent/1").json()["action"] == "C"
    for wrong in ("?date=2020", "?patient=a b", "?_count=x", "?who=me", "/0"):
        assert client.get(f"/fhir/AuditEvent{wrong}").status_code in {400, 404}
