"""The mentions beside a place are those that looking at each of them finds."""

from hypothesis import given
from hypothesis import strategies as st

from fhir_mapping.findings.neighbours import Neighbours
from models.clinical import Mention

LABELS = ("Medication", "Dosage", "Date")


@st.composite
def mentions(draw: st.DrawFn) -> list[Mention]:
    """Return mentions in any order, some of which overlap."""
    spans = st.tuples(st.integers(0, 30), st.integers(1, 9), st.sampled_from(LABELS))
    return [
        Mention(start, start + length, "x" * length, label, 0.9)
        for start, length, label in draw(st.lists(spans, max_size=12))
    ]


@given(mentions(), st.sets(st.sampled_from(LABELS)), st.integers(0, 40), st.integers(0, 40))
def test_what_is_beside_a_place(
    given_ones: list[Mention], labels: set[str], start: int, end: int
) -> None:
    """The next start, and what holds any character between two places, of some labels only."""
    found = Neighbours(given_ones).of(frozenset(labels))
    some = [one for one in given_ones if one.label in labels]
    starts = [one.start for one in some if one.start >= start]
    assert found.next_start(start, 99) == min(starts, default=99)
    held = [one for one in some if one.start < end and one.end > start]
    assert sorted(found.within(start, end), key=repr) == sorted(held, key=repr)
    assert [given_ones[i] for i in found.positions] == list(found.mentions)


@given(mentions())
def test_of_any_label(given_ones: list[Mention]) -> None:
    """Without labels all mentions are in order of their starts."""
    found = Neighbours(given_ones).of()
    assert list(found.starts) == sorted(one.start for one in given_ones)
