"""What a supervisor knows of the lists in hand: whose lease ends, and what takes too long."""

import os

from tests.integration.worker.documents import document
from worker.in_flight import InFlightLists
from worker.in_hand_pipe import Begun, Ended, Report, Reports, reports


def begun(lists: InFlightLists, name: str, now: float) -> None:
    lists.hear([Begun(name, (1,), alone=False)], now)


def names(lists: list[object]) -> list[str]:
    return [one.token for one in lists]  # type: ignore[attr-defined]


def test_nothing_is_due_while_nothing_is_in_hand() -> None:
    """The supervisor waits without an end until something begins."""
    lists = InFlightLists(limit=100, lease=30)
    assert lists.seconds_until_due(0) is None
    begun(lists, "a", 0)
    lists.hear([Ended("a"), Ended("unknown")], 1)
    assert lists.seconds_until_due(1) is None
    assert lists.all() == []


def test_leases_are_renewed_three_times_before_they_end() -> None:
    """Each list is renewed when its turn comes, and then not for another third of its lease."""
    lists = InFlightLists(limit=100, lease=30)
    begun(lists, "a", 0)
    begun(lists, "b", 4)
    assert lists.seconds_until_due(4) == 6
    assert names([*lists.to_renew(9)]) == []
    assert names([*lists.to_renew(10)]) == ["a"]
    assert names([*lists.to_renew(14)]) == ["b"]
    assert lists.seconds_until_due(14) == 6


def test_the_oldest_lists_are_suspect() -> None:
    """When one takes too long, those at it for half the limit may be why, and newer ones not."""
    lists = InFlightLists(limit=100, lease=900)
    for name, now in (("a", 0), ("b", 49), ("c", 51)):
        begun(lists, name, now)
    assert lists.seconds_until_due(90) == 10
    assert not lists.overdue(99)
    assert lists.overdue(100)
    assert lists.seconds_until_due(120) == 0
    assert names([*lists.suspects(100)]) == ["a", "b"]


class Claim:
    """A claimed document."""

    token = "t"  # noqa: S105 the name of a lease
    attempt, lapses, waited_seconds = 1, 0, 0.0
    document = document("Fever.", key="1")

    def __init__(self, row: int) -> None:
        self.row = row


def test_reports_come_out_of_the_pipe_as_they_went_in() -> None:
    """A list is told of when it begins and when it ends, even by an exception."""
    receiving, sending = os.pipe()
    telling = Reports(sending)
    rows = range(10**18, 10**18 + 64)
    with telling.reading([Claim(row) for row in rows], alone=True):
        heard = said(receiving)
    assert heard == [Begun("t", tuple(rows), alone=True)]
    assert said(receiving) == [Ended("t")]
    telling._pipe.close()
    os.close(receiving)


def said(pipe: int) -> list[Report]:
    *lines, rest = os.read(pipe, 1 << 16).split(b"\n")
    assert rest == b""
    return list(reports(lines))
