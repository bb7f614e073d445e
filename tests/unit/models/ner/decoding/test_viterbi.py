"""Decoding: the best legal path, and mentions with exact text."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from models.ner.decoding.beam import BLOCK
from models.ner.decoding.mentions_of_path import decode
from models.ner.decoding.viterbi import _viterbi, best_path
from models.ner.text.words import words_of

TYPES = ("Disease_disorder", "Medication")


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


def test_a_mention_is_the_text_it_names() -> None:
    """B I I becomes one mention with the note's own characters between its words."""
    text = "He has  acute\nMI on aspirin."
    words = words_of(text)
    scores = np.full((len(words), 5), -9.0, dtype=np.float32)
    for word, label in enumerate([0, 0, 1, 2, 0, 3, 0]):
        scores[word, label] = -0.1
    found = decode(text, words, scores).mentions(TYPES)
    assert [(m.text, m.label) for m in found] == [
        ("acute\nMI", "Disease_disorder"),
        ("aspirin", "Medication"),
    ]


def test_a_score_is_how_probable_the_kind_is() -> None:
    """The mean over the words of the labels of all types of that kind, whichever was chosen."""
    types = ("Disease_disorder", "Medication", "Sign_symptom")
    shares = np.array(
        [[0.1, 0.4, 0.1, 0.1, 0.0, 0.2, 0.1], [0.1, 0.0, 0.3, 0.3, 0.1, 0.0, 0.2]], dtype=np.float32
    )
    text = "renal colic"
    (found,) = decode(text, words_of(text), np.log(shares + 1e-9)).mentions(types)
    assert (found.text, found.label) == (text, "Disease_disorder")
    assert found.score == pytest.approx((0.8 + 0.5) / 2, abs=1e-6)


def test_two_mentions_of_one_type_may_touch() -> None:
    """B after I begins a new mention."""
    text = "aspirin heparin"
    scores = np.log(np.array([[0.1, 0, 0, 0.9, 0], [0.1, 0, 0, 0.8, 0.1]], dtype=np.float32) + 1e-9)
    assert [m.text for m in decode(text, words_of(text), scores).mentions(TYPES)] == [
        "aspirin",
        "heparin",
    ]


def test_nothing_in_gives_nothing_out() -> None:
    """A text without words has no mentions."""
    empty = np.zeros((0, 5), dtype=np.float32)
    assert decode(" ", words_of(" "), empty).mentions(TYPES) == ()
