"""What came of a list is counted so that every document is in one number."""

import json

import pytest

from worker.failures import Failure
from worker.metrics.measured import ListMeasures
from worker.outcome import Outcome, measures, outcome

PERMANENT = Failure("bad-base64", "…")
PASSING = Failure("database-unavailable", "…", retry=True)
BROKEN = Failure("reader-broken", "…", retry=True)
STUCK = Failure("reader-stuck", "…", retry=True)


def test_every_document_is_counted_once() -> None:
    """Ten claimed: six done, one failed, one given back, so two were lost."""
    assert outcome(10, 6, [PERMANENT, PASSING]) == Outcome(
        claimed=10, done=6, failed=1, retried=1, lost=2
    )


@pytest.mark.parametrize("failure", [BROKEN, STUCK])
def test_a_broken_reader_is_remembered_in_the_sum(failure: Failure) -> None:
    """One list whose reader broke or hangs, among good ones, asks for a new process."""
    assert (outcome(1, 0, [failure]) + outcome(1, 1, [])) == Outcome(
        claimed=2, done=1, retried=1, broken=True
    )


def test_measures_of_failures_come_out_of_the_pipe_as_they_went_in() -> None:
    """Numbers of each error code survive being written as JSON and read again."""
    found = outcome(4, 1, [PERMANENT, PASSING, PASSING])
    told = measures(found, [PERMANENT, PASSING, PASSING], [0.5], 2.0)
    heard = ListMeasures.loaded(json.loads(json.dumps(told.dumped())))
    assert heard.codes == {"bad-base64": 1, "database-unavailable": 2}
    assert (heard.outcomes["done"], heard.waited, heard.seconds) == (1, [0.5], 2.0)
