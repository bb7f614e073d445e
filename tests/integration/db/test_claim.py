"""Whose a document is: leases, attempts, back-off and the fence."""

import pytest
from sqlalchemy import Engine, select

from models.clinical import Unread
from models.db.inbox.attempts import MAX_LAPSES
from models.db.inbox.inbox import Claim, Cost, Inbox
from models.db.results.results import Results
from models.db.sql.session import reading
from models.db.tables.documents import unread
from tests.integration.db.conftest import Together
from tests.memory import document, extraction


@pytest.fixture
def rows(inbox: Inbox) -> list[int]:
    """Twenty documents that wait."""
    return [one.row for one in inbox.receive([document(f"key {n}") for n in range(20)])]


def claim(inbox: Inbox, ids: list[int], seconds: float = 60, attempts: int = 3) -> list[Claim]:
    return inbox.claim(ids, lease_seconds=seconds, max_attempts=attempts)


def test_two_claimers_share_nothing(inbox: Inbox, rows: list[int], together: Together) -> None:
    """Workers that claim the same list at the same moment get each row once."""
    taken = together(lambda _: [one.row for one in claim(inbox, rows)], 4)
    assert sorted(row for some in taken for row in some) == sorted(rows)


def test_claim_in_the_order_asked(inbox: Inbox, rows: list[int]) -> None:
    """Claims come in the order of the message, and unknown rows are left out."""
    asked = [rows[3], 10**6, rows[1], rows[2]]
    assert [one.row for one in claim(inbox, asked)] == [rows[3], rows[1], rows[2]]


def test_held_rows_are_left_out(inbox: Inbox, rows: list[int]) -> None:
    """What another holds, and what is done or failed, cannot be claimed."""
    (held,) = claim(inbox, rows[:1])
    (failed,) = claim(inbox, rows[1:2])
    inbox.fail(failed.token, failed.row, code="x", reason="Broken.")
    assert claim(inbox, [held.row, failed.row]) == []


def test_expired_lease_is_claimable(inbox: Inbox, results: Results, rows: list[int]) -> None:
    """After the lease another may read; what the first holder brings then is not written."""
    (first,) = claim(inbox, rows[:1], seconds=0)
    (second,) = claim(inbox, rows[:1])
    assert (second.attempt, second.lapses) == (1, 1)
    assert results.complete(first.token, {first.row: extraction(first.document)}) == []
    assert inbox.extend(first.token, [first.row], 60) == []
    assert not inbox.fail(first.token, first.row, code="x", reason="Broken.")
    assert not inbox.release(first.token, first.row, code="x", reason="y", delay_seconds=0)
    assert inbox.counts()["processing"] == 1
    assert results.complete(second.token, {second.row: extraction(second.document)}) == [second.row]


def test_expired_but_not_taken_is_still_ours(
    inbox: Inbox, results: Results, rows: list[int]
) -> None:
    """A slow worker whose row nobody took meanwhile may complete it."""
    (slow,) = claim(inbox, rows[:1], seconds=0)
    assert results.complete(slow.token, {slow.row: extraction(slow.document)}) == [slow.row]


def test_heartbeat(inbox: Inbox, rows: list[int]) -> None:
    """An extended lease keeps others out; the answer names the rows that are still held."""
    (held,) = claim(inbox, rows[:1], seconds=0)
    assert inbox.extend(held.token, [held.row, rows[1]], 60) == [held.row]
    assert claim(inbox, rows[:1]) == []


def test_attempts_run_out(inbox: Inbox, rows: list[int]) -> None:
    """A row that was tried often enough is not given to anybody again."""
    for attempt in (1, 2, 3):
        (one,) = claim(inbox, rows[:1])
        assert (one.attempt, one.lapses) == (attempt, 0)
        inbox.release(one.token, one.row, code="x", reason="y", delay_seconds=0)
    assert claim(inbox, rows[:1]) == []


def test_lapsed_leases_are_no_attempts(inbox: Inbox, rows: list[int]) -> None:
    """A row whose workers died keeps its attempts, and is given to nobody after so many deaths."""
    for lapses in range(MAX_LAPSES):
        (one,) = claim(inbox, rows[:1], seconds=0, attempts=1)
        assert (one.attempt, one.lapses) == (1, lapses)
    assert claim(inbox, rows[:1], seconds=0, attempts=1) == []


@pytest.mark.parametrize(
    ("cost", "counted"), [("attempt", (2, 0)), ("lapse", (1, 1)), ("nothing", (1, 0))]
)
def test_what_a_release_costs(
    inbox: Inbox, rows: list[int], cost: Cost, counted: tuple[int, int]
) -> None:
    """An attempt, a lapse or nothing is counted when the row is taken again."""
    (one,) = claim(inbox, rows[:1])
    inbox.release(one.token, one.row, code="x", reason="y", delay_seconds=0, cost=cost)
    (again,) = claim(inbox, rows[:1])
    assert (again.attempt, again.lapses) == counted


def test_free_rows_are_fresh_or_tried(inbox: Inbox, rows: list[int]) -> None:
    """What was never taken, and what was and has to be read alone, each in the order asked."""
    held, given_back, done_with, lapsed = claim(inbox, rows[:4])
    inbox.release(given_back.token, given_back.row, code="x", reason="y", delay_seconds=0)
    inbox.fail(done_with.token, done_with.row, code="x", reason="y")
    inbox.extend(lapsed.token, [lapsed.row], 0)
    asked = [rows[5], lapsed.row, held.row, 10**6, given_back.row, done_with.row, rows[4]]
    free = inbox.free(asked, max_attempts=3)
    assert (free.fresh, free.tried) == ([rows[5], rows[4]], [lapsed.row, given_back.row])
    fresh = inbox.claim(asked, lease_seconds=60, max_attempts=3, fresh=True)
    assert [one.row for one in fresh] == [rows[5], rows[4]]
    assert inbox.free(asked, max_attempts=1).tried == [lapsed.row]


def test_release_waits(inbox: Inbox, rows: list[int]) -> None:
    """A released row can be taken again after its delay and not before."""
    later, now = claim(inbox, rows[:2])
    for one, delay in ((later, 60), (now, 0)):
        assert inbox.release(one.token, one.row, code="x", reason="y", delay_seconds=delay)
    assert [one.row for one in claim(inbox, rows[:2])] == [now.row]
    assert later.row not in inbox.due(queued_for_seconds=0, limit=100, max_attempts=3)


def test_fail(inbox: Inbox, engine: Engine, rows: list[int]) -> None:
    """A failed row says why, part by part, and failing it again later adds nothing twice."""
    parts = [Unread(0, "bad-base64", "No base64."), Unread(1, "wrong-charset", "No UTF-8.")]
    for _ in range(2):
        (one,) = claim(inbox, rows[:1])
        assert inbox.fail(one.token, one.row, code="bad-base64", reason="No.", unread=parts)
        (failure,) = inbox.failures(10)
        assert (failure.row, failure.id, failure.version) == (one.row, one.document.id, "1")
        assert (failure.code, failure.reason, failure.attempts) == ("bad-base64", "No.", 1)
        assert inbox.requeue() == [one.row]
    with reading(engine) as connection:
        codes = connection.scalars(select(unread.c.code).order_by(unread.c.content_index)).all()
    assert codes == ["bad-base64", "wrong-charset"]


def test_requeue_some(inbox: Inbox, rows: list[int]) -> None:
    """Only failed rows are tried anew, only those named, and from the first attempt."""
    for one in claim(inbox, rows[:2]):
        inbox.fail(one.token, one.row, code="x", reason="y")
    assert inbox.requeue([rows[1], rows[2]]) == [rows[1]]
    assert [(one.row, one.attempt) for one in claim(inbox, rows[:2])] == [(rows[1], 1)]
    assert [failure.row for failure in inbox.failures(10)] == [rows[0]]


def test_mark_queued_leaves_holders_alone(inbox: Inbox, rows: list[int]) -> None:
    """A late doorbell does not take a row from the worker that already has it."""
    claim(inbox, rows[:1])
    inbox.mark_queued(rows)
    assert inbox.counts() == {
        "received": 0,
        "queued": 19,
        "processing": 1,
        "done": 0,
        "failed": 0,
    }
