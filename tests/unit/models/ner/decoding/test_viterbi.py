"""Decoding: the best legal path of labels."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from models.ner.decoding.beam import BLOCK
from models.ner.decoding.viterbi import _viterbi, best_path


def _legal(path: tuple[int, ...]) -> bool:
    return all(
        label == 0 or label % 2 == 1 or before in {label, label - 1}
        for before, label in zip((0, *path), path, strict=False)
    )


@given(
    arrays(
        np.float32, st.tuples(st.integers(1, 5), st.just(5)), elements=st.floats(-9, 0, width=32)
    )
)
def test_the_path_is_the_best_legal_one(
    scores: np.ndarray[tuple[int, int], np.dtype[np.float32]],
) -> None:
    """Viterbi finds what trying every legal path finds."""
    rows = range(len(scores))
    totals = {
        path: scores[rows, list(path)].sum(dtype=np.float64)
        for path in product(range(5), repeat=len(scores))
        if _legal(path)
    }
    path = tuple(best_path(scores).tolist())
    assert _legal(path)
    assert totals[path] == pytest.approx(max(totals.values()), abs=1e-4)


@pytest.mark.parametrize("seed", range(4))
def test_a_long_path_is_the_one_searched_word_by_word(seed: int) -> None:
    """Where labels were taken without a search, a search of the whole text finds no better path."""
    random = np.random.default_rng(seed)
    logits = random.normal(size=(3 * BLOCK + 7, 9)) * 3 + np.array([4, *[0] * 8])
    scores = (logits - np.log(np.exp(logits).sum(1, keepdims=True))).astype(np.float32)
    scores[random.integers(0, len(scores), 50), 1::2] = -np.inf  # words that can only go on
    assert 0 < (scores.argmax(1) != best_path(scores)).sum() < len(scores) / 2
    assert best_path(scores).tolist() == _viterbi(scores).tolist()
