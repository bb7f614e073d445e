"""FHIR messages: a MessageHeader and the documents it brings, answered by a message."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from fastapi.testclient import TestClient
from fhir.resources.R4B.bundle import Bundle

from models.db.inbox.inbox import Inbox
from models.errors import DatabaseUnavailable
from tests.integration.gateway.conftest import FHIR_JSON
from tests.integration.gateway.incoming.reports import bundle, report
from tests.integration.gateway.test_batch import named

PATIENT = "urn:uuid:6b5e7bd2-6c1f-4b3e-9f0e-0c0a2a8f0003"


def header(**changes: Any) -> dict[str, Any]:
    """Return a MessageHeader."""
    made = {
        "resourceType": "MessageHeader",
        "id": "m1",
        "eventUri": "urn:example:note",
        "source": {"name": "ward", "endpoint": "http://ward.example.org/fhir"},
        **changes,
    }
    return {name: value for name, value in made.items() if value is not None}


def message(*resources: dict[str, Any], **urls: str) -> dict[str, Any]:
    """Return a message of resources; `urls` name the fullUrl of an entry, as `at1=…`."""
    entries = [{"resource": one} for one in resources]
    for place, url in urls.items():
        entries[int(place.removeprefix("at"))]["fullUrl"] = url  # type: ignore[assignment]
    return bundle("message", *entries)


def send(client: TestClient, body: dict[str, Any], path: str = "/fhir") -> Any:
    """Send a message."""
    return client.post(path, content=orjson.dumps(body), headers=FHIR_JSON)


@pytest.mark.parametrize("path", ["/fhir", "/fhir/$process-message"])
def test_a_message_is_taken_in_and_answered(client: TestClient, inbox: Inbox, path: str) -> None:
    """Its documents are stored; the answer names its id and says what was not taken."""
    patient = {"resourceType": "Patient", "id": "1"}
    answer = send(client, message(header(), named("1"), report("Cough."), patient), path)
    assert answer.status_code == 200
    Bundle.model_validate(answer.json())
    head, outcome = (one["resource"] for one in answer.json()["entry"])
    assert head["response"]["identifier"] == "m1"
    assert head["response"]["code"] == "ok"
    assert head["response"]["details"]["reference"] == answer.json()["entry"][1]["fullUrl"]
    assert head["destination"] == [{"name": "ward", "endpoint": "http://ward.example.org/fhir"}]
    assert head["eventUri"] == "urn:example:note"
    said = outcome["issue"][0]["details"]["text"]
    assert said == "2 documents stored, of 2; not taken in: Patient"
    assert inbox.counts()["received"] == 2


def test_the_same_message_again_stores_nothing(client: TestClient, inbox: Inbox) -> None:
    """It is answered as before."""
    first, second = (send(client, message(header(), named("1"))) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 200)
    assert inbox.counts()["received"] == 1


def test_who_a_note_is_about_is_named_as_the_sender_names_it(
    client: TestClient, read_all: Callable[[], None]
) -> None:
    """A subject that is an entry of the message becomes `Patient/<its id>`."""
    made = named("1", subject={"reference": PATIENT})
    send(client, message(header(), {"resourceType": "Patient", "id": "77"}, made, at1=PATIENT))
    read_all()
    assert client.get("/fhir/Condition?patient=77").json()["total"] == 1


@pytest.mark.parametrize(
    "entries",
    [
        (),
        (named("1"), header()),
        (header(),),
        (header(id=None), named("1")),
        (header(source=None), named("1")),
        (header(), {"resourceType": "Patient"}),
    ],
)
def test_what_is_no_message_is_refused(
    client: TestClient, inbox: Inbox, entries: tuple[dict[str, Any], ...]
) -> None:
    """A header that is not first, not valid or alone: 400 with an OperationOutcome."""
    answer = send(client, message(*entries))
    assert (answer.status_code, answer.json()["resourceType"]) == (400, "OperationOutcome")
    assert sum(inbox.counts().values()) == 0


def test_a_bad_document_refuses_the_message(client: TestClient, inbox: Inbox) -> None:
    """All or none; the answer is a message with a fatal error, and its status says so too."""
    answer = send(client, message(header(), named("1"), {**named("2"), "status": "Mrs Oduya"}))
    assert answer.status_code == 400
    head, outcome = (one["resource"] for one in answer.json()["entry"])
    assert head["response"]["code"] == "fatal-error"
    assert outcome["issue"][0]["expression"] == ["Bundle.entry[2]"]
    assert "Oduya" not in answer.text
    assert sum(inbox.counts().values()) == 0


def test_a_database_that_is_away_is_a_transient_error(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sending again can help, and the answer says when."""

    def away(*_: object) -> None:
        raise DatabaseUnavailable(kind="OperationalError")

    monkeypatch.setattr("models.db.inbox.receiving.receive", away)
    answer = send(client, message(header(), named("1")))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert answer.json()["entry"][0]["resource"]["response"]["code"] == "transient-error"
    assert int(answer.headers["Content-Length"]) == len(answer.content)
