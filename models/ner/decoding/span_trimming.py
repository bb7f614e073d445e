"""Where a mention begins and ends: the signs of a list and loose punctuation are no part of it.

A model labels words, and a sign is a word: so it takes the dash of a list item, the comma behind a
name or half a pair of brackets for part of it, and now and then two items of a list, or the words
on both sides of a blank line, for one.

The expressions are possessive and begin a run of white space only where it begins: whatever stands
in a mention, they take no longer than its length.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from models.clinical import Mention

_LINE_END: Final = r"[^\S\n]*+\n"
_BULLET: Final = r"(?:[-–*•]|#{1,6}|\d{1,2}[.)])\s++"
# The sign of a next item of a list, or a blank line: what follows is another thing.
_NEXT: Final = re.compile(
    rf"(?<!\s)(?:(?={_LINE_END})\s++(?P<item>{_BULLET})|(?={_LINE_END}{_LINE_END})\s++)"
)
_LEAD: Final = re.compile(r"(?:[-–*•#]++\s++|[,;:)\]\s]++)*+")
# Read backwards from the end of a mention: loose signs, and before them the sign of a next item.
# A word that begins what follows is no part of a name, in small letters: "vitamin A", "in the OR".
_LOOSE_WORD: Final = re.compile(r"\s++(?:and|or|the)\Z")
_LONGEST_LOOSE: Final = 8
_LONGEST_NAME: Final = 120  # characters of what an "and" joins
_ENDS_OPEN: Final = re.compile(r"\s(?:and|or)\Z", re.IGNORECASE)
_TAIL: Final = re.compile(rf"[\s,;:(\[]*+(?:(?:[-–*•#]++|[.)]\d{{1,2}}+)(?={_LINE_END})\s++)?")


def trimmed(text: str, mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """Return mentions that end with the items they stand in, without loose signs at their edges.

    One that spans the signs of next items becomes several. One that goes on behind a blank line
    ends before it: what follows was not begun there, and most often is a heading. A bracket
    that closes right behind one that was opened in a mention is taken in. What is nothing but
    signs ("+" of a test) stays as it is. A name that ends with an "and" goes on with the next
    mention of its type ("hereditary breast and" "ovarian cancer"), and before any other word it
    ends before it.
    """
    whole = _rejoined(text, mentions)
    return tuple(piece for mention in whole for piece in _pieces(text, mention))


def _rejoined(text: str, mentions: Sequence[Mention]) -> Iterator[Mention]:
    """Yield mentions, those that an "and" in the first of them joins as one."""
    before: Mention | None = None
    for mention in mentions:
        if before and _goes_on(text, before, mention):
            score = min(before.score, mention.score)
            words = text[before.start : mention.end]
            before = replace(before, end=mention.end, text=words, score=score)
            continue
        if before:
            yield before
        before = mention
    if before:
        yield before


def _goes_on(text: str, before: Mention, mention: Mention) -> bool:
    apart = before.label != mention.label or text[before.end : mention.start] != " "
    if apart or mention.end - before.start > _LONGEST_NAME:
        return False
    return _ENDS_OPEN.search(text, max(before.start, before.end - 5), before.end) is not None


def _pieces(text: str, mention: Mention) -> Iterator[Mention]:
    start = mention.start
    for joint in _NEXT.finditer(text[mention.start : mention.end]):
        yield from _trimmed(text, mention, start, mention.start + joint.start())
        if not joint["item"] and joint.start():
            return
        start = mention.start + joint.end()
    yield from _trimmed(text, mention, start, mention.end)


def _trimmed(text: str, mention: Mention, start: int, end: int) -> Iterator[Mention]:
    first = _after(_LEAD, text, start, end)
    last = _closed(text, first, end - _after(_TAIL, text[first:end][::-1], 0, end - first))
    loose = _LOOSE_WORD.search(text, max(first, last - _LONGEST_LOOSE), last)
    last = loose.start() if loose else last
    if first < last:
        yield replace(mention, start=first, end=last, text=text[first:last])
    elif (start, end) == (mention.start, mention.end):
        yield mention


def _after(pattern: re.Pattern[str], text: str, start: int, end: int) -> int:
    """Return where a pattern that may match nothing ends."""
    found = pattern.match(text, start, end)
    return found.end() if found else start


def _closed(text: str, start: int, end: int) -> int:
    """Return the end with, or without, the bracket that makes pairs of those before it."""
    open_ones = text.count("(", start, end) - text.count(")", start, end)
    if open_ones == 1 and text.startswith(")", end):
        return end + 1
    return end - 1 if open_ones < 0 and text[end - 1] == ")" else end
