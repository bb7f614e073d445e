"""Work on many things at once that is done in halves where it fails as a whole."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def in_halves(work: Callable[[Sequence[T]], R | None], items: Sequence[T]) -> Iterator[R]:
    """Yield what the work makes of the items, or of each half where it returns None.

    The work goes on as far as the results are asked for; for no items it is not done at all. It
    returns None, and does not raise, for a reason: an exception at hand keeps the memory alive of
    what failed.
    """
    if not items:
        return
    result = work(items)
    if result is not None:
        yield result
        return
    middle = len(items) // 2
    yield from in_halves(work, items[:middle])
    yield from in_halves(work, items[middle:])


def one_for_each(results: Sequence[R], wanted: int) -> Sequence[R]:
    """Return the results; refuse a wrong number of them: nobody could say whose they are.

    Raises:
        ValueError: there are fewer or more than `wanted`.
    """
    if len(results) != wanted:
        raise ValueError("results and items differ in number")
    return results
