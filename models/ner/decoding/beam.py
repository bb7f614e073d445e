"""The best path of labels through a text, where one label says something of the next.

Exact would be every label of every word. Here a word that is O beyond doubt is O, which cuts the
text into short stretches, and in them each word may have O or one of its likeliest labels. The
stretches of a text are searched side by side (Viterbi).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.ner.checkpoint.bigrams import Follows

Scores = NDArray[np.float32]
Path = NDArray[np.int64]

SURE = 5.0  # nats by which O must lead every other label for a word to be O beyond doubt
BLOCK = 4096  # words looked at together, so that a long note needs little memory
KEPT = 8  # labels that any other word may have, O among them


def best_path(scores: Scores, follows: Follows) -> Path:
    """Return the labels of each word with the highest sum of scores and bigrams.

    Args:
        scores: log probabilities, shape [words, labels].
        follows: what each label adds after each other, shape [labels, labels] (`bigrams`).

    Returns:
        Label columns, shape [words].
    """
    path: Path = np.zeros(len(scores), dtype=np.int64)
    words = np.flatnonzero(_doubtful(scores))
    if len(words):
        path[words] = _search(_lattice(scores, words), follows)
    return path


def _doubtful(scores: Scores) -> NDArray[np.bool_]:
    doubtful: NDArray[np.bool_] = scores[:, 1:].max(1) > scores[:, 0] - SURE
    return doubtful


@dataclass(frozen=True, slots=True)
class Lattice:
    """The labels that doubtful words may have, and which words stand in one stretch.

    `labels` and `scores` have the shape [words, kept]. The stretches, longest first, begin at
    `starts` and have `lengths` words.
    """

    labels: Path
    scores: Scores
    starts: Path
    lengths: Path

    @property
    def going(self) -> list[int]:
        """How many stretches have a word at each step."""
        steps = np.arange(self.lengths[0])
        ended = np.searchsorted(self.lengths[::-1], steps, side="right")
        return [int(count) for count in len(self.lengths) - ended]


def _lattice(scores: Scores, words: Path) -> Lattice:
    blocks = [_likeliest(scores[words[i : i + BLOCK]]) for i in range(0, len(words), BLOCK)]
    labels, kept = (np.concatenate(each) for each in zip(*blocks, strict=True))
    begins = np.flatnonzero(np.diff(words, prepend=-2) > 1)
    lengths = np.diff(begins, append=len(words))
    order = np.argsort(-lengths, kind="stable")
    return Lattice(labels, kept, begins[order], lengths[order])


def _likeliest(scores: Scores) -> tuple[Path, Scores]:
    """Return O and the likeliest other labels of each word, and their scores."""
    kept = min(KEPT, scores.shape[1]) - 1
    likeliest = 1 + np.argpartition(scores[:, 1:], -kept, axis=1)[:, -kept:]
    labels = np.concatenate((np.zeros((len(scores), 1), np.int64), likeliest), axis=1)
    return labels, np.take_along_axis(scores, labels, axis=1)


def _search(lattice: Lattice, follows: Follows) -> Path:
    """Walk all stretches forward, one word a step, then back; O stands before and after each."""
    places = lattice.starts
    total = follows[0, lattice.labels[places]] + lattice.scores[places]
    came_from = np.zeros(lattice.labels.shape, dtype=np.int8)
    totals = np.zeros_like(lattice.scores)
    totals[places] = total
    for step, going in enumerate(lattice.going[1:], 1):
        places = lattice.starts[:going] + step
        before, here = lattice.labels[places - 1], lattice.labels[places]
        paths = totals[places - 1][:, :, None] + follows[before[:, :, None], here[:, None, :]]
        came_from[places] = paths.argmax(1)
        totals[places] = paths.max(1) + lattice.scores[places]
    return _walk_back(lattice, follows, totals, came_from)


def _walk_back(
    lattice: Lattice, follows: Follows, totals: Scores, came_from: NDArray[np.int8]
) -> Path:
    last = lattice.starts + lattice.lengths - 1
    chosen = np.zeros(len(lattice.labels), dtype=np.int64)
    chosen[last] = (totals[last] + follows[lattice.labels[last], 0]).argmax(1)
    for step, going in reversed([*enumerate(lattice.going)][1:]):
        places = lattice.starts[:going] + step
        chosen[places - 1] = came_from[places, chosen[places]]
    path: Path = np.take_along_axis(lattice.labels, chosen[:, None], axis=1)[:, 0]
    return path
