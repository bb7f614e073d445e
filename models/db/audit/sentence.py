"""The sentence around some words, for a reader who wants to see what was meant."""

import re
from dataclasses import dataclass

_BORDER = re.compile(r"[\r\n]+|(?<=[.!?])[ \t]+")
_FURTHEST = 300


@dataclass(frozen=True, slots=True)
class Sentence:
    """A part of a note, which begins at character `offset` of it.

    In `text` the words that are meant stand from `start` to `end`.
    """

    text: str
    offset: int
    start: int
    end: int


def around(note: str, start: int, end: int) -> Sentence:
    """Return the sentence or line around the characters `start` to `end` of a note.

    Words that span several lines bring them all; a sentence without an end is cut after 300
    characters on each side.
    """
    left, right = max(0, start - _FURTHEST), min(len(note), end + _FURTHEST)
    begin = max((border.end() for border in _BORDER.finditer(note, left, start)), default=left)
    close = _BORDER.search(note, end, right)
    return Sentence(
        text=note[begin : close.start() if close else right],
        offset=begin,
        start=start - begin,
        end=end - begin,
    )
