"""Headings are not read as findings."""

import pytest

from models.clinical import Mention
from models.ner.decoding.layout_limits import without_titles
from models.ner.text.layout.layout_of_text import layout


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


@pytest.mark.parametrize(
    ("text", "words", "label", "kept"),
    [
        ("No rhonchi\nExt: 2+ edema", "rhonchi\nExt", "Sign_symptom", ["rhonchi"]),
        ("Since 2015\n- 5 mg", "2015\n- 5", "Date", ["2015", "5"]),
        ("sulfa\nFH: gout", "sulfa\nFH", "Medication", ["sulfa"]),
        ("Na | 140 | normal", "Na | 140", "Diagnostic_procedure", ["Na", "140"]),
        ("[x] fever [ ] cough", "fever [ ] cough", "Sign_symptom", ["fever", "cough"]),
        (
            "She was long known to have chronic\nlung disease.",
            "chronic\nlung",
            "Disease_disorder",
            ["chronic\nlung"],
        ),
        ("Family: Father: stroke", "Father: stroke", "Family_history", ["Father: stroke"]),
        ("LUNGS: clear", "LUNGS", "Biological_structure", ["LUNGS"]),
        ("SKIN: warm", "SKIN", "Diagnostic_procedure", []),
        ("VITAL SIGNS: stable", "VITAL SIGNS", "Diagnostic_procedure", []),
        ("CXR: clear", "CXR", "Diagnostic_procedure", ["CXR"]),
    ],
)
def test_a_mention_ends_with_its_unit(text: str, words: str, label: str, kept: list[str]) -> None:
    """What runs over an item, a cell or a heading is cut; a wrapped line is not."""
    found = without_titles(layout(text), [_mention(text, words, label)])
    assert [mention.text for mention in found] == kept
    assert all(text[mention.start : mention.end] == mention.text for mention in found)
