"""What came of a list of documents, counted so that every document is in one number."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from worker.failures import LOST, Failure
from worker.metrics.measured import ListMeasures


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
    codes = dict(Counter(failure.code for failure in failures))  # asdict spoils a Counter
    return ListMeasures(outcomes, codes, waited, seconds)
