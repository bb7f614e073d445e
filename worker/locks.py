"""A lock that many share or one holds alone (a readers-writer lock)."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class SharedLock:
    """Held by any number of threads that share it, or by one alone.

    Who wants it alone waits for those who share it, and lets no new one in before. A thread must
    not ask again for what it holds.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._sharing = 0
        self._wanting_alone = 0
        self._held_alone = False

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Hold it together with others."""
        with self._changed:
            self._changed.wait_for(lambda: not (self._held_alone or self._wanting_alone))
            self._sharing += 1
        try:
            yield
        finally:
            with self._changed:
                self._sharing -= 1
                self._changed.notify_all()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold it while nobody else does."""
        with self._changed:
            self._wanting_alone += 1
            self._changed.wait_for(lambda: not (self._held_alone or self._sharing))
            self._wanting_alone -= 1
            self._held_alone = True
        try:
            yield
        finally:
            with self._changed:
                self._held_alone = False
                self._changed.notify_all()
