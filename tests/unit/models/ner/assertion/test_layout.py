"""Sentences, sections and lists of a note."""

from itertools import pairwise

import pytest

from models.clinical import Mention
from models.ner.assertion.context import assert_all
from models.ner.assertion.cues.headings import SAYS
from models.ner.text.layout.layout_of_text import layout
from models.ner.text.sentence_ends import breaks


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("No fever. Cough.", ["No fever. ", "Cough."]),
        ("Seen by Dr. Smith. Well.", ["Seen by Dr. Smith. ", "Well."]),
        ("UTI vs. pyelonephritis", ["UTI vs. pyelonephritis"]),
        ("Take 2.5 mg b.i.d. with food", ["Take 2.5 mg b.i.d. with food"]),
        ("no pain; cough", ["no pain;", " cough"]),
        (
            "no acute intracranial hemorrhage or\nmass",
            ["no acute intracranial hemorrhage or\nmass"],
        ),
        ("no hemorrhage, nothing significant\nmass", ["no hemorrhage, nothing significant\nmass"]),
        (
            "Cough...No fever?! (Well.) a|b\tc",
            ["Cough...No fever?! ", "(Well.) ", "a|", "b\t", "c"],
        ),
        ("better.Mass 2.5 +nausea a+b", ["better.", "Mass 2.5 +", "nausea a+b"]),
        ("No fever\n\nCough", ["No fever", "\n\n", "Cough"]),
        ("No fever\n- cough", ["No fever", "\n", "- cough"]),
        ("No fever\n1. Cough", ["No fever", "\n", "1. ", "Cough"]),
        ("No fever\nCough", ["No fever", "\n", "Cough"]),
    ],
)
def test_a_text_breaks_where_sentences_end(text: str, pieces: list[str]) -> None:
    """Not at abbreviations and wrapped lines; at blank lines, bullets and short lines."""
    at = breaks(layout(text))
    assert [text[a:b] for a, b in pairwise(at)] == pieces


@pytest.mark.parametrize(
    "heading",
    ["PMH:", "PMH: ", "# Past Medical History\n", "## PMH\n", "**Past medical history:** ",
     "PAST MEDICAL HISTORY\n", "Past Medical History:\n\n", "1. Past medical history: "],
)  # fmt: skip
def test_a_heading_opens_its_section_in_every_style(heading: str) -> None:
    """Colons, hashes, capitals, bold, numbers: all are headings."""
    text = f"HPI: cough.\n{heading}asthma"
    section = layout(text).section_at(text.index("asthma"))
    assert section is not None
    assert SAYS[section.kind] == "historical"


@pytest.mark.parametrize(
    ("heading", "kinds"),
    [("PAST MEDİCAL HISTORY:", ["historical"]), ("FİNDİNGS:", [None]), ("Hiſtory:", [])],
)
def test_a_heading_may_have_letters_of_another_alphabet(heading: str, kinds: list[str]) -> None:
    """To a search that ignores case İ is an i and ſ an s, though neither is so in lower case."""
    assert [SAYS.get(section.kind) for section in layout(f"{heading} asthma").sections] == kinds


def test_a_section_on_the_headings_line_ends_at_a_blank_line() -> None:
    """ "PMH: asthma" does not speak for the paragraphs that follow."""
    text = "PMH: asthma\n\nCough today."
    assert layout(text).section_at(text.index("Cough")) is None


def test_a_relative_is_no_heading() -> None:
    """ "MOTHER:" stands in the family history and does not end it."""
    text = "FAMILY HISTORY:\nMOTHER: cancer\nSOCIAL HISTORY: beer"
    assert [section.kind for section in layout(text).sections] == ["family", "social"]


@pytest.mark.parametrize(
    ("text", "words", "negated"),
    [
        ("No rhonchi\nExt: 2+ edema", "edema", False),
        ("Denies fever\nCough for two weeks", "Cough", False),
        ("Denies: 1) fever 2) cough", "cough", True),
        ("Denies:\n- fever at night or\n  chills\n- cough", "cough", True),
        ("no evidence of\npneumonia", "pneumonia", True),
    ],
)
def test_a_denial_ends_with_its_unit(text: str, words: str, *, negated: bool) -> None:
    """It reaches over a wrapped line and all items that it opens, but not into another line."""
    start = text.index(words)
    mention = Mention(start, start + len(words), words, "Sign_symptom", 0.9)
    assert assert_all(text, [mention])[0].negated is negated
