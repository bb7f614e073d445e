"""Headings are not read as findings."""

import pytest

from models.clinical import Mention
from models.ner.text.layout.reading import layout
from models.ner.titles import without_titles


def _mention(text: str, words: str, label: str) -> Mention:
    start = text.index(words)
    return Mention(start, start + len(words), words, label, 0.4)


@pytest.mark.parametrize(
    ("text", "words", "label", "stays"),
    [
        ("# Medications\naspirin 81 mg", "Medications", "Medication", False),
        ("MEDICATIONS: aspirin 81 mg", "MEDICATIONS", "Medication", False),
        ("MEDICATIONS: aspirin 81 mg", "aspirin", "Medication", True),
        ("Allergies:\nnone", "Allergies", "Disease_disorder", False),
        ("ANESTHESIA: general", "ANESTHESIA", "Therapeutic_procedure", False),
        ("EKG: sinus rhythm", "EKG", "Diagnostic_procedure", True),
        ("He takes his medications.", "medications", "Medication", True),
        ("Hypertension: well controlled", "Hypertension", "Disease_disorder", True),
    ],
)
def test_a_heading_is_no_finding(text: str, words: str, label: str, *, stays: bool) -> None:
    """The words of a section heading are dropped; a test, a problem and running text stay."""
    mention = _mention(text, words, label)
    assert without_titles(layout(text), [mention]) == ((mention,) if stays else ())


@pytest.mark.parametrize(
    ("text", "words", "rest"),
    [
        ("PMH: hypertension, gout", "PMH: hypertension", "hypertension"),
        (
            "Social History\nPatient is married.",
            "History\nPatient is married",
            "Patient is married",
        ),
    ],
)
def test_a_mention_begins_after_the_heading(text: str, words: str, rest: str) -> None:
    """What runs from a heading into the text keeps the text, at its true offsets."""
    [kept] = without_titles(layout(text), [_mention(text, words, "History")])
    assert text[kept.start : kept.end] == kept.text == rest
