"""Where a mention begins and ends: the signs of a list and loose punctuation are no part of it.

A model labels words, and a sign is a word: so it takes the dash of a list item, the comma behind a
name or half a pair of brackets for part of it, and now and then two items of a list for one.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from models.clinical import Mention

_BULLET: Final = r"(?:[-–*•]|#{1,6}|\d{1,2}[.)])\s+"
_NEXT_ITEM: Final = re.compile(rf"\s*\n\s*{_BULLET}")
_LEAD: Final = re.compile(r"(?:[-–*•#]+\s+|[,;:)\]\s]+)*")
_TAIL: Final = re.compile(r"(?:\s*\n\s*(?:[-–*•#]+|\d{1,2}[.)]))?[\s,;:(\[]*\Z")


def trimmed(text: str, mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """Return mentions that end with the items they stand in, without loose signs at their edges.

    A bracket that closes right behind one that was opened in a mention is taken in. What is nothing
    but signs ("+" of a test) stays as it is.
    """
    return tuple(piece for mention in mentions for piece in _pieces(text, mention))


def _pieces(text: str, mention: Mention) -> Iterator[Mention]:
    start = mention.start
    for joint in _NEXT_ITEM.finditer(text, mention.start, mention.end):
        yield from _trimmed(text, mention, start, joint.start())
        start = joint.end()
    yield from _trimmed(text, mention, start, mention.end)


def _trimmed(text: str, mention: Mention, start: int, end: int) -> Iterator[Mention]:
    lead = _LEAD.match(text, start, end)
    first = lead.end() if lead else start
    last = _closed(text, first, first + len(_TAIL.sub("", text[first:end])))
    if first < last:
        yield replace(mention, start=first, end=last, text=text[first:last])
    elif (start, end) == (mention.start, mention.end):
        yield mention


def _closed(text: str, start: int, end: int) -> int:
    """Return the end with, or without, the bracket that makes pairs of those before it."""
    open_ones = text.count("(", start, end) - text.count(")", start, end)
    if open_ones == 1 and text.startswith(")", end):
        return end + 1
    return end - 1 if open_ones < 0 and text[end - 1] == ")" else end
