"""Read the ward's shorthand as the words it stands for: "pt c/o SOB" as "patient complains of …".

The encoder has learned from prose. Where a note has an abbreviation or a brand name of the tables,
the encoder is given the pieces of the long form in its place; the text, its words and all offsets
stay as they are, and a mention is still `text[start:end]`. What such a word is says the head of its
long form: "CP", a chest pain, is a pain.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from models.ner.text.abbreviations.brands import BRANDS
from models.ner.text.abbreviations.table import ABBREVIATIONS, AS_WRITTEN, EACH, Named
from models.ner.text.encoding import NO_PIECE, Encoding, Ids
from models.ner.text.phrase_trie import folded, longest
from models.ner.text.words import Offsets

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

# The head of a phrase is its last word, or the last before what a preposition adds.
_HEAD = re.compile(r"\S+(?=\s+(?:of|on|in|with|to|by|for|from|at)\b|\Z)")


@dataclass(frozen=True, slots=True)
class Short:
    """Words `first` to `last` of a text, the pieces `start` to `stop`, stand for other words.

    `meant` has one entry for all of the words together, or one for each.
    """

    first: int
    last: int
    start: int
    stop: int
    meant: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Long:
    """The pieces of a long form, and which of them begins its head."""

    ids: Ids
    head: int


def spelled_out(encoding: Encoding, tokenizer: "PreTrainedTokenizerFast") -> Encoding:
    """Return an encoding in which the pieces of shorthand are those of what it stands for."""
    found = list(_found(encoding))
    if not found:
        return encoding
    meant = _meant(found, tokenizer)
    pieces = [[long.ids for long in each] for each in meant]
    moved = _moved(len(encoding.ids), found, pieces)
    first = np.where(encoding.first == NO_PIECE, NO_PIECE, moved[encoding.first])
    shared, inner = encoding.shared.copy(), encoding.inner.copy()
    for short, new in zip(found, meant, strict=True):
        words = slice(short.first, short.last + 1)
        heads = np.array([long.head for long in new])
        starts = np.cumsum([0, *(len(long.ids) for long in new[:-1])])
        first[words] = moved[short.start] + starts + heads
        inner[words] = heads > 0
        shared[words] = len(new) == 1
        shared[short.first] = False
    return replace(
        encoding,
        ids=_spliced(encoding.ids, found, pieces),
        first=first.astype(np.int32),
        shared=shared,
        inner=inner,
        borders=moved[encoding.borders],
    )


@dataclass(frozen=True, slots=True)
class Meaning:
    """What shorthand stands for, and what kind of thing that is."""

    form: str
    named: Named


def meaning(short: str) -> Meaning | None:
    """Return what an abbreviation or a brand means; None where it is not written so."""
    return _as_written().get(short) or _however_written().get(short.lower())


def meanings(text: str) -> Iterator[tuple[int, int, Meaning]]:
    """Yield the shorthand of a text in order: start, end and what it means."""
    for match in _pattern().finditer(folded(text)):
        start, end = match.span()
        found = meaning(text[start:end])
        if found:
            yield start, end, found


@cache
def _as_written() -> dict[str, Meaning]:
    return _flat(AS_WRITTEN)


@cache
def _however_written() -> dict[str, Meaning]:
    return _flat(ABBREVIATIONS | {"drug": ABBREVIATIONS["drug"] | BRANDS})


def _flat(tables: Mapping[Named, Mapping[str, str]]) -> dict[str, Meaning]:
    return {
        short: Meaning(form, named)
        for named, table in tables.items()
        for short, form in table.items()
    }


def _found(encoding: Encoding) -> Iterator[Short]:
    """Yield the shorthand of a text in order, where it is whole words that own their pieces."""
    starts, ends = encoding.words.starts.tolist(), encoding.words.ends.tolist()
    for begin, end, found in meanings(encoding.text):
        first, last = bisect_left(starts, begin), bisect_left(starts, end) - 1
        if first <= last and (starts[first], ends[last]) == (begin, end):
            meant = tuple(found.form.split(EACH))
            start, stop = _piece(encoding, first), _piece(encoding, last + 1)
            if 0 <= start < stop and len(meant) in (1, last + 1 - first):
                yield Short(first, last, start, stop, meant)


def _piece(encoding: Encoding, word: int) -> int:
    """Return the piece where a word begins; -1 where it has none of its own."""
    if word == len(encoding.words):
        return len(encoding.ids)
    return -1 if encoding.shared[word] else int(encoding.first[word])


def _meant(found: Sequence[Short], tokenizer: "PreTrainedTokenizerFast") -> list[list[Long]]:
    """Return what each entry of `meant` stands for, each long form tokenised once."""
    forms = list(dict.fromkeys(words for short in found for words in short.meant))
    encoded = tokenizer(forms, add_special_tokens=False, return_attention_mask=False)
    rows = [np.array(ids, dtype=np.int64) for ids in encoded["input_ids"]]
    heads = [encoded.char_to_token(row, head_of(form)) or 0 for row, form in enumerate(forms)]
    longs = dict(zip(forms, map(Long, rows, heads), strict=True))
    return [[longs[words] for words in short.meant] for short in found]


def head_of(form: str) -> int:
    """Return where the head of a phrase begins."""
    found = _HEAD.search(form)
    return found.start() if found else 0


def _moved(count: int, found: Sequence[Short], pieces: Sequence[Sequence[Ids]]) -> Offsets:
    """Return where each old piece stands now, and their new number at the end."""
    lengths = np.ones(count, dtype=np.int32)
    for short, new in zip(found, pieces, strict=True):
        lengths[short.start : short.stop] = 0
        lengths[short.start] = sum(map(len, new))
    return np.append(0, np.cumsum(lengths)).astype(np.int32)


def _spliced(ids: Ids, found: Sequence[Short], pieces: Sequence[Sequence[Ids]]) -> Ids:
    parts: list[Ids] = []
    done = 0
    for short, new in zip(found, pieces, strict=True):
        parts += [ids[done : short.start], *new]
        done = short.stop
    return np.concatenate([*parts, ids[done:]])


@cache
def _pattern() -> re.Pattern[str]:
    known = {short.lower() for table in (_as_written(), _however_written()) for short in table}
    return re.compile(longest(known))
