"""The code of a feature is the hash of its name; here for all candidates of a text at once.

A feature is a name such as "pair Dosage > Medication". Its code is the hash of its parts, folded
from left to right, so that whole columns of candidates are named in a few products.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Final, NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint64]
Places = NDArray[np.int64]
Flags = NDArray[np.bool_]

NO_FEATURE: Final = 0
_FACTOR: Final = 0x9E3779B97F4A7C15  # odd, so that no part is lost (Knuth, 6.4)
_MASK: Final = (1 << 64) - 1
_STEPS: Final = ((16, "16+"), (10, "10-15"), (6, "6-9"), (4, "4-5"))
_MOST: Final = 16
SIZES: Final = tuple(
    next((name for least, name in _STEPS if count >= least), str(count))
    for count in range(_MOST + 1)
)


class Column(NamedTuple):
    """One part of a name for every row: its hashes, and the words (asked for when learning)."""

    codes: Codes
    word: Callable[[int], str]


@lru_cache(maxsize=8192)  # most words of a text come again and again
def part(word: str) -> int:
    """Return the hash of one part of a name."""
    return crc32(word.encode("utf-8", "surrogatepass")) + 1


def parts(words: Iterable[str]) -> Codes:
    """Return the hashes of some parts."""
    return np.fromiter(map(part, words), dtype=np.uint64)


def code(name: str) -> int:
    """Return the code of a feature by its whole name."""
    folded = 0
    for word in name.split(" "):
        folded = (folded * _FACTOR + part(word)) & _MASK
    return folded


def folded(before: Codes, codes: Codes) -> Codes:
    """Return the codes of names that go on by one more part."""
    return before * np.uint64(_FACTOR) + codes


def named(title: str, columns: Sequence[Column]) -> Codes:
    """Return the codes of a feature that is a title and some parts, row by row."""
    first, *others = columns
    codes = np.uint64(code(title) * _FACTOR & _MASK) + first.codes
    for column in others:
        codes = folded(codes, column.codes)
    return codes


def chosen(words: Sequence[str], which: Places) -> Column:
    """Return a column of words out of a short list, by their positions in it."""
    return Column(parts(words)[which], lambda row: words[int(which[row])])


def sized(counts: Places) -> Column:
    """Return a column that tells counts roughly."""
    return Column(_SIZE_CODES[np.minimum(counts, _MOST)], lambda row: _size(int(counts[row])))


def _size(count: int) -> str:
    return SIZES[min(count, _MOST)]


_SIZE_CODES: Final = parts(SIZES)
