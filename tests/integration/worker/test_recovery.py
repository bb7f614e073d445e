"""What an ended process had in hand goes back to the inbox, each document as it deserves."""

import pytest

from models.db.inbox.inbox import Inbox
from models.db.sql.session import connect
from tests.integration.worker.conftest import Memory
from tests.integration.worker.documents import document
from worker.in_flight import InFlight
from worker.settings import Settings
from worker.worker_death import Recovery


@pytest.fixture
def returns(inbox: Inbox, settings: Settings) -> Recovery:
    return Recovery(inbox, settings)


@pytest.fixture
def lists(inbox: Inbox) -> list[InFlight]:
    """Three lists under three leases: of two rows, of one that is read alone, and of two more."""
    sent = [document("Fever.", key=str(number)) for number in range(5)]
    rows = [receipt.row for receipt in inbox.receive(sent)]
    return [
        in_hand(inbox, rows[:2]),
        in_hand(inbox, rows[2:3], alone=True),
        in_hand(inbox, rows[3:]),
    ]


def in_hand(inbox: Inbox, rows: list[int], *, alone: bool = False) -> InFlight:
    claims = inbox.claim(rows, lease_seconds=60, max_attempts=1)
    return InFlight(claims[0].token, tuple(rows), alone, 0, 0)


def fates(memory: Memory) -> list[tuple[object, ...]]:
    return memory.rows("SELECT state, error_code, attempts, lapses FROM document ORDER BY id")


def test_what_took_too_long(returns: Recovery, lists: list[InFlight], memory: Memory) -> None:
    """A suspect is read alone next, one that was alone is failed, and the rest pays nothing."""
    returns.too_long(lists, lists[:2])
    suspect = ("received", "reading-too-long", 0, 1)
    other = ("received", "reader-stopped", 0, 0)
    assert fates(memory) == [suspect] * 2 + [("failed", "reading-too-long", 1, 0)] + [other] * 2


def test_what_a_dead_process_had(
    returns: Recovery, lists: list[InFlight], memory: Memory, inbox: Inbox
) -> None:
    """All of it is suspect, keeps its attempts and can be read alone at once."""
    returns.died(lists, "SIGSEGV")
    assert fates(memory) == [("received", "worker-died", 0, 1)] * 5
    rows = [row for one in lists for row in one.rows]
    assert inbox.free(rows, max_attempts=1).tried == rows
    (reason,) = {str(row[0]) for row in memory.rows("SELECT error FROM document")}
    assert "SIGSEGV" in reason


def test_what_a_stopped_process_had(
    returns: Recovery, lists: list[InFlight], memory: Memory, inbox: Inbox
) -> None:
    """It goes back as it came, to be read together as if nothing had been."""
    returns.stopped(lists)
    assert fates(memory) == [("received", "reader-stopped", 0, 0)] * 5
    rows = [row for one in lists for row in one.rows]
    assert inbox.free(rows, max_attempts=1).fresh == rows


def test_what_others_have_meanwhile_is_left_to_them(
    returns: Recovery, lists: list[InFlight], memory: Memory
) -> None:
    """A lease that was lost before gives nothing back and fails nothing."""
    memory.do("UPDATE document SET lease_token = 'another'")
    returns.too_long(lists, lists)
    returns.died(lists, "SIGKILL")
    assert fates(memory) == [("processing", None, 1, 0)] * 5


def test_a_database_that_is_away_ends_nothing_but_the_returning(
    settings: Settings, lists: list[InFlight], memory: Memory
) -> None:
    """What cannot be given back keeps its lease, which runs out."""
    nowhere = Inbox(connect("postgresql://nobody@127.0.0.1:1/nothing?connect_timeout=1"))
    Recovery(nowhere, settings).too_long(lists, lists)
    assert fates(memory) == [("processing", None, 1, 0)] * 5
