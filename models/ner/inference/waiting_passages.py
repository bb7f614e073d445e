"""Passages that wait for a forward pass, and which of them go together.

Plain data, for one thread at a time; `batcher` holds the lock.
"""

from bisect import bisect_left, insort
from dataclasses import dataclass, field
from typing import NamedTuple

from models.ner.inference.passages import Passage
from models.ner.inference.scoring import Outcome


class Place(NamedTuple):
    """Where a passage waits: ordered by its number of pieces, special ones included."""

    pieces: int
    serial: int


@dataclass(eq=False, slots=True)
class Request:
    """What one caller waits for: its passages that wait, and what came of the others.

    `computed` are the passages in a forward pass now, by their `id()`.
    """

    waiting: dict[Place, Passage] = field(default_factory=dict)
    computed: dict[int, Passage] = field(default_factory=dict)
    outcomes: list[tuple[Passage, Outcome]] = field(default_factory=list)

    @property
    def open(self) -> bool:
        """Whether there is something still to come."""
        return bool(self.waiting or self.computed)

    def take(self) -> list[tuple[Passage, Outcome]]:
        """Remove and return what came so far."""
        taken, self.outcomes = self.outcomes, []
        return taken


Chosen = list[tuple[Request, Passage]]


class Waiting:
    """The passages of all requests, by length; `pieces` is how many pieces that are."""

    def __init__(self, budget: int) -> None:
        self.pieces = 0
        self._budget = budget
        self._serial = 0
        self._places: list[Place] = []
        self._requests: dict[Place, Request] = {}
        self._eldest_next = True

    def __bool__(self) -> bool:
        return bool(self._places)

    def add(self, request: Request, passage: Passage) -> None:
        """Let a passage wait."""
        place = Place(len(passage.ids) + 2, self._serial)
        self._serial += 1
        self.pieces += place.pieces
        request.waiting[place] = passage
        self._requests[place] = request
        insort(self._places, place)

    def withdraw(self, request: Request) -> list[Passage]:
        """Forget the passages of a request that wait; return them."""
        gone = list(request.waiting.items())
        for place, _ in gone:
            del self._places[bisect_left(self._places, place)]
            self._remove(place)
        return [passage for _, passage in gone]

    def take(self) -> Chosen:
        """Remove and return a batch: one passage whose turn it is, and those nearest to its length.

        Its padded size stays in the budget, but for a single passage that is longer.
        """
        first, last = self._around(bisect_left(self._places, self._turn()))
        places = self._places[first:last]
        del self._places[first:last]
        return [self._remove(place) for place in places]

    def _remove(self, place: Place) -> tuple[Request, Passage]:
        self.pieces -= place.pieces
        request = self._requests.pop(place)
        return request, request.waiting.pop(place)

    def _turn(self) -> Place:
        """Return whose turn it is: the eldest passage's and the shortest request's, in turns.

        So a single note is not behind all the lists that came before it, and no list waits for
        ever.
        """
        self._eldest_next = not self._eldest_next
        if not self._eldest_next:
            return next(iter(self._requests))  # in the order of arrival
        shortest = min(set(self._requests.values()), key=lambda one: len(one.waiting))
        return next(iter(shortest.waiting))

    def _around(self, seed: int) -> tuple[int, int]:
        """Return the slice of passages around one that fills the budget."""
        first, last = seed, seed + 1
        while True:
            shorter = first > 0 and self._fits(first - 1, last)
            longer = last < len(self._places) and self._fits(first, last + 1)
            if shorter and (not longer or self._is_nearer(seed, first - 1, last)):
                first -= 1
            elif longer:
                last += 1
            else:
                return first, last

    def _fits(self, first: int, last: int) -> bool:
        return (last - first) * self._places[last - 1].pieces <= self._budget

    def _is_nearer(self, seed: int, shorter: int, longer: int) -> bool:
        length = self._places[seed].pieces
        return length - self._places[shorter].pieces <= self._places[longer].pieces - length
