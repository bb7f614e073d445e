"""What boxes, signs, answers and cells say, and which characters said it."""

import pytest

from models.ner.assertion.context import assert_all
from tests.notes.markup import parse


@pytest.mark.parametrize(
    ("source", "cue"),
    [
        ("ROS:\n[x] [cough]\n\u2610 [rash]", "\u2610"),
        ("Heart: (+) [murmur], (-) [rub]", "(-)"),
        ("[Asthma]: yes\n[Chest pain] Y/N: N\n", ": N"),
        ("Finding\tPresent\n[Cyst]\tYes\n[Mass]\tNo\n", "No"),
        ("( ) [tremor] (x) [syncope]", "( )"),
        ("Lungs: \u2610 [emphysema]\t\u2611 [cough]\nHeart: \u2611 Murmur\t\u2610 Rub\n", "\u2610"),
        ("Neuro: [Tremor]: ?\t[Vertigo]: N\nSkin: Rash: Y\tItch: N\n", ": N"),
    ],
)
def test_a_form_denies_one_of_two_and_says_by_what(source: str, cue: str) -> None:
    """One mention of each form is denied, by its own mark."""
    marked = parse(source)
    denied = [found for found in assert_all(marked.text, marked.mentions) if found.negated]
    assert [[each.text for each in found.cues] for found in denied] == [[cue]]


def test_a_dash_in_a_cell_denies_nothing() -> None:
    """An empty cell is often drawn as a dash."""
    marked = parse("Finding\tSide\n[Cyst]\t-\n[Mass]\tleft\n")
    assert not any(found.negated for found in assert_all(marked.text, marked.mentions))


def test_a_negative_test_was_done() -> None:
    """A minus behind a test is its result."""
    marked = parse("[Culture|Diagnostic_procedure] (-), [fever] (-)")
    culture, fever = assert_all(marked.text, marked.mentions)
    assert (culture.negated, fever.negated) == (False, True)


def test_an_empty_box_of_a_plan_is_still_to_be_done() -> None:
    """It denies the problems beside it and no drug; elsewhere it denies the drug too."""
    marked = parse(
        "Plan:\n\u2610 [heparin|Medication]\n\u2611 [aspirin|Medication]\n\u2610 [sepsis]\n\n"
        "Home medications:\n\u2610 [warfarin|Medication]\n"
    )
    denied = [found.negated for found in assert_all(marked.text, marked.mentions)]
    assert denied == [False, False, True, True]
