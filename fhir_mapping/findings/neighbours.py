"""Which mentions stand beside a place of a note, found without looking at all the others."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, TypeVar

from models.clinical import Mention

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class InOrder:
    """Mentions by their starts, and at which `positions` of a reading they are.

    `starts[i]` is where mention `i` starts; none of those up to it ends after `reach[i]`.
    """

    positions: Sequence[int]
    mentions: Sequence[Mention]
    starts: Sequence[int]
    reach: Sequence[int]

    def first_from(self, place: int) -> int:
        """Return which mention is the first that starts at a place or behind it."""
        return bisect_left(self.starts, place)

    def next_start(self, place: int, default: int) -> int:
        """Return where the first mention from a place on starts."""
        i = self.first_from(place)
        return self.starts[i] if i < len(self.starts) else default

    def within(self, start: int, end: int) -> Iterator[Mention]:
        """Yield the mentions that start before `end` and end after `start`."""
        return (self.mentions[i] for i in self._within(start, end))

    def places_within(self, start: int, end: int) -> Iterator[int]:
        """Yield the positions of those mentions in their reading."""
        return (self.positions[i] for i in self._within(start, end))

    def _within(self, start: int, end: int) -> Iterator[int]:
        some = range(bisect_right(self.reach, start), self.first_from(end))
        return (i for i in some if self.mentions[i].end > start)


def in_order(mentions: Sequence[Mention], positions: Collection[int]) -> InOrder:
    """Return some of the mentions of a reading by their starts."""
    order = sorted(positions, key=lambda i: mentions[i].start)
    found = [mentions[i] for i in order]
    reach = accumulate((one.end for one in found), max)
    return InOrder(order, found, [one.start for one in found], list(reach))


class Neighbours:
    """The mentions of one reading in order: all of them, or those of some labels."""

    def __init__(self, mentions: Sequence[Mention]) -> None:
        """Take the mentions; they are put in order when they are asked for, once."""
        self._mentions = mentions
        self._known: dict[frozenset[str] | None, InOrder] = {}
        self._kept: dict[Hashable, Any] = {}

    def of(self, labels: frozenset[str] | None = None) -> InOrder:
        """Return the mentions of some labels, by default of any."""
        if labels not in self._known:
            wanted = (
                i for i, one in enumerate(self._mentions) if labels is None or one.label in labels
            )
            self._known[labels] = in_order(self._mentions, list(wanted))
        return self._known[labels]

    def kept(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what is made of the reading, made when it is first asked for under its key."""
        if key not in self._kept:
            self._kept[key] = make()
        made: Made = self._kept[key]
        return made
