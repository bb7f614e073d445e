"""Refusals that are too many are counted, each client's for itself."""

from gateway.access.rate_limits import RateLimit
from gateway.rest.refusals import Refusals
from models.audit_events import REFUSED, Agent, Event

ONE_AT_ONCE = 1


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def refused(name: str) -> Event:
    return Event(Agent("client", name), "read", "R", REFUSED, detail="forbidden")


def rows(refusals: Refusals, *names: str) -> list[tuple[str, str]]:
    """Return who is named by the rows of these clients' refusals, and what they say."""
    found = [one for name in names for one in refusals.written(refused(name))]
    return [(one.agent.name, one.detail) for one in found]


def test_each_client_has_its_own_number_of_refusals() -> None:
    """What one was refused too often is not said of another."""
    clock = Clock()
    refusals = Refusals(RateLimit(1, ONE_AT_ONCE, clock))
    assert rows(refusals, *"aaaabb") == [("a", "forbidden"), ("b", "forbidden")]
    clock.now = 1.0
    assert rows(refusals, *"cba") == [
        ("c", "forbidden"),
        ("b", "forbidden, 1 more"),
        ("a", "forbidden, 3 more"),
    ]
    clock.now = 2.0
    assert rows(refusals, "a") == [("a", "forbidden")]


def test_the_number_of_a_forgotten_client_is_written() -> None:
    """Of so many clients a number is kept; the longest silent one's is a row before it goes."""
    refusals = Refusals(RateLimit(1, ONE_AT_ONCE, Clock()), most=1)
    assert rows(refusals, *"aaab") == [("a", "forbidden"), ("b", "forbidden")]
    assert rows(refusals, "b") == [("a", "forbidden, 1 more")]
    assert len(refusals._unwritten) == 1
