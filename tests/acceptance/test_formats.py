"""One note in five formats is one note: the bundled model finds the same in each."""

import base64
import json
from collections.abc import Mapping
from typing import Any

import pytest

from gateway.cli import file_pipeline
from models.ner.recogniser import Recogniser, load
from tests.documents import FORMATS, as_text
from worker.attachments import Attachments
from worker.settings import Settings

PLAIN = "text/plain"
OWN_TO_A_READING = frozenset({"id", "meta", "extension", "derivedFrom", "subject"})


@pytest.fixture(scope="module")
def found() -> Mapping[str, list[str]]:
    """What is found in each format, without where it stands and how sure the model is."""
    recogniser = load("bundled", device="cpu")
    with Attachments(Settings()) as attachments:
        return {
            media_type: findings(data, media_type, attachments, recogniser)
            for media_type, data in [
                (PLAIN, as_text().encode()),
                *((name, made()) for name, made in FORMATS.items()),
            ]
        }


def findings(
    data: bytes, media_type: str, attachments: Attachments, recogniser: Recogniser
) -> list[str]:
    """Return the meaning of the resources of a document."""
    attachment = {"contentType": media_type, "data": base64.b64encode(data).decode()}
    document = {
        "resourceType": "DocumentReference",
        "status": "current",
        "subject": {"reference": "Patient/7"},
        "content": [{"attachment": attachment}],
    }
    opened = file_pipeline.opened(json.dumps(document).encode(), attachments, tenant="test")
    [extraction] = file_pipeline.extracted([opened], recogniser)
    made = [meaning(one.resource) for one in extraction.findings if one.resource]
    return sorted(json.dumps(one, sort_keys=True) for one in made)


def meaning(value: object) -> Any:
    """Return a value of a resource without ids, places, scores and narrative."""
    if isinstance(value, Mapping):
        kept = {name: one for name, one in value.items() if name not in OWN_TO_A_READING}
        return {name: meaning(one) for name, one in kept.items() if not is_narrative(one)}
    return [meaning(one) for one in value] if isinstance(value, list) else value


def is_narrative(value: object) -> bool:
    """Whether a value is a Narrative."""
    return isinstance(value, Mapping) and "div" in value


def test_the_note_says_something(found: Mapping[str, list[str]]) -> None:
    """Drugs with their doses from the table, problems, denials and the family's disease."""
    said = " ".join(found[PLAIN])
    assert len(found[PLAIN]) >= 10
    for words in ('"value": 500', '"code": "BID"', "refuted", "FamilyMemberHistory", "provisional"):
        assert words in said


@pytest.mark.parametrize("media_type", FORMATS)
def test_every_format_says_the_same(media_type: str, found: Mapping[str, list[str]]) -> None:
    """Headings, lists and the table of drugs reach the reader as those of the plain note do."""
    assert found[media_type] == found[PLAIN]
