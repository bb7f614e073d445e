"""Batches: POST and GET entries, conditional creates, and how much one may ask for."""

from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest
from fastapi.testclient import TestClient
from fhir.resources.R4B.bundle import Bundle
from sqlalchemy import Engine, event

from gateway.rest.app import create_app
from models.db.inbox.inbox import Inbox
from tests.integration.gateway.conftest import FHIR_JSON, document
from tests.integration.gateway.test_update import batch, condition, entry, put, responses, statuses
from worker.settings import Settings

Post = Callable[..., Any]


def posting(resource: Any, **request: Any) -> dict[str, Any]:
    """Return the entry of a batch that creates a document."""
    return {
        "resource": resource,
        "request": {"method": "POST", "url": "DocumentReference", **request},
    }


def asking(url: str, **request: Any) -> dict[str, Any]:
    """Return the entry of a batch that reads or searches."""
    return {"request": {"method": "GET", "url": url, **request}}


def named(value: str, text: str = "Fever.", **changes: Any) -> dict[str, Any]:
    """Return a document with an identifier."""
    return document(text, identifier=[{"system": "urn:s", "value": value}], **changes)


def test_documents_are_created(client: TestClient, inbox: Inbox) -> None:
    """A POST entry stores a note under an id of our own; the same again stores nothing."""
    results = responses(batch(client, posting(named("1")), posting(named("2", id="n2"))))
    assert [one["status"] for one in results] == ["201 Created", "201 Created"]
    assert results[1]["location"] == "DocumentReference/n2/_history/1"
    assert client.get(f"/fhir/{results[0]['location']}").status_code == 200
    assert statuses(batch(client, posting(named("1")), posting(named("3")))) == [
        "200 OK",
        "201 Created",
    ]
    assert inbox.counts()["received"] == 3


def test_what_is_read_is_read_after_all_is_stored(client: TestClient) -> None:
    """GET entries answer as the server alone does, with the resource or the outcome."""
    put(client, condition("a"))
    answer = batch(
        client,
        asking("Condition?patient=1"),
        asking("Condition/a"),
        entry(condition("b")),
        asking("/Condition/a/_history/1"),
        asking("Condition/nobody"),
        asking("metadata"),
        asking("Condition?patient=1&_count=two"),
    )
    assert [one[:3] for one in statuses(answer)] == [
        "200",
        "200",
        "201",
        "200",
        "404",
        "200",
        "400",
    ]
    entries = answer.json()["entry"]
    assert entries[0]["resource"] == client.get("/fhir/Condition?patient=1").json()
    assert entries[0]["resource"]["total"] == 2
    assert entries[1]["resource"] == client.get("/fhir/Condition/a").json()
    assert entries[1]["response"]["etag"] == 'W/"1"'
    assert entries[4]["response"]["outcome"]["resourceType"] == "OperationOutcome"


@pytest.mark.parametrize(
    "url",
    ["", "http://elsewhere.example.org/Condition", "//elsewhere/x", "Condition#x", "../healthz", 5,
     "Condition?patient=\u00e9"],
)  # fmt: skip
def test_only_what_is_below_the_base_is_read(client: TestClient, url: object) -> None:
    """An address of somebody else's is refused, not fetched."""
    assert statuses(batch(client, {"request": {"method": "GET", "url": url}}))[0][:3] == "400"


@pytest.mark.parametrize("url", ["Condition", "Patient", "DocumentReference/1", "Mrs Oduya", None])
def test_only_documents_are_created(client: TestClient, url: object) -> None:
    """Other types are put under an id of their sender's."""
    answer = batch(client, posting(named("1"), url=url))
    assert statuses(answer)[0][:3] in {"400", "404"}
    assert "Oduya" not in answer.text


@pytest.mark.parametrize(
    "attachment",
    [
        {"contentType": "text/plain", "data": "%%"},
        {"contentType": "text/plain", "data": "YWJj="},
        {"contentType": "text/plain; charset=klingon", "data": "YWJj"},
        {"contentType": "application/pdf", "data": "JVBERi0x"},
        {"contentType": "text/plain"},
    ],
)
def test_every_door_stores_what_one_stores(
    client: TestClient, post: Post, inbox: Inbox, attachment: dict[str, Any]
) -> None:
    """What cannot be read is stored all the same by POST, by PUT and by both kinds of entries."""
    made = [named(str(number), id=f"n{number}") for number in range(4)]
    for one in made:
        one["content"] = [{"attachment": attachment}]
    assert post(made[0]).status_code == 201
    assert put(client, made[1]).status_code == 201
    assert statuses(batch(client, entry(made[2]), posting(made[3]))) == ["201 Created"] * 2
    assert inbox.counts()["received"] == 4


@pytest.mark.parametrize("query", ["identifier=urn:s|1", "_id=n1"])
def test_a_conditional_create_stores_what_is_not_there(
    client: TestClient, post: Post, inbox: Inbox, query: str
) -> None:
    """With If-None-Exist a document that is there is answered, and other words are not stored."""
    first = post(named("1", id="n1"), **{"If-None-Exist": query})
    second = post(named("1", "Cough.", id="n1"), **{"If-None-Exist": query})
    third = responses(batch(client, posting(named("1", "Rash.", id="n1"), ifNoneExist=query)))[0]
    assert (first.status_code, second.status_code, third["status"]) == (201, 200, "200 OK")
    assert first.headers["Location"] == second.headers["Location"]
    assert first.headers["Location"].endswith(third["location"])
    assert first.json() == second.json()
    assert inbox.counts()["received"] == 1
    assert post(named("1", "Cough.", id="n1")).headers["ETag"] == 'W/"2"'


def test_a_condition_that_is_not_understood_is_refused(client: TestClient, post: Post) -> None:
    """It is never ignored; two entries of one condition are as a resource that is named twice."""
    assert post(named("1"), **{"If-None-Exist": "status=current"}).status_code == 400
    twice = [posting(named(one), ifNoneExist="identifier=urn:s|9") for one in "12"]
    wrong = posting(named("3"), ifNoneExist="title=x")
    assert [one[:3] for one in statuses(batch(client, *twice, wrong))] == ["201", "400", "400"]


@pytest.fixture
def roomy(settings: Settings) -> Iterator[TestClient]:
    """A client of a server that takes bodies of its usual size."""
    usual = settings.model_copy(update={"max_body_bytes": 64 * 1024 * 1024})
    with TestClient(create_app(usual), base_url="http://fhir.example.org") as found:
        yield found


def send(client: TestClient, body: bytes, path: str = "/fhir") -> Any:
    return client.post(path, content=body, headers=FHIR_JSON)


@pytest.mark.parametrize("number", [1001, 2_000_000])
def test_too_many_entries_are_refused_before_any_is_looked_at(
    roomy: TestClient, number: int
) -> None:
    """One entry more than a thousand, or two million, answer 413 and little else."""
    entries = b",".join([b"{}"] * number)
    answer = send(roomy, b'{"resourceType":"Bundle","type":"batch","entry":[' + entries + b"]}")
    assert answer.status_code == 413
    assert answer.json()["issue"][0]["code"] == "too-costly"
    assert len(answer.content) < 1000


def test_a_document_of_too_many_elements_is_refused(roomy: TestClient, inbox: Inbox) -> None:
    """400,000 empty extensions are never validated, whichever door they come to."""
    raw = orjson.dumps({**document(id="n"), "extension": [{}]})
    many = raw.replace(b"[{}]", b"[" + b",".join([b"{}"] * 400_000) + b"]")
    put = roomy.put("/fhir/DocumentReference/n", content=many, headers=FHIR_JSON)
    for answer in (send(roomy, many, "/fhir/DocumentReference"), put):
        assert answer.status_code == 413
    assert sum(inbox.counts().values()) == 0


def test_a_thousand_bad_entries_are_answered_shortly(roomy: TestClient) -> None:
    """Of each entry's faults only the first are told."""
    bad = posting({**named("1"), "author": [{"wrong": 1}] * 20})
    answer = batch(roomy, *[bad] * 1000)
    assert set(statuses(answer)) == {"400 Bad Request"}
    assert len(answer.content) < 1000 * 2000


def test_a_thousand_notes_are_one_transaction(roomy: TestClient, engine: Engine) -> None:
    """The notes of a batch are committed together, not one by one."""
    commits = 0

    def count(_: object) -> None:
        nonlocal commits
        commits += 1

    event.listen(Engine, "commit", count)
    try:
        results = responses(batch(roomy, *(posting(named(str(one))) for one in range(1000))))
    finally:
        event.remove(Engine, "commit", count)
    assert {one["status"] for one in results} == {"201 Created"}
    assert len({one["location"] for one in results}) == 1000
    assert commits <= 3
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM document").scalar() == 1000


def test_answers_to_entries_have_a_limit(client: TestClient) -> None:
    """A thousand times the same large search is answered as far as the limit of a body goes."""
    for number in range(20):
        put(client, condition(f"c{number}", "x" * 300))
    answer = batch(client, *[asking("Condition?patient=1")] * 9)
    results = [one[:3] for one in statuses(answer)]
    assert results[0] == "200"
    assert results[-1] == "413"
    Bundle.model_validate(answer.json())
