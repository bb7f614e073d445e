"""From annotated texts to training windows: labels stand on the first piece of each word."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import PreTrainedTokenizerFast

from models.ner.brat import AnnotatedText, Entity, flat
from models.ner.checkpoint.labels import TYPES
from models.ner.text.abbreviations.expansion import spelled_out
from models.ner.text.encoding import NO_PIECE, Encoding, Ids, encode
from models.ner.text.words import Words

IGNORED = -100  # what torch's cross entropy passes over
UNLISTED = -1  # nothing that the annotators listed: no mention, or one of a type they did not mark

Labels = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Example:
    """The pieces of a text, or of windows, and the label of each: arrays of one shape."""

    ids: Ids
    labels: Labels


def example(
    annotated: AnnotatedText, tokenizer: PreTrainedTokenizerFast, outside: int = 0
) -> Example:
    """Label the pieces of a whole text, shorthand spelled out as in reading: shape [pieces].

    `outside` is the label of words that no mention holds: O, or UNLISTED.
    """
    encoding = spelled_out(encode(annotated.text, tokenizer), tokenizer)
    labels = word_labels(encoding.words, annotated)
    labels[labels == 0] = outside
    return Example(encoding.ids, piece_labels(encoding, labels))


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


def windows(
    texts: Sequence[Example],
    size: int,
    tokenizer: PreTrainedTokenizerFast,
    rng: random.Random,
) -> Example:
    """Lay texts end to end in a random order and cut them into windows, at other places each time.

    No window is padded: one may hold the end of a text and the start of the next, a separator
    between them. What is left at the end, less than a window, is dropped this time.

    Returns:
        Pieces and labels, shape [windows, size], the two special pieces of each window included;
        texts shorter than one window together make one shorter window.
    """
    line = _end_to_end(rng.sample(texts, len(texts)), tokenizer.sep_token_id)
    width = min(size - 2, len(line.ids))
    count = len(line.ids) // width
    order, turn = rng.sample(range(count), count), -rng.randrange(len(line.ids))
    ids, labels = (
        np.roll(each, turn)[: count * width].reshape(count, width)[order]
        for each in (line.ids, line.labels)
    )
    special = [(0, 0), (1, 1)]
    ends = (tokenizer.cls_token_id, tokenizer.sep_token_id)
    return Example(
        np.pad(ids, special, constant_values=[(0, 0), ends]),
        np.pad(labels, special, constant_values=IGNORED),
    )


def _end_to_end(texts: Sequence[Example], separator: int) -> Example:
    return Example(
        np.concatenate([np.append(each.ids, separator) for each in texts]),
        np.concatenate([np.append(each.labels, IGNORED) for each in texts]),
    )


def masked(ids: torch.Tensor, share: float, tokenizer: PreTrainedTokenizerFast) -> torch.Tensor:
    """Hide a share of the pieces behind the mask piece, never the special ones."""
    special = torch.tensor([tokenizer.cls_token_id, tokenizer.sep_token_id])
    hidden = (torch.rand(ids.shape) < share) & ~torch.isin(ids, special)
    return ids.masked_fill(hidden, int(tokenizer.mask_token_id)) if share else ids
