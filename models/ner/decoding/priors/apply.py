"""Add to the scores of a text's words what the text leads one to expect."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

import numpy as np
from numpy.typing import NDArray

from models.ner.decoding.beam import BLOCK
from models.ner.decoding.priors import semantic_tags
from models.ner.decoding.priors.expected import TYPES_OF, Expected, Kind, shorthand
from models.ner.text.encoding import Encoding, Scores

_KINDS: Final[tuple[Kind, ...]] = tuple(TYPES_OF)
_EFFECT: Final = np.dtype(
    [("start", np.int32), ("end", np.int32), ("kind", np.int8), ("nats", np.float64)]
)


@dataclass(frozen=True, slots=True)
class Effects:
    """What a text leads one to expect of its words.

    Expectation `i` is about the words `first[i]` to `last[i]`, and adds `nats[i]` times the row
    `kinds[i]` of `signs`, shape [kinds, labels], to their scores.
    """

    first: NDArray[np.int64]
    last: NDArray[np.int64]
    kinds: NDArray[np.int8]
    nats: NDArray[np.float64]
    signs: NDArray[np.float32]

    def on(self, scores: Scores, start: int = 0) -> Scores:
        """Add to the scores of some words, of which `start` is the first, in place."""
        touched = np.zeros(len(scores), dtype=np.bool_)
        for words, kind, nats in self._within(start, start + len(scores)):
            scores[words] += nats * self.signs[kind]
            touched[words] = True
        rows = np.flatnonzero(touched)
        for begin in range(0, len(rows), BLOCK):
            some = rows[begin : begin + BLOCK]
            scores[some] -= np.logaddexp.reduce(scores[some], axis=1, keepdims=True)
        return scores

    def _within(self, start: int, stop: int) -> Iterator[tuple[slice, int, float]]:
        """Yield, in their order, what is expected of some words, counted from the first."""
        some = np.flatnonzero((self.first < stop) & (self.last > start))
        firsts = np.maximum(self.first[some] - start, 0).tolist()
        lasts = (self.last[some] - start).tolist()
        kinds, nats = self.kinds[some].tolist(), self.nats[some].tolist()
        for first, last, kind, much in zip(firsts, lasts, kinds, nats, strict=True):
            yield slice(first, last), kind, much


def apply_priors(encoding: Encoding, scores: Scores, types: Sequence[str]) -> Scores:
    """Add the expectations of a text to the scores of its words, in place.

    Args:
        encoding: the text.
        scores: log probabilities, shape [words, labels], in the decoder's columns.
        types: those of the labels; an expectation that none of them meets is passed over.

    Returns:
        The scores, log probabilities again.
    """
    return effects(encoding, types).on(scores)


def expected(text: str) -> Iterator[Expected]:
    """Yield all that a text leads one to expect."""
    return chain(semantic_tags.expected(text), shorthand(text))


def effects(encoding: Encoding, types: Sequence[str]) -> Effects:
    """Return what a text leads one to expect of its words; arguments as of `apply_priors`."""
    rows = ((e.start, e.end, _KINDS.index(e.kind), e.nats) for e in expected(encoding.text))
    found = np.fromiter(rows, dtype=_EFFECT)
    words = encoding.words
    first = np.searchsorted(words.ends, found["start"], side="right")
    last = np.searchsorted(words.starts, found["end"])
    met = np.array([bool(TYPES_OF[k] & set(types)) or not TYPES_OF[k] for k in _KINDS])
    some = np.flatnonzero(met[found["kind"]] & (first < last))
    signs = np.stack([_signs(kind, types) for kind in _KINDS])
    return Effects(first[some], last[some], found["kind"][some], found["nats"][some], signs)


def _signs(kind: Kind, types: Sequence[str]) -> NDArray[np.float32]:
    """Return 1 for the labels of a kind, -1 for those of others and 0 for O, shape [labels]."""
    signs = [1.0 if name in TYPES_OF[kind] else -1.0 for name in types]
    return np.array([0.0, *np.repeat(signs, 2)], dtype=np.float32)
