"""Training windows: all pieces, in their order, none padded."""

import random
from itertools import pairwise

import numpy as np
import pytest
import torch
from transformers import PreTrainedTokenizerFast

from models.ner.training.dataset import IGNORED, Example, masked, windows

TEXTS = [Example(np.arange(start, start + 40), np.arange(start, start + 40)) for start in (50, 100)]


def seeded() -> random.Random:
    """Return a generator that always gives the same."""
    return random.Random(1)  # noqa: S311  # repeatable, not secret


@pytest.mark.parametrize("size", [12, 22, 82])
def test_windows_hold_the_texts_in_their_order(
    size: int, tokenizer: PreTrainedTokenizerFast
) -> None:
    """Special pieces at both ends, labels on their pieces, each piece at most once."""
    cut = windows(TEXTS, size, tokenizer, seeded())
    assert cut.ids.shape == cut.labels.shape == (82 // (size - 2), size)
    assert set(cut.ids[:, 0]) == {tokenizer.cls_token_id}
    assert set(cut.ids[:, -1]) == {tokenizer.sep_token_id}
    labelled = cut.labels != IGNORED
    assert (cut.ids[labelled] == cut.labels[labelled]).all()
    assert len(set(cut.ids[labelled])) == labelled.sum() >= 82 // (size - 2) * (size - 2) - 2
    end = tokenizer.sep_token_id
    steps = [b - a for row in cut.ids[:, 1:-1] for a, b in pairwise(row) if end not in (a, b)]
    assert set(steps) == {1}


def test_another_pass_cuts_elsewhere(tokenizer: PreTrainedTokenizerFast) -> None:
    """The same generator gives other windows the next time, the same seed the same ones."""
    rng = seeded()
    first, second = (windows(TEXTS, 22, tokenizer, rng) for _ in range(2))
    again = windows(TEXTS, 22, tokenizer, seeded())
    assert (first.ids == again.ids).all()
    assert (first.ids != second.ids).any()


def test_texts_shorter_than_a_window_make_a_short_one(tokenizer: PreTrainedTokenizerFast) -> None:
    """Nothing is dropped or padded where everything fits."""
    cut = windows(TEXTS, 256, tokenizer, seeded())
    assert cut.ids.shape == (1, 84)
    assert set(cut.ids[cut.labels != IGNORED]) == {*range(50, 90), *range(100, 140)}


def test_a_share_of_the_pieces_is_hidden(tokenizer: PreTrainedTokenizerFast) -> None:
    """About that many, never a special one; none at all when the share is 0."""
    torch.manual_seed(1)
    ids = torch.full((20, 52), 60)
    ids[:, 0], ids[:, -1] = tokenizer.cls_token_id, tokenizer.sep_token_id
    hidden = masked(ids, 0.2, tokenizer) == tokenizer.mask_token_id
    assert not hidden[:, [0, -1]].any()
    assert 0.15 < hidden[:, 1:-1].float().mean() < 0.25
    assert torch.equal(masked(ids, 0.0, tokenizer), ids)
