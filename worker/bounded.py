"""Asking what may hang: an answer in time or none, and never two questions at once."""

import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Generic, NoReturn, TypeVar

from models.errors import BiomedError, NotInTime, Unexpected

T = TypeVar("T")


class Bounded(Generic[T]):
    """Calls `ask` in a thread of its own and waits for `patience` seconds at most.

    An answer is given again for `keep` seconds. While one call hangs no other is begun, and who
    asks then waits no longer than what is left of its patience.
    """

    def __init__(self, ask: Callable[[], T], *, patience: float, keep: float) -> None:
        self._ask = ask
        self._patience = patience
        self._keep = keep
        self._changed = threading.Condition()
        self._begun: float | None = None
        self._ended: float | None = None
        self._answer: Callable[[], T] = self._unasked

    def __call__(self) -> T:
        """Return the answer.

        Raises:
            NotInTime: there is none yet.
            BiomedError: what the call raised.
        """
        with self._changed:
            if not self._is_fresh():
                begun = self._begin()
                left = begun + self._patience - time.monotonic()
                if not self._changed.wait_for(lambda: self._begun is None, max(0.0, left)):
                    raise NotInTime(seconds=self._patience)
            answer = self._answer
        return answer()

    def _is_fresh(self) -> bool:
        return self._ended is not None and time.monotonic() - self._ended < self._keep

    def _begin(self) -> float:
        """Begin a call unless one is going on; return when it was begun."""
        if self._begun is None:
            self._begun = time.monotonic()
            threading.Thread(target=self._call, daemon=True).start()
        return self._begun

    def _call(self) -> None:
        answer = self._answered()
        with self._changed:
            self._answer, self._begun, self._ended = answer, None, time.monotonic()
            self._changed.notify_all()

    def _answered(self) -> Callable[[], T]:
        try:
            found = self._ask()
        except BiomedError as error:
            return partial(raised, error)
        except Exception as error:  # noqa: BLE001 a driver raises more than it documents
            return partial(raised, Unexpected(kind=type(error).__name__))
        return lambda: found

    def _unasked(self) -> T:
        raise NotInTime(seconds=self._patience)


def raised(error: BiomedError) -> NoReturn:
    """Raise an error."""
    raise error
