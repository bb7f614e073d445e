"""What belongs to what, in sentences marked up by hand and at the edges of texts."""

from pathlib import Path

import pytest

from models.clinical import Link, Mention
from models.ner.links.link_attributes import link_all
from tests.notes.links_markup import parse
from tests.notes.markup import cases

NOTES = Path(__file__).parents[4] / "notes" / "links"
CASES = [case for path in sorted(NOTES.glob("*.txt")) for case in cases(path)]
CROSSED = (
    "[Cisplatin|Medication#c] and [etoposide|Medication#e] were given at "
    "[75 mg/m2|Dosage>c] and [100 mg/m2|Dosage>e]{}."
)


def _pairs(links: tuple[Link, ...]) -> set[tuple[int, int]]:
    return {(link.source, link.target) for link in links}


@pytest.mark.parametrize("source", CASES)
def test_marked_sentences(source: str) -> None:
    """Every attribute of a marked sentence belongs to the heads its mark names, and to no other."""
    marked = parse(source)
    assert _pairs(link_all(marked.text, marked.mentions)) == marked.links


def test_there_are_marked_sentences() -> None:
    """The files of marked sentences are found where the tests look."""
    assert len(CASES) > 30


def test_nothing_links_nothing() -> None:
    """A text without mentions, or with one, has no links."""
    assert link_all("", ()) == ()
    assert link_all("81 mg", (Mention(0, 5, "81 mg", "Dosage", 1.0),)) == ()


def test_order_of_mentions_does_not_matter() -> None:
    """Links point at positions in the mentions as given, in whatever order they are."""
    marked = parse(
        "[aspirin|Medication#a] [81 mg|Dosage>a], [heparin|Medication#h] [5 mg|Dosage>h]"
    )
    turned = link_all(marked.text, marked.mentions[::-1])
    assert _pairs(turned) == {(3 - source, 3 - target) for source, target in marked.links}


def test_overlapping_mentions_are_taken() -> None:
    """Mentions that overlap, or are the same characters, do no harm."""
    text = "severe pain"
    mentions = (
        Mention(0, 11, text, "Sign_symptom", 1.0),
        Mention(0, 6, "severe", "Severity", 1.0),
        Mention(0, 6, "severe", "Severity", 1.0),
        Mention(7, 11, "pain", "Sign_symptom", 1.0),
    )
    assert {source for source, _ in _pairs(link_all(text, mentions))} == {1, 2}


def test_unknown_types_begin_no_links() -> None:
    """A type that the weights do not know belongs to nothing."""
    marked = parse("[aspirin|Medication] [81 mg|Posology]")
    assert link_all(marked.text, marked.mentions) == ()


def test_types_say_modify_or_overlap() -> None:
    """A mention of time overlaps its head, any other attribute modifies it."""
    marked = parse("[Severe|Severity] [fever|Sign_symptom] [for three days|Duration].")
    links = link_all(marked.text, marked.mentions)
    assert [(link.source, link.type) for link in links] == [(0, "MODIFY"), (2, "OVERLAP")]


def test_scores_are_chances() -> None:
    """A plain dose is all but certain; one that several drugs could have is less so."""
    sure = parse("[aspirin|Medication] [81 mg|Dosage] daily")
    unsure = parse(CROSSED.format(""))
    (one,) = link_all(sure.text, sure.mentions)
    others = link_all(unsure.text, unsure.mentions)
    assert 0.95 < one.score <= 1
    assert others
    assert all(0 <= link.score < one.score for link in others)


def test_numbers_behind_as_many_tests_pair_in_order() -> None:
    """Of two tests with two results each has its own, without "respectively"; words are shared."""
    marked = parse(
        "[Hemoglobin|Diagnostic_procedure#a] and [hematocrit|Diagnostic_procedure#b] of"
        " [9.8|Lab_value>a] and [29.1|Lab_value>b]."
    )
    assert _pairs(link_all(marked.text, marked.mentions)) == marked.links


@pytest.mark.parametrize("said", [", respectively", " respectively", " (respectively)"])
def test_respectively_pairs_in_order(said: str) -> None:
    """Doses told after their drugs "respectively" belong to them in order."""
    marked = parse(CROSSED.format(said))
    assert _pairs(link_all(marked.text, marked.mentions)) == marked.links


def test_two_doses_of_three_drugs_are_not_paired() -> None:
    """Where the numbers differ, "respectively" decides nothing and no pair is made of it."""
    marked = parse(
        "[A|Medication], [B|Medication] and [C|Medication] were given at "
        "[1 mg|Dosage] and [2 mg|Dosage], respectively."
    )
    assert (3, 0) not in _pairs(link_all(marked.text, marked.mentions))


def test_work_grows_with_the_mentions() -> None:
    """A sentence of 3,000 mentions costs at most some neighbours for each, not all of them."""
    item = "aspirin 81 mg and "
    mentions = [
        mention
        for at in range(0, 1500 * len(item), len(item))
        for mention in (
            Mention(at, at + 7, "aspirin", "Medication", 1.0),
            Mention(at + 8, at + 13, "81 mg", "Dosage", 1.0),
        )
    ]
    links = link_all(item * 1500, mentions)
    assert _pairs(links) == {(i, i - 1) for i in range(1, 3000, 2)}
