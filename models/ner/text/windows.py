"""Windows: the pieces of a text cut so that a model can read all of them.

Whole sentences fill a window greedily. A sentence longer than a window is read by windows that
overlap, and each piece is taken from the window in which it stands most centrally. Together the
`keep` ranges cover every piece exactly once: nothing can be truncated silently.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from models.ner.text.words import Offsets

WINDOW = 256  # pieces, the two special ones included
OVERLAP = 64  # pieces that two windows over one long sentence share


@dataclass(frozen=True, slots=True)
class Window:
    """Pieces `start` to `stop` are read together, `keep_start` to `keep_stop` are taken from it."""

    start: int
    stop: int
    keep_start: int
    keep_stop: int


def windows(borders: Offsets, size: int = WINDOW - 2, overlap: int = OVERLAP) -> list[Window]:
    """Cut pieces into windows of at most `size`.

    Args:
        borders: piece positions where sentences start, ascending, closed by the number of pieces.
        size: most pieces in a window, special ones not counted.
        overlap: pieces that windows over one long sentence share; smaller than `size`.
    """
    cut: list[Window] = []
    start = int(borders[0])
    for stop in _fill(np.unique(borders).tolist(), size):
        cut.extend(_slide(start, stop, size, overlap))
        start = stop
    return cut


def _fill(borders: list[int], size: int) -> Iterator[int]:
    """Yield where each window of whole sentences stops; one over `size` is a single sentence."""
    start = borders[0]
    for before, border in pairwise(borders):
        if border - start > size and before > start:
            yield before
            start = before
    if borders[-1] > start:
        yield borders[-1]


def _slide(start: int, stop: int, size: int, overlap: int) -> Iterator[Window]:
    keep = start
    while stop - start > size:
        middle = start + size - overlap // 2
        yield Window(start, start + size, keep, middle)
        start, keep = start + size - overlap, middle
    if stop > start:
        yield Window(start, stop, keep, stop)
