import re

import pytest

from fhir_mapping.elements.dosage import dosages
from fhir_mapping.findings.grouping import group
from tests.golden.markup import read

SHORT = {
    "drug": "Medication",
    "dose": "Dosage",
    "route": "Administration",
    "often": "Frequency",
    "long": "Duration",
}


def texts(marked: str) -> list[object]:
    """Return the dosage texts of the first drug."""
    one, reading = read(re.sub(r"(?<=\|)\w+", lambda short: SHORT.get(short[0], short[0]), marked))
    return [dosage["text"] for dosage in dosages(group([one], [reading])[0])]


@pytest.mark.parametrize(
    ("marked", "text"),
    [
        ("[A|drug] [5 mg|dose >0] [PO|route >0] [daily|often >0].", "5 mg PO daily"),
        ("[A|drug] [5 mg|dose >0] [daily|often >0] for [a week|long >0]", "5 mg daily for a week"),
        ("[daily|often >1] [A|drug] [5 mg|dose >1]", "daily A 5 mg"),
        ("[A|drug] [15 mg|dose >0]/kg", "15 mg/kg"),
        ("[A|drug] [15 mg|dose >0]/kg [daily|often >0]", "15 mg/kg daily"),
        (
            "[A|drug] [5 mg|dose >0] [daily|often >0] except on Mondays.",
            "5 mg daily except on Mondays",
        ),
        ("[A|drug] [5 mg|dose >0], then 2.5 mg; [B|drug]", "5 mg, then 2.5 mg"),
        ("[A|drug] [5 mg|dose >0] oral\nnext", "5 mg oral"),
        # What the reader missed of a sig, up to the next drug, item or other word.
        ("[A|drug] [20 units|dose >0] SC at bedtime", "20 units SC at bedtime"),
        ("[A|drug] [2 U|dose >0] in the evening, 30 days. He", "2 U in the evening, 30 days"),
        ("[A|drug] [5 U|dose >0] in hospital daily", "5 U"),
        ("[A|drug] [5 U|dose >0] at 8", "5 U"),
        ("[A|drug] [5 U|dose >0]\n- 9 mg [B|drug] BID", "5 U"),
        ("[A|drug] [5 U|dose >0] [B|drug] BID", "5 U"),
        ("[A|drug] [5 mg|dose >0] and [B|drug] [9 mg|dose >2] [daily|often >0]", "5 mg … daily"),
        ("[A|drug] [5 mg|dose >0] " + "x " * 30 + "[daily|often >0]", "5 mg … daily"),
        ("[A|drug] [5\nmg|dose >0]", "5 mg"),
        # A word that never ends is left out with a sign, not copied to the end of the note.
        ("[A|drug] [5|dose >0]" + "/" * 500, "5" + "/" * 100 + " …"),
    ],
)
def test_words_are_as_written_and_none_is_lost_silently(marked: str, text: str) -> None:
    """Between the attributes stands what the note has, or a sign that something was left out."""
    assert texts(marked) == [text]


def test_other_links_give_no_dosage() -> None:
    """Only dosage, route, frequency and duration count, and only those linked to the drug."""
    assert texts("[A|drug] [severe|Severity >0] [5 mg|dose]") == []


def test_each_mention_has_its_dosage_and_no_wording_twice() -> None:
    """A drug named three times with two wordings has two dosages."""
    marked = "[A|drug] [5 mg|dose >0]. [a|drug] [5 mg|dose >2]. [a|drug] [9 mg|dose >4]."
    assert texts(marked) == ["5 mg", "9 mg"]
