"""The hospital's own style: how sentences are scored, and what the bundled model must find."""

import pytest

from models.clinical import Assertion, Coverage, Mention, ModelIdentity, Reading
from models.ner.checkpoint.loading import DEFAULT, bundled
from models.ner.recogniser import load
from tests.benchmarks.hospital_style import (
    ASIDE,
    GROUPS,
    Score,
    missed,
    report,
    score,
    sentences,
    together,
)
from tests.notes.markup import parse

# Recall by overlap of the bundled model, rounded down. Measured: 0.896 on this subset, 0.909 on all
# sentences. The goal is `GOAL` (0.90) on all of them: a better model raises this figure.
REACHED = 0.89
EVERY = 3  # the subset is every third sentence of each kind
SENTENCES = 900

MODEL = ModelIdentity("none", "0", "0" * 64, ("O",), "0")
CASE = "[Chest pain|Sign_symptom], [HTN], on [aspirin|Medication], [ECG|Diagnostic_procedure] done."


def reading(text: str, *found: tuple[str, str]) -> Reading:
    """Return a reading of a text in which these words were found as these types."""
    mentions = tuple(
        Mention(text.index(words), text.index(words) + len(words), words, label, 0.9)
        for words, label in found
    )
    assertions = tuple(Assertion() for _ in mentions)
    return Reading(mentions, assertions, (), Coverage(len(text), len(text)), MODEL)


def scores(*found: tuple[str, str]) -> dict[str, Score]:
    """Score what was found in the case."""
    marked = parse(CASE)
    return score([marked], [reading(marked.text, *found)])


def test_what_is_marked_is_found_exactly() -> None:
    """Same characters, same type: everything is one."""
    marked = parse(CASE)
    given = score([marked], [reading(marked.text, *((m.text, m.label) for m in marked.mentions))])
    assert together(given) == Score(marks=4, met=4, exact=4, other_type=0, found=4, right=4)


@pytest.mark.parametrize("label", ["Disease_disorder", "Sign_symptom"])
def test_a_problem_counts_as_either_type(label: str) -> None:
    """Half the words and the neighbouring type are met by overlap, and are not exact."""
    given = scores(("pain", label))["problems"]
    assert given == Score(marks=2, met=1, exact=0, other_type=0, found=1, right=1)


def test_a_history_counts_where_it_covers_the_problem() -> None:
    """A clause that holds the whole illness counts, one that cuts it does not."""
    assert scores(("Chest pain, HTN", "History"))["problems"].met == 2
    assert scores(("pain, HTN", "History"))["problems"].met == 1
    assert scores(("pain, HTN", "History"))["problems"].other_type == 1


def test_another_type_is_no_hit_but_is_told() -> None:
    """A drug found as a procedure is missed, and wrong among the procedures."""
    given = scores(("aspirin", "Therapeutic_procedure"))
    assert given["medication"] == Score(marks=1, other_type=1)
    assert given["procedures"] == Score(marks=1, found=1, right=0)


def test_the_missed_are_named() -> None:
    """The list of misses names the marks, not what was found."""
    marked = parse(CASE)
    found = reading(marked.text, ("pain", "Sign_symptom"), ("aspirin", "Medication"))
    assert [each.text for each in missed(marked, found)] == ["HTN", "ECG"]


def test_every_mark_belongs_to_a_group() -> None:
    """A misspelt type would be a mark that nobody scores; no sentence stands there twice."""
    marked = [one for some in sentences().values() for one in some]
    types = frozenset[str]().union(*(group.types for group in (GROUPS | ASIDE).values()))
    assert {mention.label for one in marked for mention in one.mentions} == types
    assert all(one.mentions for one in marked)
    assert len({one.text for one in marked}) == len(marked) >= SENTENCES


@pytest.mark.skipif(DEFAULT not in bundled(), reason="no model is bundled in this checkout")
def test_the_bundled_model_reads_the_ward() -> None:
    """Recall by overlap of problems, drugs and procedures together does not fall."""
    some = {kind: each[::EVERY] for kind, each in sentences().items()}
    marked = [one for each in some.values() for one in each]
    readings = load(DEFAULT).read([one.text for one in marked])
    assert together(score(marked, readings)).recall >= REACHED, "\n".join(report(some, readings))
