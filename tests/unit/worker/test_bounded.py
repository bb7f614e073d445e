"""What may hang is asked by one at once, and nobody waits for it longer than promised."""

import threading
import time
from collections.abc import Callable

import pytest

from models.errors import BrokerUnavailable, NotInTime, Unexpected
from worker.bounded import Bounded


class Asked:
    """Counts how often it is asked, and answers when it may."""

    def __init__(self) -> None:
        self.times = 0
        self.may_answer = threading.Event()

    def __call__(self) -> int:
        self.times += 1
        self.may_answer.wait(60)
        return self.times


def eventually(bounded: Bounded[int]) -> int:
    """Return its answer, as soon as its thread was scheduled."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            return bounded()
        except NotInTime:
            time.sleep(0.01)
    raise AssertionError


def test_one_that_hangs_is_asked_once_and_answers_later() -> None:
    """Ten who ask meanwhile get no answer in time; the next one gets it."""
    asked = Asked()
    bounded = Bounded(asked, patience=0.05, keep=60)
    for _ in range(10):
        with pytest.raises(NotInTime):
            bounded()
    assert asked.times == 1
    asked.may_answer.set()
    assert eventually(bounded) == 1
    assert asked.times == 1


@pytest.mark.parametrize(("keep", "times"), [(60, 1), (0, 3)])
def test_an_answer_is_kept_for_a_while(keep: float, times: int) -> None:
    """Within that time nothing is asked."""
    asked = Asked()
    asked.may_answer.set()
    bounded = Bounded(asked, patience=60, keep=keep)
    assert [bounded() for _ in range(3)] == list(range(1, 4) if keep == 0 else (1, 1, 1))
    assert asked.times == times


def raising(error: Exception) -> Callable[[], None]:
    def ask() -> None:
        raise error

    return ask


def test_an_error_of_ours_goes_through_and_another_loses_its_words() -> None:
    """A driver's message may hold an address with a password."""
    with pytest.raises(BrokerUnavailable):
        Bounded(raising(BrokerUnavailable(kind="x")), patience=60, keep=0)()
    with pytest.raises(Unexpected, match="OSError") as caught:
        Bounded(raising(OSError("redis://:secret@host")), patience=60, keep=0)()
    assert "secret" not in str(caught.value)
