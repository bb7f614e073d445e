"""From annotated texts to training windows: labels stand on the first piece of each word."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import PreTrainedTokenizerFast

from models.ner.brat import AnnotatedText, Entity, flat
from models.ner.encoding import NO_PIECE, Encoding, Ids, encode
from models.ner.labels import TYPES
from models.ner.words import Words

IGNORED = -100  # what torch's cross entropy passes over

Labels = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Example:
    """The pieces of a text or window, and the label of each: shape [pieces] both."""

    ids: Ids
    labels: Labels


def example(annotated: AnnotatedText, tokenizer: PreTrainedTokenizerFast) -> Example:
    """Label the pieces of a whole text."""
    encoding = encode(annotated.text, tokenizer)
    return Example(encoding.ids, piece_labels(encoding, word_labels(encoding.words, annotated)))


def word_labels(words: Words, annotated: AnnotatedText) -> Labels:
    """Label each word: 0 outside, 1 + 2t where type t begins, 2 + 2t inside it.

    A span that begins or ends inside a word takes the whole word.
    """
    labels = np.zeros(len(words), dtype=np.int64)
    for entity in flat(annotated.entities):
        inside = _words_in(words, entity)
        column = 1 + 2 * TYPES.index(entity.label)
        labels[inside] = column + 1
        labels[inside[:1]] = column
    return labels


def _words_in(words: Words, entity: Entity) -> NDArray[np.intp]:
    return np.flatnonzero((words.ends > entity.span.start) & (words.starts < entity.span.end))


def piece_labels(encoding: Encoding, labels: Labels) -> Labels:
    """Put each word's label on its first piece; the other pieces are ignored."""
    own = (encoding.first != NO_PIECE) & ~encoding.shared
    pieces = np.full(len(encoding.ids), IGNORED, dtype=np.int64)
    pieces[encoding.first[own]] = labels[own]
    return pieces


def cut(examples: Sequence[Example], size: int, rng: random.Random) -> list[Example]:
    """Cut texts into windows of at most `size` pieces, at other places each time, shuffled."""
    windows = [window for each in examples for window in _cut_one(each, size, rng)]
    rng.shuffle(windows)
    return windows


def _cut_one(text: Example, size: int, rng: random.Random) -> Iterator[Example]:
    borders = [0, *range(rng.randint(1, size), len(text.ids), size), len(text.ids)]
    for start, stop in pairwise(borders):
        yield Example(text.ids[start:stop], text.labels[start:stop])


def batch(
    windows: Sequence[Example], tokenizer: PreTrainedTokenizerFast
) -> dict[str, torch.Tensor]:
    """Add the special pieces and pad: tensors of shape [windows, pieces]."""
    special = [tokenizer.cls_token_id, tokenizer.sep_token_id]
    ids = [torch.tensor([special[0], *each.ids, special[1]]) for each in windows]
    labels = [torch.tensor([IGNORED, *each.labels, IGNORED]) for each in windows]
    ones = [torch.ones(len(each), dtype=torch.long) for each in ids]
    return {
        "input_ids": _pad(ids, tokenizer.pad_token_id),
        "attention_mask": _pad(ones, 0),
        "labels": _pad(labels, IGNORED),
    }


def _pad(rows: list[torch.Tensor], value: int) -> torch.Tensor:
    return torch.nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=value)
