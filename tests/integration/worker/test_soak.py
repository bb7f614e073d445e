"""Thousands of notes under worker kills and emptied queues: all done, each once."""

import random
import signal
import time
from functools import partial
from pathlib import Path

import pytest

from models.db.inbox import Inbox
from tests.brokers import empty
from tests.integration.worker.conftest import Memory
from tests.integration.worker.documents import document
from tests.integration.worker.processes import SWEEPER, WORKER, eventually, running
from worker.queue import Doorbell
from worker.settings import Settings

DOCUMENTS = 4000
KILLS = 8

pytestmark = [pytest.mark.soak, pytest.mark.timeout(1800)]


def more_done(inbox: Inbox, before: int) -> bool:
    return inbox.counts()["done"] > before


def test_nothing_is_lost_and_nothing_is_stored_twice(
    settings: Settings, broker_url: str, inbox: Inbox, memory: Memory, tmp_path: Path
) -> None:
    """Every document is done under one run, and every Condition has one version."""
    system = settings.model_copy(update={"broker_url": broker_url, "max_attempts": 20})
    texts = ("Pneumonia, on aspirin.", "SLOW pneumonia.", "Pneumonia after appendectomy.")
    sent = [document(texts[n % 3], key=str(n)) for n in range(DOCUMENTS)]
    rows = [receipt.row for receipt in inbox.receive(sent)]
    dice = random.Random(7)  # noqa: S311 a repeatable test
    log = tmp_path / "log"
    with Doorbell(system) as doorbell, running(SWEEPER, system, log):
        doorbell.ring(rows)
        for kill in range(KILLS):
            with running(WORKER, system, log) as worker:
                eventually(partial(more_done, inbox, inbox.counts()["done"]), "progress")
                time.sleep(dice.uniform(0, 3))
                worker.end(signal.SIGKILL)
            if kill % 2:
                empty(broker_url)
        with running(WORKER, system, log) as worker:
            eventually(lambda: inbox.counts()["done"] == DOCUMENTS, "all done", patience=900)
            assert worker.end(signal.SIGTERM) == 0
    assert memory.number("run") == DOCUMENTS
    assert memory.number("resource WHERE type = 'Condition'") == DOCUMENTS
    assert memory.number("resource_version WHERE type = 'Condition'") == DOCUMENTS
