"""What came of a list is counted so that every document is in one number."""

from worker.case import Failure
from worker.outcome import Outcome, outcome

PERMANENT = Failure("bad-base64", "…")
PASSING = Failure("database-unavailable", "…", retry=True)
BROKEN = Failure("reader-broken", "…", retry=True)


def test_every_document_is_counted_once() -> None:
    """Ten claimed: six done, one failed, one given back, so two were lost."""
    assert outcome(10, 6, [PERMANENT, PASSING]) == Outcome(
        claimed=10, done=6, failed=1, retried=1, lost=2
    )


def test_a_broken_reader_is_remembered_in_the_sum() -> None:
    """One broken list among good ones asks for a new process."""
    assert (outcome(1, 0, [BROKEN]) + outcome(1, 1, [])) == Outcome(
        claimed=2, done=1, retried=1, broken=True
    )
