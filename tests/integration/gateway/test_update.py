"""What another system puts here: one resource by PUT, or many in a batch."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from fastapi.testclient import TestClient
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.operationoutcome import OperationOutcome
from sqlalchemy import Engine, text

from tests.integration.gateway.conftest import FHIR_JSON, document

ReadAll = Callable[[], None]
Post = Callable[..., Any]

WARNING = "Mrs Oduya"


def condition(fhir_id: str = "c1", words: str = "Fever", **changes: Any) -> dict[str, Any]:
    """Return a Condition of another system."""
    return {
        "resourceType": "Condition",
        "id": fhir_id,
        "subject": {"reference": "Patient/1"},
        "code": {"text": words},
        **changes,
    }


def observation(value: str) -> bytes:
    """Return the JSON of an Observation with a decimal as it is written."""
    made = {
        "resourceType": "Observation",
        "id": "o1",
        "status": "final",
        "code": {"text": "Lactate"},
        "valueQuantity": {"value": orjson.Fragment(value), "unit": "mmol/L"},
    }
    return orjson.dumps(made)


def put(client: TestClient, resource: dict[str, Any], **headers: str) -> Any:
    """Put a resource under its type and id."""
    address = f"/fhir/{resource['resourceType']}/{resource['id']}"
    return client.put(address, content=orjson.dumps(resource), headers={**FHIR_JSON, **headers})


def entry(resource: Any, **request: Any) -> dict[str, Any]:
    """Return the entry of a batch that puts a resource; `request` changes what it asks for."""
    url = f"{resource['resourceType']}/{resource['id']}"
    return {"resource": resource, "request": {"method": "PUT", "url": url, **request}}


def batch(client: TestClient, *entries: object, **changes: Any) -> Any:
    """Post a batch; return the answer."""
    bundle = {"resourceType": "Bundle", "type": "batch", "entry": entries, **changes}
    return client.post("/fhir", content=orjson.dumps(bundle), headers=FHIR_JSON)


def responses(answer: Any) -> list[dict[str, Any]]:
    """Return what a batch-response says of each entry."""
    assert answer.status_code == 200
    bundle = answer.json()
    Bundle.model_validate(bundle)
    assert bundle["type"] == "batch-response"
    return [one["response"] for one in bundle["entry"]]


def statuses(answer: Any) -> list[str]:
    return [one["status"] for one in responses(answer)]


def test_a_put_resource_is_served(client: TestClient) -> None:
    """What is put is read, searched and numbered; the answer says so."""
    answer = put(client, condition())
    assert answer.status_code == 201
    assert answer.headers["ETag"] == 'W/"1"'
    assert answer.headers["Location"] == "http://fhir.example.org/fhir/Condition/c1/_history/1"
    assert client.get("/fhir/Condition/c1").json() == answer.json()
    assert client.get("/fhir/Condition?patient=1").json()["total"] == 1


def test_the_same_again_changes_nothing(client: TestClient) -> None:
    """The same content is no new version, whatever version and time it names."""
    first = put(client, condition())
    again = put(client, condition(meta={"versionId": "77", "lastUpdated": "2026-01-01T00:00:00Z"}))
    assert (again.status_code, again.headers["ETag"]) == (200, 'W/"1"')
    assert again.json() == first.json()
    assert client.get("/fhir/Condition/c1/_history").json()["total"] == 1


def test_other_content_is_the_next_version(client: TestClient) -> None:
    """A changed resource gets a version, and the old one can still be read."""
    put(client, condition())
    answer = put(client, condition(words="Cough"), Prefer="return=minimal")
    assert (answer.status_code, answer.headers["ETag"], answer.content) == (200, 'W/"2"', b"")
    assert client.get("/fhir/Condition/c1/_history/1").json()["code"] == {"text": "Fever"}
    assert client.get("/fhir/Condition/c1").json()["code"] == {"text": "Cough"}


def test_decimals_keep_their_digits(client: TestClient) -> None:
    """1.20 is served as 1.20, and differs from 1.2 (FHIR R4, datatypes.html#decimal)."""
    for value, etag in (("1.20", 'W/"1"'), ("1.2", 'W/"2"')):
        answer = client.put("/fhir/Observation/o1", content=observation(value), headers=FHIR_JSON)
        assert answer.headers["ETag"] == etag
        assert f'"value":{value},' in client.get("/fhir/Observation/o1").text


def test_whoever_names_a_version_changes_no_other(client: TestClient) -> None:
    """If-Match is honoured: 412 where somebody else was faster."""
    put(client, condition())
    assert put(client, condition(words="Cough"), **{"If-Match": 'W/"1"'}).status_code == 200
    stale = put(client, condition(words="Rash"), **{"If-Match": 'W/"1"'})
    assert stale.status_code == 412
    OperationOutcome.model_validate(stale.json())
    assert put(client, condition("new"), **{"If-Match": 'W/"1"'}).status_code == 412
    assert put(client, condition(words="Rash"), **{"If-Match": "one"}).status_code == 400
    assert client.get("/fhir/Condition/c1").json()["code"] == {"text": "Cough"}


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"resourceType": "Procedure"}, 400),
        ({"id": "other"}, 400),
        ({"id": None}, 400),
        ({"subject": None}, 400),
        ({"subject": WARNING}, 400),
        ({WARNING: 1}, 400),
    ],
)
def test_what_is_no_such_resource_is_refused(
    client: TestClient, changes: dict[str, Any], status: int
) -> None:
    """Another type, another id or no FHIR: 400, and the answer repeats no value."""
    made = {name: value for name, value in condition(**changes).items() if value is not None}
    answer = client.put("/fhir/Condition/c1", content=orjson.dumps(made), headers=FHIR_JSON)
    assert answer.status_code == status
    OperationOutcome.model_validate(answer.json())
    assert WARNING not in answer.text
    assert client.get("/fhir/Condition").json()["total"] == 0


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b'{"a": NaN}', b"[" * 100_000])
def test_what_is_no_json_object_is_refused(client: TestClient, body: bytes) -> None:
    """Neither door takes anything but an object."""
    for answer in (
        client.put("/fhir/Condition/c1", content=body, headers=FHIR_JSON),
        client.post("/fhir", content=body, headers=FHIR_JSON),
    ):
        assert answer.status_code in {400, 413}
        OperationOutcome.model_validate(answer.json())


def test_what_was_made_here_stays_ours(client: TestClient, post: Post, read_all: ReadAll) -> None:
    """What was found in a note here is not changed from outside; the same content is no change."""
    post(document("Fever."))
    read_all()
    [found] = client.get("/fhir/Condition").json()["entry"]
    assert put(client, found["resource"]).status_code == 200
    answer = put(client, {**found["resource"], "code": {"text": WARNING}})
    assert answer.status_code == 409
    assert WARNING not in answer.text
    assert client.get("/fhir/Condition").json()["entry"] == [found]


def test_a_batch_answers_each_entry(client: TestClient) -> None:
    """Created, unchanged and changed: one answer each, in the same order."""
    put(client, condition("a"))
    put(client, condition("b"))
    results = responses(
        batch(client, *map(entry, [condition("a"), condition("b", "Cough"), condition("c")]))
    )
    assert [(one["status"], one["etag"], one["location"]) for one in results] == [
        ("200 OK", 'W/"1"', "Condition/a/_history/1"),
        ("200 OK", 'W/"2"', "Condition/b/_history/2"),
        ("201 Created", 'W/"1"', "Condition/c/_history/1"),
    ]
    assert all(one["lastModified"] for one in results)


def test_a_bad_entry_fails_no_neighbour(client: TestClient, post: Post, read_all: ReadAll) -> None:
    """Every way to be wrong has its own status and outcome; the good entries are stored."""
    post(document("Fever."))
    read_all()
    [ours] = client.get("/fhir/Condition").json()["entry"]
    answer = batch(
        client,
        entry(condition("good1")),
        entry(condition("x", subject=WARNING)),
        entry(condition("x"), method="DELETE"),
        entry(condition("x"), url=f"Condition?name={WARNING}"),
        entry({"resourceType": "Patient", "id": WARNING[:3]}),
        entry({**ours["resource"], "code": {"text": WARNING}}),
        entry(condition("x"), ifMatch='W/"4"'),
        entry(condition("good1", "Cough")),
        WARNING,
        {"request": {"method": "PUT", "url": "Condition/x"}},
        entry({"resourceType": "DocumentReference", "id": "d", "status": WARNING}),
        entry(condition("good2")),
    )
    assert [one[:3] for one in statuses(answer)] == [
        *("201", "400", "400", "400", "404", "409", "412", "400", "400", "400", "400", "201")
    ]
    for one in responses(answer):
        if not one["status"].startswith("201"):
            OperationOutcome.model_validate(one["outcome"])
    assert WARNING not in answer.text
    assert client.get("/fhir/Condition").json()["total"] == 3
    assert client.get("/fhir/Condition/good1").json()["code"] == {"text": "Fever"}


@pytest.mark.parametrize(
    "changes", [{"type": "document"}, {"type": None}, {"resourceType": "Condition"}]
)
def test_only_what_servers_are_sent_is_taken(client: TestClient, changes: dict[str, Any]) -> None:
    """A Bundle that is a document, a collection or the answer to something asks for nothing."""
    answer = batch(client, entry(condition()), **changes)
    assert answer.status_code == 400
    OperationOutcome.model_validate(answer.json())
    assert client.get("/fhir/Condition").json()["total"] == 0


def test_an_empty_batch_is_answered(client: TestClient) -> None:
    """FHIR has no empty arrays."""
    bundle = {"resourceType": "Bundle", "type": "batch"}
    answer = client.post("/fhir", content=orjson.dumps(bundle), headers=FHIR_JSON)
    assert answer.json() == {"resourceType": "Bundle", "type": "batch-response"}


def test_a_put_document_is_a_note_to_read(client: TestClient, read_all: ReadAll) -> None:
    """A DocumentReference goes to the inbox, is numbered, and is read."""
    note = document("Fever.", id="n1")
    results = responses(batch(client, entry(note)))
    assert (results[0]["status"], results[0]["location"]) == (
        "201 Created",
        "DocumentReference/n1/_history/1",
    )
    assert statuses(batch(client, entry(note))) == ["200 OK"]
    assert put(client, document("Cough.", id="n1")).headers["ETag"] == 'W/"2"'
    read_all()
    found = client.get("/fhir/Condition").json()["entry"]
    assert {one["resource"]["code"]["text"] for one in found} == {"Fever", "Cough"}


def test_a_put_model_card_is_no_note(client: TestClient, engine: Engine) -> None:
    """A DocumentReference that an AI made is kept as it is, and nobody reads it."""
    label = {"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "code": "AIAST"}
    card = document("A model.", id="card", subject=None, meta={"security": [label]})
    assert put(client, card).status_code == 201
    assert client.get("/fhir/DocumentReference/card").json()["meta"]["security"] == [label]
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM document")) == 0


def test_a_batch_that_is_too_large_is_refused(client: TestClient) -> None:
    """The limit of a body holds for batches, too."""
    assert batch(client, entry(condition(words="x" * 20_000))).status_code == 413
