"""Scoring: what asks the same is asked once."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from models.ner.inference.passages import Passage
from models.ner.inference.scoring import Outcome, each_once


def passage(ids: Sequence[int], wanted: Sequence[int], row: int) -> Passage:
    """Make a passage of one text whose wanted pieces belong to the words from `row` on."""
    rows = np.arange(row, row + len(wanted), dtype=np.int32)
    return Passage(0, np.array(ids), np.array(wanted, dtype=np.int32), rows)


class Counting:
    """Scores a passage by how many came before it, and fails for those that hold the piece 13."""

    def __init__(self) -> None:
        self.asked = list[Passage]()

    def __call__(self, passages: Iterable[Passage], /) -> Iterator[tuple[Passage, Outcome]]:
        for each in passages:
            self.asked.append(each)
            good = np.full((len(each.wanted), 3), len(self.asked), np.float32)
            yield each, ValueError("piece 13") if 13 in each.ids else good


def test_equal_windows_are_scored_once_and_each_gets_its_scores() -> None:
    """Two of three are equal; another wish of the same pieces is a window of its own."""
    same, other_place, other_wish = (
        passage([5, 6, 7], [0, 2], 0),
        passage([5, 6, 7], [0, 2], 40),
        passage([5, 6, 7], [1], 80),
    )
    scoring = Counting()
    found = [*each_once(scoring, [same, other_place, other_wish])]
    assert scoring.asked == [same, other_wish]
    assert [one.rows[0] for one, _ in found] == [0, 40, 80]
    assert [np.max(np.asarray(scores)) for _, scores in found] == [1.0, 1.0, 2.0]


def test_an_error_is_that_of_every_window_that_asked_the_same() -> None:
    """And of no other."""
    bad, again, good = passage([13], [0], 0), passage([13], [0], 9), passage([14], [0], 12)
    passages = each_once(Counting(), [bad, again, good])
    found = {int(one.rows[0]): outcome for one, outcome in passages}
    assert isinstance(found[0], ValueError)
    assert found[0] is found[9]
    assert not isinstance(found[12], Exception)
