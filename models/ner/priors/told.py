"""Add to the scores of a text's words what the text leads one to expect."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from models.ner.encoding import Encoding, Scores
from models.ner.priors import drugs, known, lists, nouns, sigs, stems, tags
from models.ner.priors.kinds import TYPES_OF, Expected, Kind
from models.ner.search import BLOCK


def told(encoding: Encoding, scores: Scores, types: Sequence[str]) -> Scores:
    """Add the expectations of a text to the scores of its words, in place.

    Args:
        encoding: the text.
        scores: log probabilities, shape [words, labels], in the decoder's columns.
        types: those of the labels; an expectation that none of them meets is passed over.

    Returns:
        The scores, log probabilities again.
    """
    touched = np.zeros(len(encoding.words), dtype=np.bool_)
    for words, signs, nats in _effects(encoding, expected(encoding.text), types):
        scores[words] += nats * signs
        touched[words] = True
    rows = np.flatnonzero(touched)
    for start in range(0, len(rows), BLOCK):
        some = rows[start : start + BLOCK]
        scores[some] -= np.logaddexp.reduce(scores[some], axis=1, keepdims=True)
    return scores


def expected(text: str) -> Iterator[Expected]:
    """Yield all that a text leads one to expect."""
    return chain.from_iterable(
        each.expected(text) for each in (tags, lists, sigs, stems, known, nouns, drugs)
    )


def _effects(
    encoding: Encoding, found: Iterable[Expected], types: Sequence[str]
) -> Iterator[tuple[slice, NDArray[np.float32], float]]:
    signs = {
        kind: _signs(kind, types)
        for kind, meant in TYPES_OF.items()
        if meant & set(types) or not meant
    }
    words = encoding.words
    for each in found:
        first = int(np.searchsorted(words.ends, each.start, side="right"))
        last = int(np.searchsorted(words.starts, each.end))
        if each.kind in signs and first < last:
            yield slice(first, last), signs[each.kind], each.nats


def _signs(kind: Kind, types: Sequence[str]) -> NDArray[np.float32]:
    """Return 1 for the labels of a kind, -1 for those of others and 0 for O, shape [labels]."""
    signs = [1.0 if name in TYPES_OF[kind] else -1.0 for name in types]
    return np.array([0.0, *np.repeat(signs, 2)], dtype=np.float32)
