"""Messages hold row ids, in lists that are not too long."""

from worker.queue import CONFIGURATION, TRANSPORT
from worker.settings import VISIBILITY_SECONDS


def test_celery_keeps_messages_until_they_are_worked_on() -> None:
    """A message is acknowledged late, as JSON, without a result; one is fetched for each thread."""
    assert TRANSPORT["visibility_timeout"] == VISIBILITY_SECONDS
    assert CONFIGURATION["task_acks_late"] is True
    assert CONFIGURATION["task_reject_on_worker_lost"] is True
    assert CONFIGURATION["task_acks_on_failure_or_timeout"] is True
    assert CONFIGURATION["task_ignore_result"] is True
    assert CONFIGURATION["accept_content"] == ["json"]
    assert CONFIGURATION["worker_prefetch_multiplier"] == 1
