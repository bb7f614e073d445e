"""How well one label follows another: learned from the labels of a model's own training texts.

A model scores each word by itself. What it cannot see is that a Date of one word is rare, that a
Detailed_description seldom follows a Lab_value, that O follows O. `follows[a, b]` is a share of the
pointwise mutual information of the labels a, b of neighbouring words, added to the score of b after
a; -inf where BIO forbids it. Before the first word and after the last stands O.

The file lies beside the weights and is part of their hash: another table is another model.
"""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from models.errors import CheckpointError

FILE = "bigrams.safetensors"
NAME = "follows"

Follows = NDArray[np.float32]

_EVEN = 0.5  # counts added to each pair, in proportion to how frequent the second label is
_MOST = 5.0  # no pair counts for more than this many nats, or against


def learn(texts: Iterable[NDArray[np.int64]], labels: int, weight: float) -> Follows:
    """Count which label follows which.

    Args:
        texts: the labels of the words of each text, shape [words], in the decoder's columns.
        labels: how many there are.
        weight: how much of the mutual information counts.

    Returns:
        Shape [labels, labels].
    """
    counts = np.zeros((labels, labels))
    for text in texts:
        path = np.concatenate(([0], text, [0]))
        np.add.at(counts, (path[:-1], path[1:]), 1)
    alone = counts.sum(0) / counts.sum()
    after = (counts + _EVEN * labels * alone) / (counts.sum(1, keepdims=True) + _EVEN * labels)
    seen = alone > 0
    information = np.zeros_like(counts)
    information[:, seen] = np.log(after[:, seen] / alone[seen])
    follows: Follows = (weight * information.clip(-_MOST, _MOST)).astype(np.float32)
    follows[~legal(labels)] = -np.inf
    return follows


def legal(labels: int) -> NDArray[np.bool_]:
    """Return which label may follow which in BIO, shape [labels, labels]: I only B or I."""
    before, after = np.arange(labels)[:, None], np.arange(labels)[None]
    inside = (after > 0) & (after % 2 == 0)
    allowed: NDArray[np.bool_] = ~inside | (before == after) | (before == after - 1)
    return allowed


def write(follows: Follows, folder: Path) -> None:
    """Write the table into a checkpoint folder."""
    save_file({NAME: follows}, folder / FILE)


def read(folder: Path, labels: int) -> Follows | None:
    """Read a checkpoint's table, shape [labels, labels]; None where it has none.

    Raises:
        CheckpointError: the table is not of this many labels.
    """
    path = folder / FILE
    if not path.is_file():
        return None
    follows: Follows = load_file(path)[NAME].astype(np.float32)
    if follows.shape != (labels, labels):
        raise CheckpointError(reference=folder.name, reason=f"{FILE} is not of {labels} labels")
    return follows
