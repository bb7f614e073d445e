"""A text as a model sees it: tokenised once, whole, with every word tied to its first piece."""

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.clinical import Coverage
from models.ner.text.sentence_ends import sentence_starts
from models.ner.text.words import Offsets, Words, words_of

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

NO_PIECE = -1
SLAB = 50_000  # characters tokenised together
UNBROKEN = 50_000  # characters without a blank that are not cut

_GAP = re.compile(r"(?<=\S)[ \n]")
_SIGN = re.compile(r"[^\w\s]")

Ids = NDArray[np.int64]
Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Encoding:
    """The words and the pieces of a text.

    `ids` are the vocabulary ids of the pieces, without special ones, shape [pieces]. `first[w]` is
    the first piece of word `w`; a word that shares its piece with the word before it has that piece
    and `shared[w]` set; a word that the tokenizer dropped has NO_PIECE. `inner[w]` is set where
    that piece is not the first of what the word stands for (`shorthand`). `borders` are the piece
    positions where sentences start, closed by the number of pieces.
    """

    text: str
    words: Words
    ids: Ids
    first: Offsets
    shared: NDArray[np.bool_]
    inner: NDArray[np.bool_]
    borders: Offsets

    @property
    def read(self) -> Offsets:
        """The words that have a piece, ascending."""
        return np.flatnonzero(self.first != NO_PIECE).astype(np.int32)

    @property
    def coverage(self) -> Coverage:
        """Characters that reach the model: all but those of words the tokenizer dropped."""
        lengths = self.words.ends - self.words.starts
        dropped = int(lengths[self.first == NO_PIECE].sum())
        return Coverage(len(self.text) - dropped, len(self.text))


def encode(text: str, tokenizer: "PreTrainedTokenizerFast") -> Encoding:
    """Tokenise a whole text, however long, and align its words with its pieces."""
    cuts = _cuts(text)
    slabs = [_pieces(text[start:end], tokenizer) for start, end in pairwise(cuts)]
    ids = np.concatenate([slab for slab, _ in slabs])
    offsets = np.concatenate([own + at for at, (_, own) in zip(cuts, slabs, strict=False)])
    words = words_of(text)
    starts = _word_starts(words, len(text), offsets)
    first, shared = _align(words, starts, offsets[:, 1])
    borders = np.append(np.searchsorted(starts, sentence_starts(text)), len(starts))
    inner = np.zeros_like(shared)
    return Encoding(text, words, ids, first, shared, inner, borders.astype(np.int32))


def _cuts(text: str) -> list[int]:
    """Return where a long text may be tokenised in parts: before white space, which begins a piece.

    A tokenizer needs 150 bytes a character while it works, and not all of it comes back.
    """
    cuts = [0]
    while (cut := _cut(text, cuts[-1] + SLAB)) < len(text):
        cuts.append(cut)
    return [*cuts, len(text)]


def _cut(text: str, start: int) -> int:
    """Return the first such place from one on; where none is near, that of a sign, or any."""
    end = min(start + UNBROKEN, len(text))
    found = _GAP.search(text, start, end)
    if not found and end < len(text):
        found = _SIGN.search(text, start, end)
    return found.start() if found else end


def _pieces(text: str, tokenizer: "PreTrainedTokenizerFast") -> tuple[Ids, Offsets]:
    """Return the ids of a text's pieces and where each starts and ends, shape [pieces, 2]."""
    encoded = tokenizer(
        text,
        add_special_tokens=False,
        return_offsets_mapping=True,
        return_attention_mask=False,
        return_token_type_ids=False,
        split_special_tokens=True,  # "[SEP]" in a note is text
        truncation=False,
        verbose=False,
    )
    offsets = np.array(encoded["offset_mapping"], dtype=np.int32).reshape(-1, 2)
    return np.array(encoded["input_ids"], dtype=np.int64), offsets


def _word_starts(words: Words, characters: int, offsets: Offsets) -> Offsets:
    """Return where each piece first holds a character of a word; where it ends if it holds none.

    SentencePiece counts the white space before a word into its piece, and what shows nothing.
    """
    steps = np.zeros(characters + 1, dtype=np.int32)
    steps[words.starts] += 1
    steps[words.ends] -= 1
    places = np.where(np.cumsum(steps) > 0, np.arange(characters + 1), characters)
    following = np.minimum.accumulate(places[::-1])[::-1].astype(np.int32)
    return np.minimum(following[offsets[:, 0]], offsets[:, 1])


def _align(words: Words, starts: Offsets, ends: Offsets) -> tuple[Offsets, NDArray[np.bool_]]:
    first = np.full(len(words), NO_PIECE, dtype=np.int32)
    shared = np.zeros(len(words), dtype=np.bool_)
    visible = np.flatnonzero(starts < ends)
    if len(visible):
        owner = np.searchsorted(words.starts, starts[visible], side="right") - 1
        first[owner[::-1]] = visible[::-1]  # the last write wins: the first piece of each word
        bare = np.flatnonzero(first == NO_PIECE)
        before = np.searchsorted(starts[visible], words.starts[bare], side="right") - 1
        bare, over = bare[before >= 0], visible[before[before >= 0]]
        reached = ends[over] > words.starts[bare]
        first[bare[reached]], shared[bare[reached]] = over[reached], True
    return first, shared


def word_scores(encoding: Encoding, scores: Scores, start: int = 0) -> Scores:
    """Say what the label scores of first pieces mean for words; they are changed in place.

    Args:
        encoding: the text.
        scores: of each word, the log probabilities of its first piece, shape [words, labels], in
            the decoder's columns; zeros for a word that the tokenizer dropped, which may be
            anything.
        start: the first of these words; they may be some of the text's.

    Returns:
        Log probabilities of the same shape. A word that shares a piece can only go on what the
        piece began; one whose piece is an inner one begins what any piece before it began.
    """
    words = slice(start, start + len(scores))
    inner = scores[encoding.inner[words]]
    inner[:, 1::2] = np.logaddexp(inner[:, 1::2], inner[:, 2::2])
    scores[encoding.inner[words]] = inner
    goes_on = scores[encoding.shared[words]]
    goes_on[:, 2::2] = np.logaddexp(goes_on[:, 1::2], goes_on[:, 2::2])
    goes_on[:, 1::2] = -np.inf
    scores[encoding.shared[words]] = goes_on
    return scores
