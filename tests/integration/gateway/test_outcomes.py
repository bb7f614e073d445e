"""What becomes of each document that cannot be read: the table of decision 4, row by row."""

import base64
from collections.abc import Callable
from typing import Any

import pytest

from models.db.inbox.inbox import Inbox
from tests.integration.gateway.conftest import BASE, NOBODY, document
from tests.pdfs import Page, pdf
from worker.settings import Settings

Post = Callable[..., Any]


@pytest.fixture
def settings(sqlite_url: str) -> Settings:
    """The default limits, and a dead broker."""
    return Settings(database_url=sqlite_url, broker_url=NOBODY, base_url=BASE)


def _attachment(data: bytes, content_type: str = "text/plain; charset=utf-8") -> dict[str, Any]:
    encoded = base64.b64encode(data).decode()
    return {"content": [{"attachment": {"contentType": content_type, "data": encoded}}]}


UNREADABLE = {
    "bad-base64": {"content": [{"attachment": {"contentType": "text/plain", "data": "%%%"}}]},
    "unknown-charset": _attachment(b"Fever.", "text/plain; charset=klingon"),
    "wrong-charset": _attachment("Fièvre.".encode("latin-1"), "text/plain; charset=utf-8"),
    "missing-subject": {"subject": None},
    "unsupported-content-type": _attachment(b"\x89PNG", "image/png"),
    "no-attachment-data": {"content": [{"attachment": {"contentType": "text/plain"}}]},
    "not-as-declared": _attachment(b"PK\x03\x04 word/document.xml"),
    "url-not-allowed": {
        "content": [{"attachment": {"contentType": "text/plain", "url": "https://127.0.0.1/Fever"}}]
    },
    "document-too-complex": _attachment(b"<div>" * 5000 + b"Fever", "text/html"),
    "malformed-document": _attachment(b"%PDF-1.7 Fever", "application/pdf"),
    "forbidden-doctype": _attachment(b"<!DOCTYPE Fever []><ClinicalDocument/>", "text/xml"),
    "encrypted-document": _attachment(pdf([Page(["Fever"])], encrypted=True), "application/pdf"),
    "no-text-in-document": _attachment(pdf([Page(picture=True)]), "application/pdf"),
    "note-too-large": _attachment(b"Fever. " * 750_000),
}


@pytest.mark.parametrize("code", UNREADABLE)
def test_what_cannot_be_read_is_stored_and_fails_by_its_name(
    code: str, post: Post, read_all: Callable[[], None], inbox: Inbox
) -> None:
    """The sender hears 201, nothing is lost, and the row says why in a sentence without text."""
    assert post(document(**UNREADABLE[code])).status_code == 201
    read_all()
    [failure] = inbox.failures(10)
    assert failure.code == code
    assert "Fever" not in failure.reason
    assert inbox.counts()["failed"] == 1


@pytest.mark.parametrize("text", ["", " \r\n\t"])
def test_an_empty_text_is_done(
    text: str, post: Post, read_all: Callable[[], None], inbox: Inbox
) -> None:
    """There is nothing to find in it, and that is no failure."""
    assert post(document(**_attachment(text.encode()))).status_code == 201
    read_all()
    assert inbox.counts()["done"] == 1


def test_one_good_attachment_is_enough(
    post: Post, read_all: Callable[[], None], inbox: Inbox, client: Any
) -> None:
    """A document of which a part can be read is done, and what was read of it is served."""
    bad, good = UNREADABLE["bad-base64"], _attachment(b"Aspirin for pneumonia.")
    assert post(document(content=[*bad["content"], *good["content"]])).status_code == 201
    read_all()
    assert inbox.counts()["done"] == 1
    [entry] = client.get("/fhir/Condition?patient=Patient/1").json()["entry"]
    paths = [
        part["valueString"]
        for extension in entry["resource"]["extension"]
        for part in extension.get("extension", [])
        if part["url"] == "path"
    ]
    assert paths == ["DocumentReference.content[1].attachment"]
