"""Transactions: all or nothing, links that lead here, the order of what is asked."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from fastapi.testclient import TestClient

from models.db.inbox.inbox import Inbox
from tests.integration.gateway.conftest import FHIR_JSON
from tests.integration.gateway.incoming.reports import bundle, posted, report
from tests.integration.gateway.test_batch import asking, named
from tests.integration.gateway.test_update import condition, entry

Send = Callable[..., Any]

A = "urn:uuid:6b5e7bd2-6c1f-4b3e-9f0e-0c0a2a8f0001"
B = "urn:uuid:6b5e7bd2-6c1f-4b3e-9f0e-0c0a2a8f0002"


@pytest.fixture
def send(client: TestClient) -> Send:
    """Send the entries of a transaction and return the answer."""

    def sent(*entries: dict[str, Any], **headers: str) -> Any:
        content = orjson.dumps(bundle("transaction", *entries))
        return client.post("/fhir", content=content, headers={**FHIR_JSON, **headers})

    return sent


def issue(answer: Any) -> tuple[int, str, list[str]]:
    """Return status, code and place of a refusal."""
    [found] = answer.json()["issue"]
    return answer.status_code, found["details"]["coding"][0]["code"], found.get("expression", [])


def relating(reference: str) -> dict[str, Any]:
    """Return what a document says that appends another one."""
    return {"relatesTo": [{"code": "appends", "target": {"reference": reference}}]}


def test_all_are_stored_and_answered_in_their_order(send: Send, client: TestClient) -> None:
    """Documents, reports and other resources together; a read sees what was stored."""
    answer = send(
        asking("Condition/c"),
        entry(condition("c")),
        posted(report("Fever.", id="r")),
        posted(named("1", id="d")),
    )
    assert (answer.status_code, answer.json()["type"]) == (200, "transaction-response")
    entries = answer.json()["entry"]
    assert [one["response"]["status"][:3] for one in entries] == ["200", "201", "201", "201"]
    assert entries[0]["resource"]["id"] == "c"
    assert entries[2]["response"]["location"] == "DiagnosticReport/r/_history/1"
    assert client.get("/fhir/DocumentReference/d").status_code == 200


def test_one_that_is_refused_undoes_all(
    send: Send, client: TestClient, inbox: Inbox, read_all: Callable[[], None]
) -> None:
    """Whether it is no resource, or one that a note made: nothing of the Bundle is stored."""
    bad = send(posted(named("1")), entry(condition("c")), posted({**named("2"), "status": "x"}))
    assert issue(bad) == (400, "not-a-resource", ["Bundle.entry[2]"])
    stale = send(posted(named("1")), entry(condition("c"), ifMatch='W/"7"'))
    assert issue(stale)[:2] == (412, "version-conflict")
    send(posted(named("0", "Fever.")))
    read_all()
    [made] = client.get("/fhir/Condition?patient=1").json()["entry"]
    changed = {**made["resource"], "code": {"text": "Cough"}}
    ours = send(posted(named("1")), entry(condition("c")), entry(changed))
    assert issue(ours)[:2] == (409, "server-owned")
    assert sum(inbox.counts().values()) == 1
    assert client.get("/fhir/Condition/c").status_code == 404


@pytest.mark.parametrize("forward", [True, False])
def test_links_between_entries_lead_to_where_they_lie(
    send: Send, client: TestClient, *, forward: bool
) -> None:
    """`urn:uuid:` of another entry becomes its place, before or after it, in the narrative too."""
    div = f'<div xmlns="http://www.w3.org/1999/xhtml"><a href="{A}">it</a> {A}</div>'
    first = posted(named("1"), A)
    narrative = {"text": {"status": "generated", "div": div}}
    second = posted({**named("2", **relating(A)), **narrative}, B)
    answer = send(*([second, first] if forward else [first, second])).json()
    places = [one["response"]["location"].partition("/_history")[0] for one in answer["entry"]]
    target, source = reversed(places) if forward else places
    stored = client.get(f"/fhir/{source}").json()
    assert stored["relatesTo"][0]["target"]["reference"] == target
    assert f'href="{target}"' in stored["text"]["div"]
    assert f"{A}</div>" in stored["text"]["div"]  # a word of it, and no link


def test_an_identifier_that_looks_like_a_link_stays(send: Send, client: TestClient) -> None:
    """IHE's identifiers are `urn:uuid:` too."""
    name = [{"system": "urn:ietf:rfc:3986", "value": A}]
    answer = send(posted({**named("1"), "identifier": name}, A)).json()
    place = answer["entry"][0]["response"]["location"].partition("/_history")[0]
    assert client.get(f"/fhir/{place}").json()["identifier"] == name


def test_the_same_transaction_again_stores_nothing(send: Send, inbox: Inbox) -> None:
    """Also where documents have no identifier and link to each other in a circle."""
    entries = [
        posted({**named("1"), "identifier": [], **relating(B), "description": "a"}, A),
        posted({**named("2"), "identifier": [], **relating(A), "description": "b"}, B),
    ]
    for one in entries:
        one["resource"].pop("identifier")
    first, second = send(*entries).json(), send(*entries).json()
    places = [[one["response"]["location"] for one in each["entry"]] for each in (first, second)]
    assert places[0] == places[1]
    assert [one["response"]["status"] for one in second["entry"]] == ["200 OK"] * 2
    assert sum(inbox.counts().values()) == 2


def test_what_is_there_is_linked_to_and_not_stored(send: Send, client: TestClient) -> None:
    """A conditional create that is met leads links to the document that is there."""
    send(posted(named("1", id="there")))
    met = posted(named("1", "Other words."), A, ifNoneExist="identifier=urn:s|1")
    answer = send(met, posted(named("2", id="new", **relating(A)))).json()
    assert answer["entry"][0]["response"]["location"] == "DocumentReference/there/_history/1"
    stored = client.get("/fhir/DocumentReference/new").json()
    assert stored["relatesTo"][0]["target"]["reference"] == "DocumentReference/there"


@pytest.mark.parametrize("within", [True, False])
def test_a_conditional_reference_is_resolved(
    send: Send, client: TestClient, *, within: bool
) -> None:
    """It leads to the one document that is meant, of the server or of the transaction itself."""
    target = posted(named("1", id="target"))
    if not within:
        send(target)
    other = posted(named("2", id="new", **relating("DocumentReference?identifier=urn:s|1")))
    assert send(*([target] if within else []), other).status_code == 200
    stored = client.get("/fhir/DocumentReference/new").json()
    assert stored["relatesTo"][0]["target"]["reference"] == "DocumentReference/target"


@pytest.mark.parametrize(
    ("reference", "refusal"),
    [
        ("DocumentReference?identifier=urn:s|9", (412, "no-match")),
        ("DocumentReference?subject=Patient/1", (412, "several-matches")),
        ("Patient?identifier=urn:s|1", (400, "bad-request")),
        ("DocumentReference?status=current", (400, "bad-request")),
    ],
)
def test_a_conditional_reference_that_leads_nowhere_undoes_all(
    send: Send, inbox: Inbox, reference: str, refusal: tuple[int, str]
) -> None:
    """No match, several, or a search that is not offered: nothing is stored."""
    send(posted(named("1")), posted(named("2")))
    assert issue(send(posted(named("3", **relating(reference)))))[:2] == refusal
    assert sum(inbox.counts().values()) == 2


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        ({"request": {"method": "DELETE", "url": "DocumentReference/1"}}, (400, "not-offered")),
        ({"request": {"method": "PATCH", "url": "DocumentReference/1"}}, (400, "not-offered")),
        ({"request": {"method": "Mrs Oduya", "url": "x"}}, (400, "not-offered")),
        (posted({"resourceType": "Patient"}), (404, "not-found")),
        (posted({"resourceType": "Condition"}), (400, "not-offered")),
        ({}, (400, "bad-request")),
        ({"request": 5}, (400, "bad-request")),
    ],
)
def test_what_is_not_offered_undoes_all(
    send: Send, inbox: Inbox, asked: dict[str, Any], refusal: tuple[int, str]
) -> None:
    """The outcome names the entry, and none of its words."""
    answer = send(posted(named("1")), asked)
    assert issue(answer) == (*refusal, ["Bundle.entry[1]"])
    assert "Oduya" not in answer.text
    assert sum(inbox.counts().values()) == 0


def test_a_resource_is_not_changed_twice(send: Send, inbox: Inbox) -> None:
    """By whatever name: an id twice, a condition and an id, the same condition twice."""
    same = posted(named("1", id="x")), posted(named("2", id="x"))
    assert issue(send(*same))[:2] == (400, "named-twice")
    assert issue(send(entry(condition("c")), entry(condition("c"))))[:2] == (400, "named-twice")
    send(posted(named("1", id="x")))
    asked = {"method": "PUT", "url": "DocumentReference?identifier=urn:s|1"}
    meant = {"resource": named("1", "Cough."), "request": asked}
    byid = entry(named("1", "Rash.", id="x"))
    assert issue(send(meant, byid))[:2] == (400, "named-twice")
    assert sum(inbox.counts().values()) == 1


@pytest.mark.parametrize(
    ("prefer", "element"),
    [("representation", "resource"), ("OperationOutcome", "outcome"), ("minimal", None)],
)
def test_an_entry_has_what_the_client_prefers(send: Send, prefer: str, element: str | None) -> None:
    """`Prefer: return=…` holds for each entry."""
    [made] = send(posted(named("1")), Prefer=f"return={prefer}").json()["entry"]
    assert ("resource" in made) == (element == "resource")
    assert ("outcome" in made["response"]) == (element == "outcome")
