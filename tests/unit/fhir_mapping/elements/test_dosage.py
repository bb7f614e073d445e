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
        # A list that runs on, and what the next sentence says of both.
        ("[A|drug] [5 mg|dose >0] [daily|often >0] 2. [Digoxin|drug]", "5 mg daily"),
        ("[A|drug] and [B|drug]. She takes these twice daily.", "twice daily"),
        # What the name of a drug holds of its sig, and what is only described before it.
        ("[oral iron|drug] [daily|often >0]", "oral daily"),
        ("[A solution|drug] was used", "solution"),
        ("[two|Detailed_description] [sublingual|route >2] [A|drug]", "two sublingual"),
        (
            "[A|drug] [otic|route >0] in the [ear|Biological_structure] [daily|often >0]",
            "otic in the ear daily",
        ),
        ("[A|drug] [oral|route >0], swish and spit", "oral, swish and spit"),
        (
            "CURRENT MEDICATIONS:\n1. [A|drug] [sublingual|route >0] as he likes.\n",
            "sublingual as he likes",
        ),
        ("CURRENT MEDICATIONS:\n1. [A|drug] [5 mg|dose >0], B 10 mg at will\n", "5 mg"),
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
        # What it missed right behind the drug, or right before it.
        ("[A|drug] inhaler [q.i.d.|often >0]", "inhaler q.i.d."),
        ("[A|drug] 2 % cream Sig: One (1) Appl [BID|often >0]", "2 % cream Sig: One (1) Appl BID"),
        ("[A|drug] prn, [B|drug] 5 mg", "prn"),
        ("[A|drug] [5 mg|dose >0] prn, [B|drug] daily", "5 mg prn"),
        ("[A|drug] [5 mg|dose >0] (2 tablets in water)", "5 mg (2 tablets in water)"),
        ("after two [oral|route >1] [A|drug] again", "two oral"),
        ("on over-the-counter [A|drug].", "over-the-counter"),
        ("1. One [A|drug] [per day|often >0].", "One A per day"),
        # Nor a point before the first digit, which makes it ten times less.
        ("[A|drug] .[125 mg|dose >0] daily", ".125 mg daily"),
        ("[A|drug] .25 mg TID", ".25 mg TID"),
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


@pytest.mark.parametrize(
    "marked",
    [
        "[A|drug] injection site reaction",
        "[A|drug]\nDaily weights",
        "[B|drug] [PO|route >0] [A|drug] for pain",
        "2 [A|drug] of three",
    ],
)
def test_words_that_may_be_of_something_else_are_no_dosage(marked: str) -> None:
    """Not the words of another drug, of the next line or of the noun they describe."""
    one, reading = read(re.sub(r"(?<=\|)\w+", lambda short: SHORT.get(short[0], short[0]), marked))
    last = [found for found in group([one], [reading]) if found.mentions[0].mention.text == "A"]
    assert [dosages(found) for found in last] == [[]]


def test_each_mention_has_its_dosage_and_no_wording_twice() -> None:
    """A drug named three times with two wordings has two dosages."""
    marked = "[A|drug] [5 mg|dose >0]. [a|drug] [5 mg|dose >2]. [a|drug] [9 mg|dose >4]."
    assert texts(marked) == ["5 mg", "9 mg"]
