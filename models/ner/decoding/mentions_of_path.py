"""From the best path of labels to mentions: their words, their type, and the score of each."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.clinical import Mention
from models.ner.checkpoint.bigrams import Follows
from models.ner.checkpoint.labels import same_kind
from models.ner.decoding import beam
from models.ner.decoding.viterbi import Path, Scores, best_path
from models.ner.text.words import Words


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text with its words and their scores, decoded: one object per text."""

    text: str
    words: Words
    scores: Scores
    path: Path

    def mentions(self, types: tuple[str, ...]) -> tuple[Mention, ...]:
        """Return the mentions of the path; `types[i]` has the B column 1 + 2i."""
        firsts = np.flatnonzero(self.path % 2 == 1)
        ends, found_types = self._ends(firsts), self.path[firsts] // 2
        scores = np.zeros(len(firsts))
        for kind in np.unique(found_types).tolist():
            of_it = found_types == kind
            columns = _columns(same_kind(types[kind]), types)
            scores[of_it] = self._probabilities(firsts[of_it], ends[of_it], columns)
        found = zip(
            self.words.starts[firsts].tolist(),
            self.words.ends[ends - 1].tolist(),
            found_types.tolist(),
            scores.tolist(),
            strict=True,
        )
        return tuple(
            Mention(start, end, self.text[start:end], types[kind], round(score, 6))
            for start, end, kind, score in found
        )

    def _ends(self, firsts: Path) -> Path:
        """Return the word after each mention: the next O or B after its first word."""
        stops = np.append(np.flatnonzero((self.path == 0) | (self.path % 2 == 1)), len(self.path))
        ends: Path = stops[np.searchsorted(stops, firsts, side="right")]
        return ends

    def _probabilities(self, firsts: Path, ends: Path, columns: Path) -> NDArray[np.float64]:
        """Return how probable some labels are, on average over the words of each mention.

        Unlike the probability that span and type are right, it does not fall where only an edge
        is in doubt, or which of two types that mean the same to a chart.
        """
        each = np.exp(self.scores[:, columns].astype(np.float64)).sum(1)
        sums = np.append(0.0, np.cumsum(each))
        means: NDArray[np.float64] = (sums[ends] - sums[firsts]) / (ends - firsts)
        return np.clip(means, 0.0, 1.0)


def _columns(names: frozenset[str], types: Sequence[str]) -> Path:
    """Return the columns of the labels of some types."""
    begin = np.array([1 + 2 * i for i, name in enumerate(types) if name in names])
    return np.concatenate((begin, begin + 1))


def decode(text: str, words: Words, scores: Scores, follows: Follows | None = None) -> Decoded:
    """Decode the word scores of one text, shape [words, labels]; `follows` as in `bigrams`."""
    path = best_path(scores) if follows is None else beam.best_path(scores, follows)
    return Decoded(text, words, scores, path)
