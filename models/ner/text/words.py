"""The word table: where the words of a text stand, to which labels belong.

A word is a run of letters, a run of digits, or one other visible character, found in the original
text. Labels belong to words, so no mention can begin or end inside one.
"""

import re
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

Offsets = NDArray[np.int32]

# Combining accents (U+0300 to U+036F) belong to the letter before them; zero-width characters
# (U+200B to U+200F, U+2060, U+FEFF) show nothing and are no words.
_WORD = re.compile(r"(?:[^\W\d_][\u0300-\u036f]*+)++|\d++|[^\s\u200b-\u200f\u2060\ufeff]")


@dataclass(frozen=True, slots=True)
class Words:
    """Word `i` of a text is its characters `starts[i]` to `ends[i]`; arrays of shape [words]."""

    starts: Offsets
    ends: Offsets

    def __len__(self) -> int:
        return len(self.starts)


def words_of(text: str) -> Words:
    """Return the words of a text in order."""
    spans = chain.from_iterable(match.span() for match in _WORD.finditer(text))
    return Words(*np.fromiter(spans, dtype=np.int32).reshape(-1, 2).T)
