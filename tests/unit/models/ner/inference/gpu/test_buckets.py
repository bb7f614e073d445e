"""Which windows go together, and into which fixed size."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.ner.inference.gpu.buckets import BUCKETS, TILE, Bucket, need, plans, smallest
from models.ner.text.windows import WINDOW

SMALL = (Bucket(64, 2), Bucket(256, 4))


def test_a_batch_goes_into_the_smallest_size_that_holds_it() -> None:
    """Pieces and tiles both count: many short windows need a larger one than their pieces."""
    assert smallest(BUCKETS, need([256])) == BUCKETS[0]
    assert smallest(BUCKETS, need([200, 57])) == BUCKETS[1]
    assert need([3] * 40) == Bucket(120, 40)
    assert smallest(BUCKETS, need([3] * 40)) == Bucket(1024, 64)
    assert smallest(BUCKETS, Bucket(16385, 1)) is None


@pytest.mark.parametrize("length", [1, TILE, TILE + 1, WINDOW])
def test_a_window_takes_one_tile_for_each_begun_stretch_of_rows(length: int) -> None:
    """Rows that fill no tile take one all the same."""
    assert need([length]).tiles == (length - 1) // TILE + 1


def test_windows_that_fit_no_size_go_alone_and_are_not_lost() -> None:
    """Longer than the distances that are laid out, or than the largest size."""
    found = list(plans([20, 300, 30, 40], SMALL))
    assert [(plan.start, plan.stop, plan.bucket) for plan in found] == [
        (0, 1, SMALL[0]),
        (1, 2, None),
        (2, 4, SMALL[1]),
    ]
    assert [plan.bucket for plan in plans([200], SMALL[:1])] == [None]


@given(st.lists(st.integers(2, 320), max_size=60))
def test_every_window_is_read_once_in_order_and_fits(lengths: list[int]) -> None:
    """Whatever the lengths, the plans follow each other and hold what they promise."""
    found = list(plans(lengths, BUCKETS[:3]))
    edges = [0, *(plan.stop for plan in found)]
    assert [plan.start for plan in found] == edges[:-1]
    assert edges[-1] == len(lengths)
    for plan in found:
        own = lengths[plan.start : plan.stop]
        assert plan.bucket.holds(need(own)) if plan.bucket else len(own) == 1


def test_batches_are_as_full_as_they_can_be() -> None:
    """A batch is closed only when the next window would not fit."""
    found = list(plans([250] * 9, BUCKETS[:3]))
    assert [plan.stop - plan.start for plan in found] == [4, 4, 1]
