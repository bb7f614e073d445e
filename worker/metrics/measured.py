"""What a reading process measures, as plain numbers that a pipe carries to its supervisor."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Protocol, Self


@dataclass(slots=True)
class Computed:
    """Batches that the model computed, added up.

    `pieces` are those of the windows, `room` is how many the batches could have held, `seconds` is
    the time of the threads that computed.
    """

    batches: int = 0
    pieces: int = 0
    room: int = 0
    seconds: float = 0


@dataclass(frozen=True, slots=True)
class ListMeasures:
    """One list of documents that was read.

    `outcomes` are numbers of documents, `codes` of failures by error code; `waited` has the seconds
    from received to done of each document that is done now.
    """

    outcomes: Mapping[str, int]
    codes: Mapping[str, int] = field(default_factory=dict)
    waited: Sequence[float] = ()
    seconds: float = 0
    computed: Computed = field(default_factory=Computed)

    def dumped(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return asdict(self)

    @classmethod
    def loaded(cls, values: Mapping[str, Any]) -> Self:
        """Return what was dumped."""
        return cls(**{**values, "computed": Computed(**values["computed"])})


class Measures(Protocol):
    """Who is told what a reading process measures; its threads share it."""

    def batch(self, pieces: int, room: int, seconds: float) -> None:
        """Hear of a batch that was computed."""

    def list_read(self, found: ListMeasures) -> None:
        """Hear of a list that was read; `computed` is not known to who tells."""


class Unmeasured:
    """Measures nothing: for commands that end by themselves."""

    def batch(self, pieces: int, room: int, seconds: float) -> None:
        """Ignore it."""

    def list_read(self, found: ListMeasures) -> None:
        """Ignore it."""


class Measurer:
    """Adds batches up, and tells of them with the next list: one message a list, however long."""

    def __init__(self, tell: Callable[[ListMeasures], None]) -> None:
        self._tell = tell
        self._lock = threading.Lock()
        self._computed = Computed()

    def batch(self, pieces: int, room: int, seconds: float) -> None:
        """Note a batch that was computed."""
        with self._lock:
            self._computed.batches += 1
            self._computed.pieces += pieces
            self._computed.room += room
            self._computed.seconds += seconds

    def list_read(self, found: ListMeasures) -> None:
        """Tell of a list and of the batches since the last one."""
        with self._lock:
            computed, self._computed = self._computed, Computed()
        self._tell(replace(found, computed=computed))


class Stopwatch:
    """The seconds since it was made."""

    def __init__(self) -> None:
        self._begun = time.monotonic()

    @property
    def seconds(self) -> float:
        """How long ago that was."""
        return time.monotonic() - self._begun
