"""From label scores of words to mentions: Viterbi that can only produce legal BIO.

I-x may only follow B-x or I-x; everything else may follow anything (hard constraints, no learned
transitions). Scores are log probabilities with the decoder's columns of `labels.LabelSet`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.clinical import Mention
from models.ner.words import Words

Scores = NDArray[np.float32]
Path = NDArray[np.int64]
Columns = NDArray[np.int16]


def best_path(scores: Scores) -> Path:
    """Return the most probable legal label of each word.

    Args:
        scores: log probabilities, shape [words, labels].

    Returns:
        Label columns, shape [words].
    """
    if not len(scores):
        return np.zeros(0, dtype=np.int64)
    begin, inside = np.arange(1, scores.shape[1], 2), np.arange(2, scores.shape[1], 2)
    came_from = np.zeros(scores.shape, dtype=np.int16)  # a note of 1 MB has 200,000 words
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


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text with its words and their scores, decoded: one object per text."""

    text: str
    words: Words
    scores: Scores
    path: Path

    def mentions(self, types: tuple[str, ...]) -> tuple[Mention, ...]:
        """Return the mentions of the path; `types[i]` has the B column 1 + 2i."""
        begins = np.flatnonzero(self.path % 2 == 1)
        return tuple(self._mention(int(first), types) for first in begins)

    def _mention(self, first: int, types: tuple[str, ...]) -> Mention:
        last = self._last(first)
        start, end = int(self.words.starts[first]), int(self.words.ends[last])
        label = types[(int(self.path[first]) - 1) // 2]
        return Mention(start, end, self.text[start:end], label, self._score(first, last))

    def _last(self, first: int) -> int:
        """Return the last word of the mention that begins at the word `first`."""
        last = first
        while last + 1 < len(self.path) and self.path[last + 1] == self.path[first] + 1:
            last += 1
        return last

    def _score(self, first: int, last: int) -> float:
        """Multiply the probabilities of the mention's labels, and of not going on after it.

        That is the probability that span and type are right, if words were independent.
        """
        chain = self.scores[np.arange(first, last + 1), self.path[first : last + 1]].sum()
        inside = int(self.path[first]) + 1
        goes_on = np.exp(self.scores[last + 1, inside]) if last + 1 < len(self.path) else 0.0
        return round(float(np.exp(chain) * (1.0 - goes_on)), 6)


def decode(text: str, words: Words, scores: Scores) -> Decoded:
    """Decode the word scores of one text, shape [words, labels]."""
    return Decoded(text, words, scores, best_path(scores))
