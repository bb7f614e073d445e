"""One bad item never fails its neighbours."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from models.errors import BiomedError, DatabaseUnavailable, StepFailed
from models.halving import in_halves, one_for_each

T = TypeVar("T")
R = TypeVar("R")
Blame = Callable[[str], BiomedError]


def isolate(
    work: Callable[[Sequence[T]], Sequence[R]],
    items: Sequence[T],
    *,
    blame: Blame,
) -> list[R | BiomedError]:
    """Do the work on all items together and return, in their order, what came of each.

    An exception halves the items until the culprit is alone; k culprits among n cost about
    2·k·log2(n) calls. Its place holds the error: a `BiomedError` as it was raised, anything else
    as `blame(type name)`, because a foreign message can quote the note. MemoryError is halved like
    any other, and then often there is no culprit.

    Raises:
        DatabaseUnavailable: asking again for each half would only wait for it again.
    """

    def attempt(some: Sequence[T]) -> Sequence[R | BiomedError] | None:
        try:
            return one_for_each(work(some), len(some))
        except DatabaseUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 whatever a model or a mapping raises
            if len(some) > 1:
                return None
            return [error if isinstance(error, BiomedError) else blame(type(error).__name__)]

    return [one for some in in_halves(attempt, items) for one in some]


def isolate_one(work: Callable[[T], R], item: T, *, blame: Blame) -> R | BiomedError:
    """Do the work on one item, and return its error as `isolate` does."""
    return isolate(lambda items: [work(each_one) for each_one in items], [item], blame=blame)[0]


def blame(step: str) -> Blame:
    """Return what makes the error for an exception that nobody foresaw in a step."""
    return lambda kind: StepFailed(step=step, kind=kind)
