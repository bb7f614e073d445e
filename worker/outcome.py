"""What came of a list of documents, and what a failure costs each of them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

from models.db.inbox.leases import Cost
from models.errors import BiomedError, ReaderBroken, ReaderStopped, ReaderStuck
from worker.metrics.measured import ListMeasures

LOST = frozenset({ReaderBroken.code, ReaderStuck.code})
"""Failures after which only a new process can read."""

COST_OF_ERROR: Final[dict[str, Cost]] = {
    ReaderBroken.code: "lapse",
    ReaderStuck.code: "lapse",
    ReaderStopped.code: "nothing",
}
"""What a failure costs a document that may be innocent of it; any other costs an attempt.

One of all that was in hand may have broken the reader: each is read alone next time.
"""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a document is given up, and whether another attempt can help. Holds no note text."""

    code: str
    reason: str
    retry: bool = False

    @classmethod
    def of(cls, error: BiomedError) -> Self:
        """Return the failure that an error means."""
        return cls(error.code, str(error), error.retry)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Numbers of documents; `broken` says that only a new worker process can read on.

    `retried` were given back for another attempt, if they had one left; `lost` were read, but
    their lease had run out, so nothing of them was written.
    """

    claimed: int = 0
    done: int = 0
    failed: int = 0
    retried: int = 0
    lost: int = 0
    broken: bool = False

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(
            claimed=self.claimed + other.claimed,
            done=self.done + other.done,
            failed=self.failed + other.failed,
            retried=self.retried + other.retried,
            lost=self.lost + other.lost,
            broken=self.broken or other.broken,
        )


def outcome(claimed: int, done: int, failures: Sequence[Failure]) -> Outcome:
    """Count what came of the documents that were claimed."""
    retried = sum(failure.retry for failure in failures)
    return Outcome(
        claimed=claimed,
        done=done,
        failed=len(failures) - retried,
        retried=retried,
        lost=claimed - done - len(failures),
        broken=any(failure.code in LOST for failure in failures),
    )


def measures(
    found: Outcome, failures: Sequence[Failure], waited: Sequence[float], seconds: float
) -> ListMeasures:
    """Return what is measured of a list: `waited` seconds of each document that is done."""
    outcomes = {
        "done": found.done,
        "failed": found.failed,
        "retried": found.retried,
        "lost": found.lost,
    }
    codes = Counter(failure.code for failure in failures)
    return ListMeasures(outcomes, codes, waited, seconds)


def cost(failure: Failure) -> Cost:
    """Return what a failure costs the document that is given back for it."""
    return COST_OF_ERROR.get(failure.code, "attempt")
