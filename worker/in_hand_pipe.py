"""What a reading process tells its supervisor: which lists it has in hand, and what it measured."""

import json
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from worker.memory_ports import Claim
from worker.metrics.measured import ListMeasures


@dataclass(frozen=True, slots=True)
class Begun:
    """A list was claimed; `alone` says that the process reads nothing else meanwhile."""

    token: str
    rows: tuple[int, ...]
    alone: bool


@dataclass(frozen=True, slots=True)
class Ended:
    """A list is in hand no longer."""

    token: str


Report = Begun | Ended | ListMeasures


class Reports:
    """A lease keeper: tells the supervisor at the other end of a pipe, who keeps the leases.

    The supervisor is another process, so that it can act when no thread of this one can.
    """

    def __init__(self, pipe: int) -> None:
        self._pipe = os.fdopen(pipe, "wb")
        self._lock = threading.Lock()

    @contextmanager
    def reading(self, claims: Sequence[Claim], *, alone: bool) -> Iterator[None]:
        """Have these in hand until it is left."""
        token = claims[0].token
        self._tell(token, tuple(claim.row for claim in claims), alone)
        try:
            yield
        finally:
            self._tell(token)

    def measured(self, found: ListMeasures) -> None:
        """Tell what was measured of a list that was read."""
        self._tell(None, found.dumped())

    def _tell(self, *words: object) -> None:
        with self._lock:
            self._pipe.write(json.dumps(words).encode() + b"\n")
            self._pipe.flush()


def reports(lines: Sequence[bytes]) -> Iterator[Report]:
    """Yield what the lines of a pipe say."""
    for line in lines:
        match json.loads(line):
            case [None, measured]:
                yield ListMeasures.loaded(measured)
            case [token, rows, alone]:
                yield Begun(token, tuple(rows), alone)
            case [token]:
                yield Ended(token)
