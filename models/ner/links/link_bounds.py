"""Sentences and list items, which no link leaves, and the words between their mentions."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from models.clinical import Mention
from models.ner.text.layout.layout_model import Layout
from models.ner.text.layout.layout_of_text import layout
from models.ner.text.sentence_ends import breaks

NEIGHBOURS = 8  # mentions looked at on each side: 99.5 % of relations in a sentence are that near
FARTHEST = 400  # characters between two neighbours, beyond which nothing belongs together

# "left" and "right" join too: "a left and right pleural effusion".
COORDINATING: Final = frozenset(
    [
        ",",
        "and",
        "or",
        "/",
        "&",
        "+",
        "as",
        "well",
        "plus",
        "both",
        "the",
        "a",
        "an",
        "left",
        "right",
    ]
)

_WORD = re.compile(r"[^\W\d_]+|\d+|[\t\S]")
_BRACKET = re.compile(r"\([^()\n]{0,150}\)")
_COLUMN = "|\t"


@lru_cache(maxsize=8192)  # what stands between two mentions is mostly a comma or an "and"
def words(text: str) -> tuple[str, ...]:
    """Return the words of a text in lower case, numbers as 0, changes of column as commas."""
    found = _WORD.findall(text)
    return tuple("0" if w.isdigit() else "," if w in _COLUMN else w.lower() for w in found)


class Place(NamedTuple):
    """Where a mention stands: the kinds of its section, unit and block, and which block that is."""

    section: str
    unit: str
    block: str
    number: int


NOWHERE = Place("", "", "", 0)


@dataclass(frozen=True, slots=True)
class Stretches:
    """Mentions in text order; `gaps[i]` are the words after mention `i`, None at a border.

    `joined[i]` says whether mention `i` is coordinated with the next: of its type, and parted from
    it only by "and" and the like.
    """

    text: str
    mentions: tuple[Mention, ...]
    gaps: tuple[tuple[str, ...] | None, ...]
    places: tuple[Place, ...]
    joined: tuple[bool, ...]

    def candidates(self, source: int) -> list[int]:
        """Return the positions of the mentions that a mention may belong to, in text order."""
        first = last = source
        while first > max(0, source - NEIGHBOURS) and self.gaps[first - 1] is not None:
            first -= 1
        while last < source + NEIGHBOURS and self.gaps[last] is not None:
            last += 1
        return [*range(first, source), *range(source + 1, last + 1)]


def stretches(text: str, mentions: Sequence[Mention], found: Layout | None = None) -> Stretches:
    """Cut a text with its mentions, which are in text order, at its sentences and list items."""
    starts = [mention.start for mention in mentions]
    laid_out = found or layout(text)
    ends = borders(laid_out, starts)
    homes = [bisect_right(ends, start) for start in starts]
    gaps: list[tuple[str, ...] | None] = [None] * len(mentions)
    for i in range(len(mentions) - 1):
        end, start = mentions[i].end, starts[i + 1]
        if homes[i] == homes[i + 1] and start - end <= FARTHEST:
            gaps[i] = words(text[end:start])
    places = tuple(_places(laid_out, starts))
    return Stretches(text, tuple(mentions), tuple(gaps), places, tuple(_joined(mentions, gaps)))


def _joined(mentions: Sequence[Mention], gaps: Sequence[tuple[str, ...] | None]) -> Iterator[bool]:
    """Yield whether each mention is coordinated with the one that follows it."""
    for i, gap in enumerate(gaps):
        yield (
            gap is not None
            and mentions[i].label == mentions[i + 1].label
            and COORDINATING.issuperset(gap)
        )


def _places(laid_out: Layout, starts: Sequence[int]) -> Iterator[Place]:
    """Yield where each of some characters stands."""
    begins = [block.start for block in laid_out.blocks]
    for number in (bisect_right(begins, start) - 1 for start in starts):
        if number < 0:
            yield NOWHERE
            continue
        block = laid_out.blocks[number]
        section = block.section.kind if block.section else ""
        yield Place(section, block.unit.kind if block.unit else "", block.kind, number)


def borders(laid_out: Layout, starts: Sequence[int]) -> list[int]:
    """Return where sentences and list items begin; columns of one line are no borders."""
    text, found = laid_out.text, breaks(laid_out)
    hidden = set(_hidden(text, found, starts))
    return [
        end
        for i, end in enumerate(found)
        if i not in hidden and (not end or text[end - 1] not in _COLUMN)
    ]


def _hidden(text: str, found: Sequence[int], starts: Sequence[int]) -> Iterator[int]:
    """Yield the positions in `found` of breaks in brackets that part no mentions inside them.

    "(Acme Inc.; Boston)" does not end a sentence; "(aspirin, 81 mg; metformin, 1 g)" is a list.
    """
    for bracket in _BRACKET.finditer(text):
        begin, end = bracket.span()
        inside = starts[bisect_right(starts, begin) : bisect_left(starts, end)]
        for i in range(bisect_right(found, begin), bisect_left(found, end)):
            if not inside or not inside[0] < found[i] <= inside[-1]:
                yield i
