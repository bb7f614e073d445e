"""The one task: a list of row ids comes in, the pipeline reads them, a line is logged."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import TypeGuard

import structlog
from celery import Celery

from worker.outcome import Outcome
from worker.queue import TASK
from worker.telemetry import described

Process = Callable[[Sequence[int]], Outcome]


def register(app: Celery, process: Process, *, on_broken: Callable[[], None]) -> None:
    """Give the application its task; `on_broken` is called when only a new process can read on."""

    def biomed_process(rows: object) -> None:
        if process_message(process, rows).broken:
            on_broken()

    app.task(biomed_process, name=TASK, shared=False)


def process_message(process: Process, rows: object) -> Outcome:
    """Process one message and say in the log what came of it; nothing is raised to Celery.

    Celery would log the message of an exception. What is left undone is known to the rows.
    """
    log = structlog.get_logger()
    if not are_rows(rows):
        log.error("list.refused")
        return Outcome()
    try:
        outcome = process(rows)
    except Exception as error:  # noqa: BLE001 the rows know what is left to do
        log.error("list.failed", rows=rows, **described(error))  # noqa: TRY400 no traceback: it quotes
        return Outcome()
    log.info("list.read", rows=rows, **asdict(outcome))
    return outcome


def are_rows(message: object) -> TypeGuard[list[int]]:
    """Whether a message is what the doorbell sends: a list of row ids."""
    return isinstance(message, list) and all(type(row) is int for row in message)
