"""POST /fhir/DocumentReference, against a real database."""

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from gateway.rest.app import create_app
from models.db.inbox.inbox import Inbox
from tests.integration.gateway.conftest import FHIR_JSON, document
from worker.settings import Settings

Post = Callable[..., Any]
PATH = "/fhir/DocumentReference"


def issue(answer: Any) -> tuple[str, str]:
    """Return our code and the sentence of an OperationOutcome."""
    body = answer.json()
    assert body["resourceType"] == "OperationOutcome"
    details = body["issue"][0]["details"]
    return details["coding"][0]["code"], details["text"]


def test_a_document_is_stored_before_it_is_answered(post: Post, inbox: Inbox) -> None:
    """A new document answers 201 with its place, its version and itself, and waits in the inbox."""
    answer = post(document(id="note-1"))
    assert answer.status_code == 201
    place = "http://fhir.example.org/fhir/DocumentReference/note-1/_history/1"
    assert answer.headers["Location"] == place
    assert answer.headers["ETag"] == 'W/"1"'
    assert answer.json()["meta"]["versionId"] == "1"
    assert sum(inbox.counts().values()) == 1


def test_the_same_document_again_stores_nothing(post: Post, inbox: Inbox) -> None:
    """The same document answers 200 with the Location it had."""
    first, second = post(document()), post(document())
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.headers["Location"] == second.headers["Location"]
    assert sum(inbox.counts().values()) == 1


def test_a_corrected_document_is_the_next_version(post: Post) -> None:
    """The same identifier with other content is version 2 of the same document."""
    post(document(id="note-1"))
    answer = post(document(id="note-1", description="corrected"))
    assert answer.status_code == 201
    assert answer.headers["Location"].endswith("/DocumentReference/note-1/_history/2")


def test_minimal_answers_have_no_body(post: Post) -> None:
    """`Prefer: return=minimal` is honoured."""
    answer = post(document(), Prefer="return=minimal")
    assert (answer.status_code, answer.content) == (201, b"")


def test_a_dead_broker_fails_no_request(post: Post, inbox: Inbox) -> None:
    """With nobody at the broker's address the document is stored, and waits for the sweeper."""
    assert post(document()).status_code == 201
    assert inbox.counts()["received"] == 1


def test_the_bell_is_rung(settings: Settings, broker_url: str, inbox: Inbox) -> None:
    """With a broker the document is queued as soon as it is stored."""
    ringing = settings.model_copy(update={"broker_url": broker_url})
    with TestClient(create_app(ringing)) as client:
        client.post(PATH, content=json.dumps(document()), headers=FHIR_JSON)
    assert inbox.counts()["queued"] == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"resourceType": "DocumentReference"', "not-a-document-reference"),
        (b"", "not-a-document-reference"),
        (b"[]", "not-a-document-reference"),
        (b'{"resourceType": "Patient"}', "not-a-document-reference"),
        (b'{"resourceType": "DocumentReference", "status": "current"}', "not-a-document-reference"),
        (b"\xff\xfe", "not-a-document-reference"),
    ],
)
def test_what_is_no_document_is_refused(
    client: TestClient, inbox: Inbox, body: bytes, code: str
) -> None:
    """A body that is no DocumentReference answers 400 and stores nothing."""
    answer = client.post(PATH, content=body, headers=FHIR_JSON)
    assert answer.status_code == 400
    assert issue(answer)[0] == code
    assert sum(inbox.counts().values()) == 0


def test_refusals_hold_no_words_of_the_note(post: Post) -> None:
    """The text of an unknown element, its name and the attachment stay out of the answer."""
    words = "Mrs Oduya has syphilis"
    answer = post({**document(words, noteText=words), words: 1})
    assert answer.status_code == 400
    assert "Oduya" not in answer.text


def test_broken_base64_is_stored(post: Post, inbox: Inbox) -> None:
    """Bad base64 is the worker's to report: the document is accepted."""
    answer = post(document(content=[{"attachment": {"contentType": "text/plain", "data": "%%"}}]))
    assert answer.status_code == 201
    assert sum(inbox.counts().values()) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "application/fhir+xml"},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/fhir+json; charset=iso-8859-1"},
        {"Content-Type": "application/fhir+json", "Content-Encoding": "gzip"},
        {},
    ],
)
def test_only_plain_json_is_taken(client: TestClient, headers: dict[str, str]) -> None:
    """XML, other charsets, compressed bodies and undeclared ones answer 415."""
    answer = client.post(PATH, content=b"<x/>", headers=headers)
    assert answer.status_code == 415
    assert issue(answer)[0] == "unsupported-media-type"


@pytest.mark.parametrize("kind", ["application/json", "application/fhir+json; charset=UTF-8"])
def test_both_names_of_json_are_taken(post: Post, kind: str) -> None:
    """FHIR's own media type and plain JSON mean the same."""
    assert post(document(), **{"Content-Type": kind}).status_code == 201


def test_a_declared_length_beyond_the_limit_is_refused(post: Post, inbox: Inbox) -> None:
    """A body of more bytes than allowed answers 413."""
    answer = post(document("a" * 30_000))
    assert answer.status_code == 413
    assert issue(answer) == (
        "input-too-large",
        "The request is larger than the 20000 bytes allowed.",
    )
    assert sum(inbox.counts().values()) == 0


def test_an_undeclared_length_is_counted(client: TestClient) -> None:
    """A body sent in pieces, without a length, is stopped at the limit and not read to its end."""
    taken = 0

    def pieces() -> Iterator[bytes]:
        nonlocal taken
        for _ in range(1000):
            taken += 1
            yield b" " * 1000

    answer = client.post(PATH, content=pieces(), headers=FHIR_JSON)
    assert answer.status_code == 413
    assert issue(answer)[0] == "input-too-large"


@pytest.mark.parametrize("carried_as", ["utf-8-sig", "utf-8", "utf-16"])
def test_offsets_count_in_the_stored_text(
    client: TestClient,
    engine: Engine,
    post: Post,
    read_all: Callable[[], None],
    carried_as: str,
) -> None:
    """With a byte order mark before the text or without, offset and length cut the same words."""
    data = base64.b64encode("😀 Fever today.".encode(carried_as)).decode()
    kind = f"text/plain; charset={carried_as.removesuffix('-sig')}"
    assert post(document(content=[{"attachment": {"contentType": kind, "data": data}}])).is_success
    read_all()
    with engine.connect() as connection:
        stored = connection.scalar(text("SELECT text FROM note"))
    [found] = client.get("/fhir/Condition").json()["entry"]
    [evidence] = [one for one in found["resource"]["extension"] if "extension" in one]
    place = {one["url"]: one.get("valueInteger") for one in evidence["extension"]}
    start, length = place["offset"], place["length"]
    assert stored == "😀 Fever today."
    assert stored[start : start + length] == "Fever"
