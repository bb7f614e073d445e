"""A retracted resource still leads to its words, and to the run that retracted it and why."""

import json
from collections.abc import Callable
from io import StringIO

import pytest
from rich.console import Console
from sqlalchemy import Engine

from fhir_mapping.resources import retraction
from gateway.cli.trail import show
from models.clinical import Document
from models.db.audit.audit import Audit, Trail
from models.db.inbox.inbox import Inbox
from models.db.resources.resources import Resources
from models.db.results.results import Results
from tests.fakes.keyword_recogniser import KEYWORDS, KeywordRecogniser
from tests.integration.worker.conftest import Make, Memory
from tests.integration.worker.documents import document
from worker.reprocess import reprocess
from worker.settings import Settings

FIRST = document("Seen today. Pneumonia, on aspirin.", key="1", id="first")
RELATION = [{"code": "replaces", "target": {"identifier": {"system": "urn:test", "value": "1"}}}]
LESS = {word: label for word, label in KEYWORDS.items() if word != "pneumonia"}

Later = Callable[[Document | None], None]

CAUSES = {
    "version 2 of the document does not say it": (
        document("On aspirin.", key="1", id="first"),
        "DocumentReference/first/_history/2",
    ),
    "the document is entered-in-error": (
        document("Pneumonia.", key="1", id="first", docStatus="entered-in-error"),
        "DocumentReference/first/_history/2",
    ),
    "DocumentReference/second replaces the document": (
        document("On aspirin.", key="2", id="second", relatesTo=RELATION),
        "DocumentReference/second/_history/1",
    ),
    "the same version of the document was read again, and this was not found": (
        None,
        "DocumentReference/first/_history/1",
    ),
}
"""Why something is retracted, by the document that is read then (None: the first one again)."""


@pytest.fixture
def later(inbox: Inbox, pipeline: Make, engine: Engine, settings: Settings) -> Later:
    """Reads the first document, and then another one, or it again with a reader that knows less."""

    def read(other: Document | None) -> None:
        for one in (FIRST, *([other] if other else [])):
            pipeline(KeywordRecogniser()).process([inbox.receive([one])[0].row])
        if other is None:
            results = Results(engine, retraction)
            list(reprocess(inbox, results, KeywordRecogniser(LESS), settings, inbox.done()))

    return read


def shown(trail: Trail) -> str:
    """Return the trail as printed."""
    file = StringIO()
    show(trail, Console(file=file, width=200))
    return file.getvalue()


def found(trail: Trail | None) -> Trail:
    assert trail is not None
    return trail


@pytest.mark.parametrize("why", CAUSES)
def test_it_says_what_it_rested_on_and_who_took_it_back(
    why: str, later: Later, engine: Engine, memory: Memory
) -> None:
    """Words, cause, the run with the document it read, its model, and the Provenance NULLIFY."""
    other, read = CAUSES[why]
    later(other)
    (condition,) = Resources(engine).search("Condition", limit=9, patient="Patient/1").resources
    trail = found(Audit(engine).trail("Condition", condition.id))
    [(run,)] = memory.rows(
        "SELECT run_id FROM resource_version WHERE type = 'Condition' AND version = 2"
    )
    assert trail.retraction is not None
    assert trail.retraction.run.id == run
    (proof,) = trail.evidence
    assert (proof.mention.text, proof.document, proof.document_version) == (
        *("Pneumonia", "first", "1"),
    )
    text = shown(trail)
    for words in (why, read, "»Pneumonia«, on aspirin", str(run), trail.retraction.run.model.name):
        assert words in text
    record = Resources(engine).read("Provenance", str(trail.retraction.record))
    assert record is not None
    made = json.loads(record.json)
    assert made["activity"]["coding"][0]["code"] == "NULLIFY"
    assert {"reference": f"Condition/{condition.id}"} in made["target"]


def test_what_stands_was_not_retracted(later: Later, engine: Engine) -> None:
    """The version before, and the drug that is still said, have words and no retraction."""
    later(CAUSES["version 2 of the document does not say it"][0])
    audit, resources = Audit(engine), Resources(engine)
    (condition,) = resources.search("Condition", limit=9).resources
    before = found(audit.trail("Condition", condition.id, 1))
    assert (before.retraction, before.resource.version) == (None, 1)
    assert "Retracted" not in shown(before)
    (drug,) = resources.search("MedicationStatement", limit=9).resources
    assert found(audit.trail("MedicationStatement", drug.id)).retraction is None
    (device,) = resources.search("Device", limit=9).resources
    assert found(audit.trail("Device", device.id)) == Trail(device, ())


def test_what_came_back_is_not_retracted(
    later: Later, engine: Engine, inbox: Inbox, pipeline: Make
) -> None:
    """Found, retracted, found again: each version answers for itself."""
    later(CAUSES["version 2 of the document does not say it"][0])
    third = document("Pneumonia after all.", key="1", id="first")
    pipeline(KeywordRecogniser()).process([inbox.receive([third])[0].row])
    (condition,) = Resources(engine).search("Condition", limit=9).resources
    trails = [found(Audit(engine).trail("Condition", condition.id, at)) for at in (1, 2, 3)]
    assert [one.retraction is not None for one in trails] == [False, True, False]
    assert [one.evidence[0].document_version for one in trails] == ["1", "1", "3"]
