"""From label scores of words to the best path of labels: Viterbi that can only give legal BIO.

I-x may only follow B-x or I-x; everything else may follow anything. For a checkpoint that knows how
well one label follows another, `beam` finds the path instead. Scores are log probabilities with
the decoder's columns of `labels.LabelSet`.
"""

import numpy as np
from numpy.typing import NDArray

from models.ner.checkpoint.bigrams import Follows
from models.ner.decoding import beam
from models.ner.decoding.beam import BLOCK

Scores = NDArray[np.float32]
Path = NDArray[np.int64]
Columns = NDArray[np.int16]
Flags = NDArray[np.bool_]


def best_path(scores: Scores) -> Path:
    """Return the most probable legal label of each word.

    The best label of each word alone is the answer wherever that is legal; only between words that
    do not depend on their neighbours is it searched for step by step.

    Args:
        scores: log probabilities, shape [words, labels].

    Returns:
        Label columns, shape [words].
    """
    path: Path = scores.argmax(1)
    illegal = np.flatnonzero(_illegal(path))
    if len(illegal):
        free = np.append(_free(scores), len(scores))
        stretches = np.searchsorted(free, illegal, side="right")
        for stretch in np.unique(stretches).tolist():
            words = slice(free[stretch - 1], free[stretch])
            path[words] = _viterbi(scores[words])
    return path


def settled(scores: Scores, follows: Follows | None) -> int:
    """Return how many words at the start of some are labelled the same whatever comes after them.

    The last of them is O beyond doubt, so that no mention ends where they do. Where no word is, it
    is the one in the second half that is O most surely.
    """
    lead = scores[:-1, 0] - scores[:-1, 1:].max(1)
    ends = 1 + np.flatnonzero(lead >= beam.SURE)
    if follows is None:
        ends = np.intersect1d(ends, _free(scores)[:-1])
    if len(ends):
        return int(ends[-1])
    half = len(lead) // 2
    return 1 + half + int(lead[half:].argmax())


def _illegal(path: Path) -> Flags:
    """Say of each word whether its label is an I that goes on nothing."""
    before = np.append(0, path[:-1])
    inside = (path > 0) & (path % 2 == 0)
    illegal: Flags = inside & (before != path) & (before != path - 1)
    return illegal


def _free(scores: Scores) -> Path:
    """Return the words that need no word before them, ascending; the first is one.

    At such a word some best path has O or a B, which may follow anything: an I-x there can be
    exchanged for B-x, or for O if the I-x after it becomes B-x, at no loss, whatever the type x.
    """
    rows = len(scores)
    free = np.zeros(rows, dtype=np.bool_)
    for start in range(0, rows, BLOCK):
        block = scores[start : start + BLOCK + 1]
        outside, begin, inside = block[:, :1], block[:, 1::2], block[:, 2::2]
        into_begin, into_inside = (
            np.concatenate((kind[1:], np.zeros_like(kind[:1]))) for kind in (begin, inside)
        )
        as_begin = begin >= inside
        as_outside = (outside >= inside) & (outside + into_begin >= inside + into_inside)
        free[start : start + BLOCK] = np.all(as_begin | as_outside, 1)[:BLOCK]
    free[:1] = True
    return np.flatnonzero(free)


def _viterbi(scores: Scores) -> Path:
    """Return the best legal path through words of which the first goes on nothing."""
    begin, inside = np.arange(1, scores.shape[1], 2), np.arange(2, scores.shape[1], 2)
    came_from = np.zeros(scores.shape, dtype=np.int16)
    total = scores[0].copy()
    total[inside] = -np.inf
    for step in range(1, len(scores)):
        came_from[step] = total.argmax()
        came_from[step, inside] = np.where(total[begin] >= total[inside], begin, inside)
        total = total[came_from[step]] + scores[step]
    return _walk_back(came_from, int(total.argmax()))


def _walk_back(came_from: Columns, last: int) -> Path:
    path = np.zeros(len(came_from), dtype=np.int64)
    for step in range(len(came_from) - 1, -1, -1):
        path[step], last = last, came_from[step, last]
    return path
