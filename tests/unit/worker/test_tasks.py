"""The task lets nothing of a note into Celery's hands."""

from collections.abc import Sequence

import pytest
from structlog.testing import capture_logs

from worker.outcome import Outcome
from worker.queue import TASK, application
from worker.tasks import process_message, register


def test_an_unforeseen_error_is_logged_by_type_and_place_only() -> None:
    """The message of an exception may quote the note, so it goes nowhere."""

    def process(_: Sequence[int]) -> Outcome:
        raise ValueError("Mr Smith")

    with capture_logs() as lines:
        assert process_message(process, [1, 2]) == Outcome()
    assert lines[0]["event"] == "list.failed"
    assert lines[0]["kind"] == "ValueError"
    assert "test_tasks.py" in lines[0]["at"]
    assert "Smith" not in repr(lines)


@pytest.mark.parametrize("message", [None, 7, "Mr Smith", ["Mr Smith"], [1.5], [True], {"a": 1}])
def test_what_is_no_list_of_rows_is_refused_unseen(message: object) -> None:
    """Somebody else's message is neither processed nor quoted."""
    seen: list[Sequence[int]] = []

    def process(rows: Sequence[int]) -> Outcome:
        seen.append(rows)
        return Outcome()

    with capture_logs() as lines:
        process_message(process, message)
    assert seen == []
    assert [line["event"] for line in lines] == ["list.refused"]
    assert "Smith" not in repr(lines)


@pytest.mark.parametrize("broken", [True, False])
def test_only_a_broken_reader_stops_the_worker(broken: bool) -> None:  # noqa: FBT001 a parameter
    """The worker is stopped when its reader fails on every text, and goes on otherwise."""
    stopped: list[bool] = []
    app = application("memory://")
    register(app, lambda _: Outcome(broken=broken), on_broken=lambda: stopped.append(True))
    app.tasks[TASK]([1])
    assert stopped == [True] * broken
