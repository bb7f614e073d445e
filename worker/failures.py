"""Why a document is given up, what that costs it, and which failures end the reading process."""

from dataclasses import dataclass
from typing import Final, Self

from models.db.inbox.attempts import Cost
from models.errors import BiomedError, ReaderBroken, ReaderStopped, ReaderStuck

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


def cost(failure: Failure) -> Cost:
    """Return what a failure costs the document that is given back for it."""
    return COST_OF_ERROR.get(failure.code, "attempt")
