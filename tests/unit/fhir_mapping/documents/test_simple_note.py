"""A note in plain text, and the schema that other applications are given."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema_rs import Draft202012Validator

from fhir_mapping.documents.document_reference import parse
from fhir_mapping.documents.simple_note import document_reference, schema
from models.errors import NotANote

ROOT = Path(__file__).parents[4]
NOTE = {"text": "Fever.\r\n", "patient": "Patient/7", "document_id": "n1"}
WHOLE = {
    **NOTE,
    "source": "https://records.example.org/notes",
    "version": "2",
    "encounter": "Encounter/3",
    "date": "2026-03-01T10:00:00Z",
    "status": "current",
}
BAD: list[dict[str, Any]] = [
    {},
    {**NOTE, "text": ""},
    {**NOTE, "text": 5},
    {**NOTE, "patient": "Mrs Oduya"},
    {**NOTE, "patient": "Patient/7\n"},
    {**NOTE, "document_id": None},
    {**NOTE, "document_id": "x" * 201},
    {**NOTE, "version": "1 2"},
    {**NOTE, "date": "2026-03-01"},
    {**NOTE, "status": "final"},
    {**NOTE, "Oduya": 1},
]


def test_it_becomes_a_document_with_its_very_text() -> None:
    """Line ends stay; name, version, encounter and date are where FHIR has them."""
    made = document_reference(WHOLE)
    [content] = made["content"]
    assert base64.b64decode(content["attachment"]["data"]).decode() == NOTE["text"]
    document = parse(json.dumps(made), tenant="t")
    assert document.key == "https://records.example.org/notes|n1"
    assert (document.subject, document.encounter) == ("Patient/7", "Encounter/3")
    assert document.date == WHOLE["date"]


def test_another_version_is_another_content() -> None:
    """The same text under another version of the sender is not the same document."""
    digests = {
        parse(json.dumps(document_reference({**WHOLE, "version": one})), tenant="t").sha256
        for one in ("2", "2", "3")
    }
    assert len(digests) == 2


@pytest.mark.parametrize("payload", BAD)
def test_what_is_none_is_refused(payload: dict[str, Any]) -> None:
    """The schema and the code agree on it, and the reason holds no value."""
    assert not Draft202012Validator(schema()).is_valid(payload)
    with pytest.raises(NotANote) as refused:
        document_reference(payload)
    assert "Oduya" not in str(refused.value)


@pytest.mark.parametrize(
    "payload", [NOTE, WHOLE, {"resourceType": "DiagnosticReport", "status": "final"}]
)
def test_what_may_be_sent_is_in_the_schema(payload: dict[str, Any]) -> None:
    """A note in plain text with all its fields or the least of them, and FHIR."""
    assert Draft202012Validator(schema()).is_valid(payload)


def test_the_schema_that_is_published_is_ours() -> None:
    """That of the wheel and that of the page are what the code says."""
    published = (ROOT / "worker" / "biomed.ingest.schema.json").read_text("utf-8")
    assert json.loads(published) == schema()
    assert published in (ROOT / "docs" / "celery.md").read_text("utf-8")
