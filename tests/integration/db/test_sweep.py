"""The sweep finds what nobody rings for, and ends what was tried often enough."""

from models.db.inbox.attempts import MAX_LAPSES
from models.db.inbox.inbox import Inbox
from tests.integration.db.conftest import Together
from tests.memory import document


def received(inbox: Inbox, number: int) -> list[int]:
    return [one.row for one in inbox.receive([document(f"key {n}") for n in range(number)])]


def due(inbox: Inbox, *, queued_for: float = 60, limit: int = 100, attempts: int = 3) -> list[int]:
    return inbox.due(queued_for_seconds=queued_for, limit=limit, max_attempts=attempts)


def test_received_rows_are_rung_for_once(inbox: Inbox) -> None:
    """Rows whose bell was never rung are due, and then queued and left alone for a while."""
    rows = received(inbox, 3)
    assert due(inbox) == rows
    assert due(inbox) == []
    assert inbox.counts()["queued"] == 3


def test_queued_too_long(inbox: Inbox) -> None:
    """Rows whose message seems lost are due again."""
    rows = received(inbox, 2)
    inbox.mark_queued(rows)
    assert due(inbox, queued_for=60) == []
    assert due(inbox, queued_for=0) == rows


def test_expired_lease(inbox: Inbox) -> None:
    """A row whose worker died is due; a row that is being read is not."""
    dead, alive = received(inbox, 2)
    (claim,) = inbox.claim([dead], lease_seconds=0, max_attempts=3)
    inbox.claim([alive], lease_seconds=60, max_attempts=3)
    assert due(inbox) == [dead]
    assert inbox.extend(claim.token, [dead], 60) == []


def test_limit(inbox: Inbox) -> None:
    """At most so many rows are returned, the longest waiting first, and none is left out."""
    rows = received(inbox, 5)
    assert [due(inbox, limit=2) for _ in range(4)] == [rows[:2], rows[2:4], rows[4:], []]


def test_longest_waiting_first(inbox: Inbox) -> None:
    """What was to be tried earlier is rung for earlier, whenever it came in."""
    *_, last = rows = received(inbox, 3)
    (claim,) = inbox.claim([last], lease_seconds=60, max_attempts=3)
    inbox.release(claim.token, last, code="x", reason="y", delay_seconds=-60)
    assert due(inbox, limit=1) == [last]
    assert due(inbox) == rows[:2]


def test_exhausted_by_dying(inbox: Inbox) -> None:
    """A row whose every worker died, the last times alone, is failed with a sentence that says so.

    Its neighbour of the first death has all its attempts left.
    """
    row, neighbour = received(inbox, 2)
    inbox.claim([row, neighbour], lease_seconds=0, max_attempts=1)
    for _ in range(MAX_LAPSES - 1):
        assert row in due(inbox, attempts=1)
        inbox.claim([row], lease_seconds=0, max_attempts=1)
    assert due(inbox, attempts=1) == []
    (failure,) = inbox.failures(1)
    assert (failure.row, failure.code, failure.attempts) == (row, "worker-died", 0)
    assert f"({MAX_LAPSES} times" in failure.reason
    (claim,) = inbox.claim([neighbour], lease_seconds=60, max_attempts=1)
    assert (claim.attempt, claim.lapses) == (1, 1)
    assert inbox.requeue() == [row]
    assert inbox.free([row], max_attempts=1).fresh == [row]


def test_a_ring_that_nobody_heard_is_taken_back(inbox: Inbox) -> None:
    """What could not be rung for is due at once, and what a worker took meanwhile is left to it."""
    taken, waiting = received(inbox, 2)
    assert due(inbox) == [taken, waiting]
    inbox.claim([taken], lease_seconds=60, max_attempts=3)
    inbox.not_rung([taken, waiting])
    assert due(inbox) == [waiting]
    assert inbox.counts()["processing"] == 1


def test_exhausted_with_last_error(inbox: Inbox) -> None:
    """A row given back at its last attempt is failed with the error it was given back for."""
    (row,) = received(inbox, 1)
    for code in ("first", "last"):
        (claim,) = inbox.claim([row], lease_seconds=60, max_attempts=2)
        inbox.release(claim.token, row, code=code, reason=f"The {code}.", delay_seconds=0)
    assert due(inbox, attempts=2) == []
    (failure,) = inbox.failures(1)
    assert (failure.code, failure.reason) == ("last", "The last.")


def test_two_sweepers(inbox: Inbox, together: Together) -> None:
    """Two sweepers at the same moment ring for each row once."""
    rows = received(inbox, 40)
    found = together(lambda _: due(inbox), 2)
    assert sorted(row for some in found for row in some) == sorted(rows)
