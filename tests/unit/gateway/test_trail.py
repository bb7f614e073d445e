"""The audit trail as people see it."""

from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO

from rich.console import Console

from gateway.cli.trail import show
from models.clinical import Assertion, Cue, Mention, ModelIdentity, Run
from models.db.audit.audit import Trail
from models.db.audit.evidence import MentionEvidence, around
from models.db.resources.resources import Stored

NOTE = "Seen today. The [old] patient denies chest pain at rest. Next week again."
START = NOTE.index("chest pain")
CUE = NOTE.index("denies")
MODEL = ModelIdentity("bundled", "v1", "ab" * 32, ("Sign_symptom",), "0.1.0")
PROOF = MentionEvidence(
    id="m1",
    document_type="DocumentReference",
    document="note-1",
    document_version="2",
    content_index=0,
    mention=Mention(START, START + 10, "chest pain", "Sign_symptom", 0.98765),
    assertion=Assertion(negated=True, cues=(Cue("negated", CUE, CUE + 6, "denies"),)),
    sentence=around(NOTE, START, START + 10),
    run=Run("run-1", MODEL, "2024-01-01T00:00:00+00:00", "2024-01-01T00:00:01+00:00"),
)
STORED = Stored("Condition", "c1", 1, datetime(2024, 1, 1, tzinfo=UTC), '{"id":"c1"}')


def shown(trail: Trail) -> str:
    """Return the trail as printed where there are no colours."""
    file = StringIO()
    show(trail, Console(file=file, width=200))
    return file.getvalue()


def test_words_are_marked_without_colours() -> None:
    """The sentence stands there with its words between marks, brackets of the note included."""
    assert "The [old] patient denies »chest pain« at rest." in shown(Trail(STORED, (PROOF,)))


def test_everything_that_decided_is_named() -> None:
    """Document, characters, label, score, assertion with cue, model, weights and run are there."""
    text = shown(Trail(STORED, (PROOF,)))
    for words in (
        "Condition/c1, version 1",
        "DocumentReference/note-1/_history/2, content[0]",
        f"{START} to {START + 10}",
        "Sign_symptom, score 0.988",
        f'negated (cue: "denies" at {CUE} to {CUE + 6}, negated)',
        "bundled, revision v1",
        f"sha256 {'ab' * 32}",
        "run-1",
    ):
        assert words in text


def test_the_original_of_a_converted_text_is_named() -> None:
    """Where it has the words, in its own terms; plain text is its own original."""
    converted = replace(PROOF, places=("bytes 120-126", "bytes 130-134"))
    assert "bytes 120-126; bytes 130-134" in shown(Trail(STORED, (converted,)))
    assert "original" not in shown(Trail(STORED, (PROOF,)))


def test_a_resource_without_words() -> None:
    """A Device was not read anywhere, and the trail says so."""
    assert "No words of a note" in shown(Trail(STORED, ()))
