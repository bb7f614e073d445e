"""Whatever is structured says no more than the words of the sig, and not a word less."""

import re
from collections.abc import Iterator

import orjson
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fhir_mapping.elements.quantity import exact
from fhir_mapping.elements.sig.dose_and_route_tables import (
    AMOUNTS,
    AS_NEEDED,
    FORMS,
    NUMBER_WORDS,
    REASONS,
    ROUTES,
)
from fhir_mapping.elements.sig.grammar import parse
from fhir_mapping.elements.sig.timing import FREQUENCIES
from fhir_mapping.elements.sig.vetoes import AFTERWARDS, VETO
from fhir_mapping.extraction import extract
from tests.golden.markup import RUN, read
from tests.unit.fhir_mapping.elements.sig.brief import Json, brief, dosages_of
from tests.validity.check import problems

VETOES = [
    "except",
    "then",
    "taper",
    "alternate",
    "alternating",
    "sliding",
    "titrate",
    "titrated",
    "mg/kg",
    "/kg",
    "/m2",
    "/h",
    "or",
    "increase",
    "increased",
    "decrease",
    "loading",
    "bolus",
    "drip",
    "infusion",
    "hold",
    "held",
    "if",
    "unless",
    "until",
]

# The words by which each part may be said, written for the test and not taken from the tables.
AMOUNT_WORDS = {
    "mg": "mg",
    "g": "g",
    "ug": "mcg µg μg",
    "mL": "mL",
    "meq": "mEq",
    "mmol": "mmol",
    "TAB": "tab tabs tablet tablets",
    "CAP": "capsule",
    "PUFF": "puff puffs",
    "PATCH": "patch",
}
ROUTE_WORDS = {
    "26643006": "PO p.o. orally",
    "47625008": "IV i.v.",
    "34206005": "SC subcut",
    "37839007": "SL",
}
TIMING_WORDS = {
    "1/1d QD": "daily|QD|q.d.|once daily|every day",
    "2/1d BID": "BID|b.i.d.|twice a day|2 times daily",
    "3/1d TID": "TID|three times daily",
    "4/1d QID": "QID|4 times per day",
    "1/2d QOD": "QOD|every other day",
    "1/4h Q4H": "q4h|every 4 hours",
    "1/8h Q8H": "q8h|q 8 h|every 8 hours",
    "1/12h": "q12h|every 12 hours",
    "1/4-6h": "q4-6h|every 4 to 6 hours",
    "1/1d HS BED": "at bedtime|qhs",
    "2/1wk": "twice a week",
    "2-3/1d": "2-3 times a day|two to three times daily",
    "1-2/1wk": "1-2 x weekly",
    "1/1wk WK": "weekly|once a week",
}
PRN_WORDS = {
    "prn": "prn|as needed|p.r.n.",
    "prn pain": "prn pain|as needed for pain",
    "prn severe pain": "prn severe pain",
}
SPAN_WORDS = {
    "for 7 d": "for 7 days|x 7 days",
    "for 2 wk": "for 2 weeks|for two weeks",
    "for 7-10 d": "for 7-10 days|x 7 to 10 days",
}


def said(table: dict[str, str], separator: str) -> st.SearchStrategy[tuple[str, str]]:
    """Return pairs of a meaning and words for it."""
    pairs = [(key, words) for key, all_ in table.items() for words in all_.split(separator)]
    return st.sampled_from(pairs)


def number() -> st.SearchStrategy[str]:
    whole = st.integers(1, 12).map(str)
    return whole | st.sampled_from(["0.25", "2.5", "7.5", "1.0", "0.125"])


@st.composite
def sigs(draw: st.DrawFn) -> tuple[str, str]:
    """Return a sig and what it is in short; its parts stand in any order."""
    code, unit = draw(said(AMOUNT_WORDS, " "))
    value, space = draw(number()), draw(st.sampled_from(["", " "]))
    parts = [(f"{value} {code}", f"{value}{space}{unit}")]
    tables = [(ROUTE_WORDS, " "), (TIMING_WORDS, "|"), (PRN_WORDS, "|"), (SPAN_WORDS, "|")]
    parts += [draw(said(*one)) for one in tables if draw(st.booleans())]
    meaning = "; ".join(part for part, _ in parts)
    words = draw(st.permutations([words for _, words in parts]))
    return " ".join(words), meaning


def note_of(sig: str) -> str:
    """Return a marked-up note in which the reader found only one word of the sig."""
    first, space, rest = sig.partition(" ")
    return f"[Name|drug] [{first}|dose >0]{space}{rest}"


def of(sig: str) -> Json:
    (dosage,) = dosages_of(note_of(sig))
    return dosage


@settings(max_examples=150, deadline=None)
@given(sigs())
def test_what_is_said_in_any_order_is_understood(pair: tuple[str, str]) -> None:
    """A sig of known parts is read as exactly these parts."""
    sig, meaning = pair
    assert brief(of(sig)) == meaning


@settings(max_examples=150, deadline=None)
@given(sigs(), st.data())
def test_any_veto_or_unknown_word_keeps_it_text(pair: tuple[str, str], data: st.DataObject) -> None:
    """One word more than the grammar knows, wherever it stands, and nothing is structured."""
    words = pair[0].split()
    unknown = st.from_regex(r"z[a-z]{1,6}", fullmatch=True)
    word = data.draw(st.sampled_from(VETOES) | unknown)
    words.insert(data.draw(st.integers(0, len(words))), word)
    assert brief(of(" ".join(words))) == ""


@settings(max_examples=150, deadline=None)
@given(sigs(), st.data())
def test_a_condition_behind_a_full_stop_keeps_it_text(
    pair: tuple[str, str], data: st.DataObject
) -> None:
    """A condition in the next sentence is one of this prescription."""
    veto = data.draw(st.sampled_from([word for word in VETOES if word != "or"]))
    assert brief(of(f"{pair[0]}. See {veto} below.")) == ""


PHRASES = [
    *("5 mg", "2.5mg", "1-2 tabs", "two puffs", "2 to 4", "q", "x", "of", ",", "7 days", "12 h"),
    *(words for all_ in (*AMOUNT_WORDS.values(), *ROUTE_WORDS.values()) for words in all_.split()),
    *(words for all_ in TIMING_WORDS.values() for words in all_.split("|")),
    *(words for all_ in (*PRN_WORDS.values(), *SPAN_WORDS.values()) for words in all_.split("|")),
]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PHRASES), min_size=1, max_size=4).map(" ".join))
def test_structure_can_be_written_back_from_the_words(sig: str) -> None:
    """Every number of a structure is a word of the sig, and every number of the sig is in it.

    So no dose, count or period is invented, and none is lost.
    """
    assume(parse(sig) is not None and sig[0] != ",")
    dosage = of(sig)
    stated = [
        str(NUMBER_WORDS.get(word, word)) for word in re.findall(r"[\d.]*\d|[a-z]+", sig.lower())
    ]
    digits = {one for one in stated if one[0].isdigit()}
    implied = {"1", "2", "3", "4"}  # daily, twice, TID, QID
    assert dosage.keys() > {"extension", "text"}
    assert digits <= set(numbers(dosage)) <= digits | implied


def numbers(dosage: Json) -> Iterator[str]:
    """Return the numbers of a structure as JSON writes them."""
    structure = {name: dosage[name] for name in dosage if name not in {"extension", "text"}}
    structure.get("route", {}).pop("coding", None)
    structure.get("timing", {}).pop("code", None)
    yield from re.findall(r"(?<=:)[\d.]+", orjson.dumps(structure).decode())


@settings(max_examples=60, deadline=None)
@given(sigs())
def test_every_structure_is_valid(pair: tuple[str, str]) -> None:
    """Parser, bindings and invariants have nothing against any of them."""
    marked = note_of(pair[0]).replace("|drug", "|Medication").replace("|dose", "|Dosage")
    note, reading = read(marked)
    (finding,) = extract([note], [reading], (), run=RUN, card="#").findings
    assert finding.resource is not None
    assert problems(finding.resource) == []


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_read_or_not(words: str) -> None:
    """No text is too strange: the grammar answers, and never raises."""
    assert parse(words) is None or words.strip()


@given(st.from_regex(r"[0-9]{1,12}(\.[0-9]{1,8})?", fullmatch=True))
def test_a_number_keeps_its_digits_or_is_none(digits: str) -> None:
    """What JSON writes is what the note has, to the last zero."""
    value = exact(digits)
    assert value is None or orjson.dumps(value).decode() == digits


@pytest.mark.parametrize("digits", ["1", "40", "2.5", "0.125", "5.0", "1000"])
def test_ordinary_numbers_are_numbers(digits: str) -> None:
    """Rule out that every number stays text."""
    assert str(exact(digits)) == digits


@pytest.mark.parametrize(
    "digits", ["0", "0.0", "007", "2.50", "1.000", "0.00001", "0.0000001", "1234567890"]
)
def test_other_numbers_stay_text(digits: str) -> None:
    """No dose of nothing, no digit dropped, no power of ten."""
    assert exact(digits) is None


def test_no_word_of_the_tables_is_a_veto() -> None:
    """The tables and the vetoes do not contradict each other."""
    tables = (AMOUNTS, FORMS, ROUTES, FREQUENCIES, AS_NEEDED, REASONS, NUMBER_WORDS)
    assert [phrase for table in tables for phrase in table if VETO.within(phrase)] == []
    assert all(VETO.within(word) and (word == "or" or AFTERWARDS.within(word)) for word in VETOES)


def test_a_long_run_of_digits_costs_no_more_than_its_length() -> None:
    """A note cannot stop the worker with a number."""
    assert parse("1" * 20_000 + "! mg") is None
    assert parse("a." * 20_000 + "!") is None
