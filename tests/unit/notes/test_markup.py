"""The markup of the test sentences."""

import pytest

from models.clinical import Mention
from tests.notes.markup import parse


def test_marks_become_mentions() -> None:
    """Text, offsets, type and verdicts come out of the marks."""
    marked = parse("Stopped [metformin|Medication:historical], no [rash|negated].")
    assert marked.text == "Stopped metformin, no rash."
    assert marked.mentions == (
        Mention(8, 17, "metformin", "Medication", 1.0),
        Mention(22, 26, "rash", "Disease_disorder", 1.0),
    )
    assert marked.verdicts == (frozenset({"historical"}), frozenset({"negated"}))


def test_a_misspelt_verdict_is_refused() -> None:
    """A typing error in a sentence must not become a test that cannot fail."""
    with pytest.raises(ValueError, match="negatd"):
        parse("No [rash|negatd].")
