"""The search with bigrams: the best path of all, legal, and the table it is searched with."""

from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import CheckpointError
from models.ner.checkpoint import bigrams
from models.ner.checkpoint.bigrams import Follows
from models.ner.decoding.beam import Scores, best_path

LABELS = 5  # O, B-x, I-x, B-y, I-y


def table(seed: int) -> Follows:
    """Return a random table that forbids what BIO forbids."""
    follows = np.random.default_rng(seed).normal(size=(LABELS, LABELS)).astype(np.float32)
    follows[~bigrams.legal(LABELS)] = -np.inf
    return follows


def random_scores(seed: int, words: int, labels: int = LABELS) -> Scores:
    """Return log probabilities of words, many of them O beyond doubt."""
    logits = np.random.default_rng(seed).normal(size=(words, labels)) * 2
    logits[:, 0] += np.random.default_rng(seed + 1).choice([0, 12], size=words)
    scores: Scores = (logits - np.log(np.exp(logits).sum(1, keepdims=True))).astype(np.float32)
    return scores


def total(path: tuple[int, ...], scores: Scores, follows: Follows) -> float:
    """Return what a path is worth, O standing before its first word and after its last."""
    steps = zip((0, *path), (*path, 0), strict=True)
    own = sum(float(scores[word, label]) for word, label in enumerate(path))
    return own + sum(float(follows[step]) for step in steps)


@given(st.integers(0, 10_000), st.integers(1, 6))
def test_no_path_is_better(seed: int, words: int) -> None:
    """Of all paths whose sure words are O, the one found is worth most."""
    scores, follows = random_scores(seed, words), table(seed)
    sure = scores[:, 1:].max(1) <= scores[:, 0] - 5.0
    paths = (
        path
        for path in product(range(LABELS), repeat=words)
        if not any(label and sure[word] for word, label in enumerate(path))
    )
    best = max(total(path, scores, follows) for path in paths)
    found = tuple(best_path(scores, follows).tolist())
    assert total(found, scores, follows) == pytest.approx(best, abs=1e-4)


def test_many_labels_are_searched_by_the_likeliest() -> None:
    """With 83 labels the path is legal, and worth at least what the best one without bigrams is."""
    scores = random_scores(3, 400, 83)
    follows = np.where(bigrams.legal(83), 0.0, -np.inf).astype(np.float32)
    follows[:, 0] += 0.1
    path = best_path(scores, follows)
    assert np.isfinite(total(tuple(path.tolist()), scores, follows))
    assert (path > 0).sum() > 50


def test_a_text_without_words_has_an_empty_path() -> None:
    """Nothing in, nothing out."""
    assert best_path(np.zeros((0, LABELS), np.float32), table(1)).tolist() == []


def test_a_table_is_learned_from_the_labels_of_texts() -> None:
    """What was seen often is favoured, what never was is not, and BIO stays the law."""
    texts = [np.array([0, 1, 2, 0, 3, 0]), np.array([1, 2, 2, 0, 3, 0])]
    follows = bigrams.learn(texts, LABELS, weight=0.5)
    assert follows[1, 2] > 0 > follows[1, 0]
    assert follows[0, 3] > follows[2, 3]
    assert (follows[~bigrams.legal(LABELS)] == -np.inf).all()
    doubled = bigrams.learn(texts, LABELS, weight=1.0)
    assert doubled[1, 2] == pytest.approx(2 * follows[1, 2])


def test_a_table_is_read_as_it_was_written(tmp_path: Path) -> None:
    """A folder without one has none; one of other labels is refused."""
    assert bigrams.read(tmp_path, LABELS) is None
    bigrams.write(table(7), tmp_path)
    assert np.array_equal(bigrams.read(tmp_path, LABELS), table(7))  # type: ignore[arg-type]
    with pytest.raises(CheckpointError, match="7 labels"):
        bigrams.read(tmp_path, 7)
