"""Conditional create and update: the document that is meant, without its id being known."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from fastapi.testclient import TestClient

from models.db.inbox.inbox import Inbox
from tests.integration.gateway.conftest import FHIR_JSON, document
from tests.integration.gateway.incoming.reports import posted, report
from tests.integration.gateway.test_batch import named
from tests.integration.gateway.test_update import batch, statuses

Post = Callable[..., Any]


def put(client: TestClient, query: str, resource: dict[str, Any], **headers: str) -> Any:
    """Update what a query of the resource's type means."""
    return client.put(
        f"/fhir/{resource['resourceType']}?{query}",
        content=orjson.dumps(resource),
        headers={**FHIR_JSON, **headers},
    )


def code(answer: Any) -> tuple[int, str]:
    """Return status and code of a refusal."""
    return answer.status_code, answer.json()["issue"][0]["details"]["coding"][0]["code"]


def two_names(text: str = "Fever.", **changes: Any) -> dict[str, Any]:
    """Return a document with two identifiers and a master identifier."""
    names = [{"system": "urn:a", "value": "1"}, {"value": "without a system"}]
    master = {"system": "urn:m", "value": "9"}
    return document(text, identifier=names, masterIdentifier=master, **changes)


@pytest.mark.parametrize(
    "query",
    [
        "identifier=urn:a|1",
        "identifier=urn:m|9",
        "identifier=9",
        "identifier=|without%20a%20system",
        "identifier=urn:x|0,urn:a|1",
        "identifier=urn:a|1&identifier=urn:m|9",
        "identifier=urn:a|1&patient=1",
        "subject=Patient/1",
        "_id=n1",
        "?identifier=urn:a|1",
        "DocumentReference?identifier=urn:a|1",
    ],
)
def test_what_is_there_is_not_created(post: Post, inbox: Inbox, query: str) -> None:
    """Every identifier counts, and all that is asked for must hold."""
    post(two_names(id="n1"))
    again = post(document("Cough."), **{"If-None-Exist": query})
    assert again.status_code == 200
    assert again.headers["Location"].endswith("DocumentReference/n1/_history/1")
    assert sum(inbox.counts().values()) == 1


@pytest.mark.parametrize(
    "query",
    ["identifier=urn:x|1", "identifier=|1", "identifier=urn:a|1&identifier=urn:x|9",
     "identifier=urn:a|1&patient=2", "_id=n2"],
)  # fmt: skip
def test_what_is_not_there_is_created(post: Post, inbox: Inbox, query: str) -> None:
    """A system that differs, an identifier more or another patient is not met."""
    post(two_names(id="n1"))
    assert post(document("Cough."), **{"If-None-Exist": query}).status_code == 201
    assert sum(inbox.counts().values()) == 2


def test_a_condition_in_the_query_counts_too(client: TestClient, inbox: Inbox) -> None:
    """As fhirpy sends it; in both places it is refused, and so is one where none can stand."""
    content = orjson.dumps(named("1"))
    path = "/fhir/DocumentReference?identifier=urn:s|1&_format=json"
    codes = [client.post(path, content=content, headers=FHIR_JSON).status_code for _ in "12"]
    assert codes == [201, 200]
    both = {**FHIR_JSON, "If-None-Exist": "identifier=urn:s|2"}
    assert client.post(path, content=content, headers=both).status_code == 400
    for method, nowhere in (("PUT", "/fhir/DocumentReference/n1"), ("POST", "/fhir")):
        answer = client.request(method, f"{nowhere}?_id=1", content=content, headers=FHIR_JSON)
        assert answer.status_code == 400
    assert sum(inbox.counts().values()) == 1


def test_a_report_is_not_met_by_a_document(client: TestClient, post: Post, inbox: Inbox) -> None:
    """A condition is of one type."""
    post(two_names())
    made = report("Fever.")
    headers = {**FHIR_JSON, "If-None-Exist": "identifier=urn:a|1"}
    answer = client.post("/fhir/DiagnosticReport", content=orjson.dumps(made), headers=headers)
    assert answer.status_code == 201
    assert sum(inbox.counts().values()) == 2


@pytest.mark.parametrize(
    "query",
    ["", "?", "status=current", "identifier=", "identifier=urn:a|", "identifier=a|b|c", "_id=a/b",
     "patient=Mrs%20Oduya", "identifier=a,,b", "identifier:exact=1", "&".join(["_id=1"] * 21)],
)  # fmt: skip
def test_a_condition_that_is_not_understood_is_refused(
    client: TestClient, post: Post, inbox: Inbox, query: str
) -> None:
    """It is never ignored, and its words are not repeated."""
    post(two_names())
    created = post(document("Cough."), **{"If-None-Exist": query})
    updated = put(client, query, document("Cough."))
    assert (created.status_code, updated.status_code) == (400, 400)
    assert "Oduya" not in created.text + updated.text
    assert sum(inbox.counts().values()) == 1


def test_an_update_of_nothing_creates(client: TestClient) -> None:
    """Without an id under one of ours; with an id under that one (http.html#cond-update)."""
    new = put(client, "identifier=urn:s|1", named("1"))
    own = put(client, "identifier=urn:s|2", named("2", id="mine"))
    assert (new.status_code, own.status_code) == (201, 201)
    assert own.headers["Location"].endswith("/DocumentReference/mine/_history/1")


def test_an_update_of_one_is_its_next_version(
    client: TestClient, read_all: Callable[[], None]
) -> None:
    """Also where it is meant by an identifier that is not its first, and lacks that one by now."""
    first = put(client, "identifier=urn:m|9", two_names(id="n1"))
    read_all()
    changed = two_names("Cough.")
    changed["identifier"] = [{"system": "urn:new", "value": "5"}]
    second = put(client, "identifier=urn:m|9", changed)
    read_all()
    assert (first.status_code, second.status_code) == (201, 200)
    assert second.headers["Location"].endswith("/DocumentReference/n1/_history/2")
    found = client.get("/fhir/Condition?patient=1").json()["entry"]
    status = {
        one["resource"]["code"]["text"]: one["resource"]["verificationStatus"]["coding"][0]["code"]
        for one in found
    }
    assert status == {"Fever": "entered-in-error", "Cough": "unconfirmed"}


def test_an_older_version_is_not_what_is_meant(client: TestClient) -> None:
    """A search finds the newest version alone: an identifier that it lost finds nothing."""
    put(client, "_id=n1", document(id="n1", identifier=[{"value": "old"}, {"value": "kept"}]))
    put(client, "_id=n1", document(id="n1", identifier=[{"value": "kept"}]))
    assert put(client, "identifier=old", named("3")).status_code == 201
    assert put(client, "identifier=kept", named("3")).headers["ETag"] == 'W/"3"'


def test_an_update_of_several_is_refused(client: TestClient, inbox: Inbox) -> None:
    """Nobody could say which is meant."""
    for one in "12":
        put(client, f"identifier=urn:s|{one}", named(one))
    assert code(put(client, "patient=1", named("3"))) == (412, "several-matches")
    assert sum(inbox.counts().values()) == 2


def test_an_update_of_one_under_another_id_is_refused(client: TestClient, inbox: Inbox) -> None:
    """An id never changes."""
    put(client, "identifier=urn:s|1", named("1", id="n1"))
    assert code(put(client, "identifier=urn:s|1", named("1", id="n2"))) == (400, "bad-request")
    assert sum(inbox.counts().values()) == 1


def test_who_names_a_version_changes_no_other(client: TestClient) -> None:
    """If-Match holds for an update by a condition too, and where there is nothing."""
    put(client, "identifier=urn:s|1", named("1"))
    at_first = {"If-Match": 'W/"1"'}
    assert put(client, "identifier=urn:s|1", named("1", "Cough."), **at_first).status_code == 200
    stale = put(client, "identifier=urn:s|1", named("1", "Rash."), **at_first)
    assert code(stale) == (412, "version-conflict")
    nothing = put(client, "identifier=urn:s|2", named("2"), **at_first)
    assert code(nothing) == (412, "version-conflict")


def test_only_documents_are_updated_by_a_condition(client: TestClient) -> None:
    """There is no such route for other types, and in a batch it is refused."""
    condition = {"resourceType": "Condition", "id": "c", "subject": {"reference": "Patient/1"}}
    assert put(client, "patient=1", condition).status_code == 405
    system = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue"
    label = {"security": [{"system": system, "code": "AIAST"}]}
    assert code(put(client, "patient=1", named("1", meta=label))) == (400, "not-offered")
    asked = {"resource": condition, "request": {"method": "PUT", "url": "Condition?patient=1"}}
    assert statuses(batch(client, asked)) == ["400 Bad Request"]


def test_a_batch_takes_conditions(client: TestClient, inbox: Inbox) -> None:
    """Each for itself: several matches fail no neighbour."""
    for one in "12":
        put(client, f"identifier=urn:s|{one}", named(one))
    asked = [
        {"resource": named("9"), "request": {"method": "PUT", "url": f"DocumentReference?{query}"}}
        for query in ("identifier=urn:s|1", "patient=1", "identifier=urn:s|7")
    ]
    answer = batch(client, *asked, posted(named("8"), ifNoneExist="subject=Patient/1"))
    assert [one[:3] for one in statuses(answer)] == ["200", "412", "201", "412"]
    assert sum(inbox.counts().values()) == 4


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_a_client_gets_what_it_prefers(client: TestClient, method: str) -> None:
    """`Prefer: return=…`: nothing, the resource, or an outcome that says what was done."""
    bodies = {}
    for prefer in ("minimal", "representation", "OperationOutcome"):
        path = "/fhir/DocumentReference" + ("/n1" if method == "PUT" else "")
        answer = client.request(
            method,
            path,
            content=orjson.dumps(document(prefer, id="n1")),
            headers={**FHIR_JSON, "Prefer": f"return={prefer}"},
        )
        assert answer.headers["ETag"]
        bodies[prefer] = answer.json()["resourceType"] if answer.content else None
    assert bodies == {
        "minimal": None,
        "representation": "DocumentReference",
        "OperationOutcome": "OperationOutcome",
    }
