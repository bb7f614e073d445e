"""Assertions and links by hand-counted examples, given the mentions and end to end."""

from pathlib import Path

import pytest

from models.clinical import Assertion, Coverage, Link, Mention, ModelIdentity, Reading
from models.ner import brat
from models.ner.brat import AnnotatedText
from models.ner.evaluation import assertion, links
from models.ner.evaluation.counts import Counts
from models.ner.evaluation.matching import matched
from models.ner.links import corpus
from models.ner.links.corpus import LinkedText

TEXT = "No severe chest pain. Possible mild pneumonia. Takes aspirin."
ANN = """T1\tSeverity 3 9\tsevere
T2\tSign_symptom 10 20\tchest pain
T3\tSeverity 31 35\tmild
T4\tDisease_disorder 36 45\tpneumonia
T5\tMedication 53 60\taspirin
A1\tPOLARITY T2 NEG
A2\tPOLARITY T4 UNCERTAIN
R1\tMODIFY Arg1:T1 Arg2:T2
R2\tMODIFY Arg1:T3 Arg2:T4
"""
MODEL = ModelIdentity("none", "0", "0" * 64, ("O",), "0")
DENIED, PLAIN = Assertion(negated=True), Assertion()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one annotated note."""
    (tmp_path / "one.txt").write_text(TEXT, "utf-8")
    (tmp_path / "one.ann").write_text(ANN, "utf-8")
    return tmp_path


@pytest.fixture
def text(folder: Path) -> AnnotatedText:
    """The note with its polarities."""
    return brat.read_folder(folder)[0]


@pytest.fixture
def linked(folder: Path) -> LinkedText:
    """The note with its links."""
    return corpus.read_folder(folder)[0]


def reading() -> Reading:
    """Half the pain is found, "pneumonia" as a sign, "aspirin" is denied, and a drug made up."""
    mentions = [
        Mention(3, 9, "severe", "Severity", 0.9),
        Mention(16, 20, "pain", "Sign_symptom", 0.9),
        Mention(31, 35, "mild", "Severity", 0.9),
        Mention(36, 45, "pneumonia", "Sign_symptom", 0.9),
        Mention(53, 60, "aspirin", "Medication", 0.9),
        Mention(47, 52, "Takes", "Medication", 0.2),
    ]
    said = (PLAIN, DENIED, PLAIN, PLAIN, DENIED, DENIED)
    found = (Link("MODIFY", 0, 1, 0.9), Link("MODIFY", 2, 3, 0.9), Link("OVERLAP", 2, 4, 0.9))
    return Reading(tuple(mentions), said, found, Coverage(1, 1), MODEL)


def test_given_the_mentions_only_the_verdicts_count(text: AnnotatedText) -> None:
    """Our own rules read this note right: one denial, one doubt."""
    scores = assertion.score(assertion.given_gold(text))
    assert scores["negated"] == Counts(right=1, given=1, due=1)
    assert scores["uncertain"] == Counts(right=1, given=1, due=1)


def test_end_to_end_a_made_up_denial_is_wrong(text: AnnotatedText) -> None:
    """Denials: right of the pain, wrong of aspirin and of what nobody wrote; the doubt is lost."""
    scores = assertion.score(assertion.end_to_end(text, reading()))
    assert scores["negated"] == Counts(right=1, given=3, due=1)
    assert scores["uncertain"] == Counts(right=0, given=0, due=1)


def test_end_to_end_both_ends_of_a_link_must_be_found(linked: LinkedText) -> None:
    """The severity of the pain counts, that of a pneumonia called a sign does not."""
    table = links.end_to_end(linked, reading())
    assert table[links.ALL] == Counts(right=1, given=2, due=2)
    assert table["Severity -> Sign_symptom"] == Counts(right=1, given=2, due=1)
    assert table["Severity -> Disease_disorder"] == Counts(right=0, given=0, due=1)


def test_given_the_mentions_links_are_counted_by_pair(linked: LinkedText) -> None:
    """One right link, one to the wrong head; sums hold the most frequent pair first."""
    found = [Link("MODIFY", 0, 1, 0.9), Link("MODIFY", 2, 4, 0.9)]
    sums = links.totals([links.modify(linked, found)] * 2)
    assert next(iter(sums)) == links.ALL
    assert sums[links.ALL] == Counts(right=2, given=4, due=4)
    assert sums["Severity -> Medication"] == Counts(right=0, given=2, due=0)


def test_one_annotated_mention_stands_for_one_found() -> None:
    """Of two halves the longer is taken; another type never is."""
    gold = [Mention(0, 20, "", "Medication", 1.0)]
    found = [
        Mention(0, 5, "", "Medication", 1.0),
        Mention(6, 20, "", "Medication", 1.0),
        Mention(0, 20, "", "Dosage", 1.0),
    ]
    assert matched(gold, found) == {1: 0}


def test_no_verdicts_are_no_failure() -> None:
    """Nothing due and nothing given is 0, not a division by it."""
    assert Counts().figures()["f1"] == 0
    assert str(Counts(1, 2, 4)) == "P 0.500  R 0.250  F1 0.333  (4 due)"
