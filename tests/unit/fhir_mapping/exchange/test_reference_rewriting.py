"""References for a server that numbers versions in its own way."""

from datetime import UTC, datetime
from typing import Any

from fhir_mapping.datatypes import systems
from fhir_mapping.exchange.reference_rewriting import rewritten, versioned_documents
from fhir_mapping.resources.narrative import narrated
from models.db.resources.stamping import stamped, verbatim

RESOURCE: dict[str, Any] = {
    "resourceType": "Condition",
    "id": "7",
    "meta": {"versionId": "4", "lastUpdated": "2026-01-01T00:00:00Z", "security": [{"code": "x"}]},
    "extension": [{"valueReference": {"reference": "DocumentReference/d/_history/2"}}],
    "evidence": [{"detail": [{"reference": "DocumentReference/e/_history/9"}]}],
    "subject": {"reference": "Patient/1/_history/3"},
    "note": [{"text": "DocumentReference/d/_history/2"}],
}
DERIVED: dict[str, Any] = {
    "url": systems.DERIVATION_REFERENCE,
    "extension": [
        {"url": "reference", "valueReference": {"reference": "DocumentReference/d/_history/2"}},
        {"url": "path", "valueString": "DocumentReference.content[0].attachment"},
        {"url": "offset", "valueInteger": 0},
        {"url": "length", "valueInteger": 6},
    ],
}


def test_documents_that_are_named_by_version() -> None:
    """Only references to versions of documents count, not the same words in a text."""
    assert versioned_documents(RESOURCE) == {"d", "e"}
    assert versioned_documents({"subject": {"reference": "DocumentReference/d"}}) == set()


def test_versions_get_the_other_numbers() -> None:
    """A known version gets its number there, an unknown one is left out; nothing else changes."""
    sent = rewritten(RESOURCE, {("d", 2): "88", ("e", 1): "5"})
    assert sent["extension"][0]["valueReference"]["reference"] == "DocumentReference/d/_history/88"
    assert sent["evidence"][0]["detail"][0]["reference"] == "DocumentReference/e"
    assert sent["meta"] == {"security": [{"code": "x"}]}
    same = ("resourceType", "id", "subject", "note")
    assert [sent[name] for name in same] == [RESOURCE[name] for name in same]
    assert RESOURCE["meta"]["versionId"] == "4"


def test_our_narrative_names_the_version_there() -> None:
    """What it says of its source goes with the reference; a sender's words stay its own."""
    said: Any = narrated({**RESOURCE, "extension": [DERIVED], "code": {"text": "asthma"}})
    assert "DocumentReference/d/_history/2" in said["text"]["div"]
    sent = rewritten(said, {("d", 2): "88"})
    assert "DocumentReference/d/_history/88" in sent["text"]["div"]
    assert "_history/2" not in sent["text"]["div"]
    foreign = {"resourceType": "DocumentReference", "id": "1", "text": {"div": "<div>mine</div>"}}
    assert rewritten(foreign, {}) == foreign


def test_an_empty_meta_is_left_out() -> None:
    """FHIR has no empty objects."""
    bare = {"resourceType": "Condition", "id": "7", "meta": {"versionId": "1"}}
    assert rewritten(bare, {}) == {"resourceType": "Condition", "id": "7"}


def test_numbers_keep_their_digits() -> None:
    """1.20 goes out as 1.20."""
    stored = '{"resourceType": "Observation", "id": "7", "valueQuantity": {"value": 1.20}}'
    sent = rewritten(verbatim(stored), {})
    assert '"value":1.20' in stamped(sent, 1, datetime.now(UTC))
