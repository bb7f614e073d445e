"""What fails as a whole is done in halves."""

from collections.abc import Sequence

import pytest

from models.halving import in_halves, one_for_each


def test_halves_are_worked_on_until_results_are_no_longer_asked_for() -> None:
    """What cannot be done together is done in halves, first to last, and no further than wanted."""
    seen: list[list[int]] = []

    def work(some: Sequence[int]) -> int | None:
        seen.append(list(some))
        return sum(some) if len(some) == 1 else None

    assert next(in_halves(work, [1, 2, 3, 4])) == 1
    assert seen == [[1, 2, 3, 4], [1, 2], [1]]
    assert list(in_halves(work, [1, 2, 3])) == [1, 2, 3]
    assert list(in_halves(work, [])) == []


@pytest.mark.parametrize("results", [[], [1], [1, 2, 3]])
def test_a_wrong_number_of_results_is_refused(results: list[int]) -> None:
    """Nobody could say whose they are."""
    assert one_for_each([1, 2], 2) == [1, 2]
    with pytest.raises(ValueError, match="differ in number"):
        one_for_each(results, 2)
