"""Cues that open a list: "Denies:" and then one bullet a line, all of them denied."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from models.ner.assertion.layout import ITEM
from models.ner.assertion.lexicon import Cued

OPENING = re.compile(  # a few words at most: a text of such words is not read to its end by each
    r"(?:[ \t]++(?:the[ \t]++)?(?:following|any|symptoms|of)){0,8}+[ \t]*+:[ \t\r]*+\n"
)
LINE = re.compile(r"[^\n]*+\n?")


@dataclass(frozen=True, slots=True)
class CuedList:
    """The items of a list, `start` to `end`, and the cue before it that is about each of them."""

    start: int
    end: int
    cue: Cued


def lists(text: str, cues: Iterable[Cued]) -> Iterator[CuedList]:
    """Yield the lists that a cue opens, in the order of the cues."""
    opened = [(cue, OPENING.match(text, cue.end)) for cue in cues if cue.rule.side == "before"]
    ends = _ends_of_items(text) if any(opening for _, opening in opened) else {}
    for cue, opening in opened:
        if opening and opening.end() in ends:
            yield CuedList(opening.end(), ends[opening.end()], cue)


def _ends_of_items(text: str) -> dict[int, int]:
    """Return, for the start of every line that is an item, the end of its run of items."""
    ends: dict[int, int] = {}
    for line in reversed([match.span() for match in LINE.finditer(text)]):
        if ITEM.match(text, *line):
            ends[line[0]] = ends.get(line[1], line[1])
    return ends
