"""Cues that open a list: "Denies:" and then one bullet a line, all of them denied."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from models.ner.assertion.cue_search import Cued
from models.ner.text.layout.layout_model import Layout

OPENING = re.compile(  # a few words at most: a text of such words is not read to its end by each
    r"(?:[ \t]++(?:the[ \t]++)?(?:following|any|symptoms|signs|complaints|history|of)){0,8}+"
    r"[ \t]*+:\s*+"
)


@dataclass(frozen=True, slots=True)
class CuedList:
    """The items of a list, `start` to `end`, and the cue before it that is about each of them."""

    start: int
    end: int
    cue: Cued


def lists(found: Layout, cues: Iterable[Cued]) -> Iterator[CuedList]:
    """Yield the lists that a cue opens, in the order of the cues."""
    starts = [unit.start for unit in found.units]
    ends = _ends_of_items(found)
    for cue in cues:
        opening = OPENING.match(found.text, cue.end) if cue.rule.side == "before" else None
        first = bisect_left(starts, opening.end()) if opening else len(starts)
        heads = opening is not None and found.is_heading(cue.start)  # it speaks for its section
        if opening and not heads and first in ends and starts[first] == opening.end():
            yield CuedList(starts[first], ends[first], cue)


def _ends_of_items(found: Layout) -> dict[int, int]:
    """Return, for the number of each unit that is an item, the end of its run of items."""
    ends: dict[int, int] = {}
    for i in reversed(range(len(found.units))):
        unit = found.units[i]
        if unit.kind == "item":
            goes_on = i + 1 in ends and not _parted(found.text, unit.end, found.units[i + 1].start)
            ends[i] = ends[i + 1] if goes_on else unit.end
    return ends


def _parted(text: str, end: int, start: int) -> bool:
    """Whether words (a heading) or a blank line stand between two units."""
    between = text[end:start]
    return bool(between.strip(" ,;\r\n\t")) or between.count("\n") > 1
