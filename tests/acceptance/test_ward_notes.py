"""Invented ward notes, read with the bundled model from the text to the resources."""

from collections.abc import Mapping, Sequence

import pytest

from models.ner.checkpoint.loading import DEFAULT, bundled
from tests import ward_notes
from tests.ward_notes import Told, expectation, expectations

pytestmark = pytest.mark.skipif(DEFAULT not in bundled(), reason="no model is bundled here")

NAMES = ward_notes.names()
GAPS = 99
"""How many lines do not hold yet. It only falls."""


@pytest.fixture(scope="module")
def told() -> Mapping[str, Sequence[Told]]:
    """What comes of every note: about 40 seconds of one core."""
    return ward_notes.told(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_what_a_physician_would_sign(name: str, told: Mapping[str, Sequence[Told]]) -> None:
    """All that holds of a note goes on holding, and a gap that is closed is unmarked."""
    expected = expectations(name)
    fallen = [one.line for one in expected if not one.gap and not one.holds(told[name])]
    closed = [one.line for one in expected if one.gap and one.holds(told[name])]
    assert fallen == []
    assert closed == [], "these hold now: `python -m tests.ward_notes --unmark`, and lower GAPS"


def test_gaps_do_not_grow() -> None:
    """Nobody makes a note pass by calling its line a gap."""
    assert sum(one.gap for name in NAMES for one in expectations(name)) <= GAPS


def test_notes_are_there() -> None:
    """There are 20 notes at least, each with lines of both kinds."""
    assert len(NAMES) >= 20
    for name in NAMES:
        assert {one.none for one in expectations(name)} == {True, False}, name


def test_a_line_says_what_must_and_what_must_not_come() -> None:
    """State, name and detail all have to fit; `none` is the opposite."""
    given = [Told("MedicationStatement", "active", "Furosemide", "40 mg PO")]
    for line, holds in (
        ("MedicationStatement active|completed furosemide => 40 mg", True),
        ("MedicationStatement active furosemide => 20 mg", False),
        ("MedicationStatement stopped furosemide", False),
        ("Condition * furosemide", False),
        ("none MedicationStatement * furosemide", False),
        ("none MedicationStatement stopped furosemide", True),
    ):
        assert expectation(line).holds(given) is holds, line
    assert expectation("gap none Condition * snow").gap
    with pytest.raises(ValueError, match="no expectation"):
        expectation("Condition")
