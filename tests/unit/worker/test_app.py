"""What Celery's worker is told."""

import subprocess
import sys
from textwrap import dedent

OUTAGES = dedent(
    """
    from types import SimpleNamespace
    from worker.app import celery_worker
    from worker.settings import Settings

    pipeline = SimpleNamespace(process=None)
    worker = celery_worker(Settings(), "redis://127.0.0.1:1/0", pipeline)
    [made] = [step.create(worker) for step in worker.steps if type(step).__name__ == "Consumer"]
    print(AttributeError in made.connection_errors, worker.app.conf.broker_connection_max_retries)
    """
)


def test_what_kombu_raises_in_an_outage_ends_no_worker() -> None:
    """Celery connects anew, without an end, also after kombu's AttributeError of a lost channel."""
    done = subprocess.run(  # noqa: S603 this interpreter
        [sys.executable, "-c", OUTAGES], capture_output=True, check=True, text=True
    )
    assert done.stdout == "True None\n"
