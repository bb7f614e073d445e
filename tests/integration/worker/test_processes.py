"""Real worker and sweeper processes on a real Redis, killed and stopped."""

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.demo.processes import free_port
from models.db.inbox.attempts import MAX_LAPSES
from models.db.inbox.inbox import Inbox
from tests.brokers import empty
from tests.integration.worker.conftest import Memory
from tests.integration.worker.documents import document
from tests.integration.worker.processes import (
    BROKEN_WORKER,
    SWEEPER,
    WORKER,
    eventually,
    metrics,
    running,
)
from worker.local_redis import LocalRedis, answers
from worker.queue import ORDINARY, TASK, Doorbell, application
from worker.settings import Settings

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what does not depend on the database: processes are slow to start."""


@pytest.fixture
def doorbell(system: Settings) -> Iterator[Doorbell]:
    with Doorbell(system) as doorbell:
        yield doorbell


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


def receive(inbox: Inbox, *texts: str) -> list[int]:
    documents = [document(text, key=str(place)) for place, text in enumerate(texts)]
    return [receipt.row for receipt in inbox.receive(documents)]


def test_a_killed_worker_and_an_emptied_queue_lose_nothing(
    system: Settings, inbox: Inbox, memory: Memory, log: Path
) -> None:
    """After kill -9 amid its lists and FLUSHALL, the sweep brings every document, once.

    One attempt is enough: what the dead worker had in hand was none.
    """
    system = system.model_copy(update={"max_attempts": 1})
    few = system.model_copy(update={"message_size": 4})
    rows = receive(inbox, *["SLOW pneumonia, on aspirin."] * 24)
    with Doorbell(few) as bell, running(WORKER, few, log) as worker:
        bell.ring(rows)
        inbox.mark_queued(rows)
        eventually(lambda: inbox.counts()["done"] and inbox.counts()["processing"], "a list amid")
        worker.end(signal.SIGKILL)
    empty(str(few.broker_url))
    assert inbox.counts()["done"] < len(rows)
    with running(SWEEPER, system, log) as sweeper, running(WORKER, system, log) as worker:
        eventually(lambda: inbox.counts()["done"] == len(rows), "all done")
        assert worker.end(signal.SIGTERM) == 0
        assert sweeper.end(signal.SIGTERM) == 0
        assert "pneumonia" not in worker.log
    assert memory.number("run") == len(rows)
    assert memory.number("resource WHERE type = 'Condition'") == len(rows)
    assert memory.number("resource_version WHERE type = 'Condition'") == len(rows)


@on_sqlite
def test_a_document_that_kills_its_worker_fails_alone(
    system: Settings, inbox: Inbox, doorbell: Doorbell, log: Path
) -> None:
    """It fails for the deaths of its workers; its neighbours, there at the first, are done."""
    once = system.model_copy(update={"max_attempts": 1})
    doorbell.ring(receive(inbox, "Fever.", "Cough.", "DEADLY", "Pneumonia."))
    with running(SWEEPER, once, log):
        for _ in range(MAX_LAPSES):
            with running(WORKER, once, log) as worker:
                assert worker.ended() == 128 + signal.SIGKILL
        with running(WORKER, once, log):
            eventually(lambda: inbox.counts()["done"] == 3, "the neighbours done")
            eventually(lambda: inbox.counts()["failed"] == 1, "the culprit failed")
    assert [failure.code for failure in inbox.failures(9)] == ["worker-died"]


@on_sqlite
def test_a_document_that_holds_the_interpreter_fails_alone(
    system: Settings, inbox: Inbox, doorbell: Doorbell, log: Path, memory: Memory
) -> None:
    """Its worker is ended from outside, asked to stop or not; in the end only it has failed.

    Meanwhile its supervisor tells the metrics, as the sweeper does.
    """
    times = {"lease_seconds": 10, "reading_seconds": 14}  # its lease is renewed all the while
    short = system.model_copy(update={"max_attempts": 1, **times})
    doorbell.ring(receive(inbox, "Fever.", "Cough.", "HOLDING", "Pneumonia."))
    watched = short.model_copy(update={"metrics_port": free_port()})
    sweeping = short.model_copy(update={"metrics_port": free_port()})
    with running(SWEEPER, sweeping, log):
        with running(WORKER, watched, log) as worker:
            held = lambda: metrics(watched).get("biomed_documents_in_hand") == 4  # noqa: E731
            eventually(held, "the list in hand")
            time.sleep(1)
            assert metrics(watched)["biomed_reader_process_cpu_seconds_total"] > 0
            assert worker.ended() == 1
        swept = metrics(sweeping)
        assert swept["biomed_database_up"] == 1
        assert swept["biomed_last_sweep_timestamp_seconds"] > 0
        assert memory.rows("SELECT DISTINCT error_code, attempts, lapses FROM document") == [
            ("reading-too-long", 0, 1)
        ]
        with running(WORKER, short, log) as worker:
            eventually(lambda: inbox.counts()["done"] == 2, "what comes before it done")
            assert worker.end(signal.SIGTERM) == 1
        with running(WORKER, short, log):
            eventually(lambda: inbox.counts()["done"] == 3, "its neighbours done")
    assert [failure.code for failure in inbox.failures(9)] == ["reading-too-long"]


@on_sqlite
def test_sigterm_lets_the_list_in_hand_finish(
    system: Settings, inbox: Inbox, doorbell: Doorbell, log: Path
) -> None:
    """What was begun is done, what was not is still waiting, and the exit code says all is well."""
    one = system.model_copy(update={"concurrency": 1})
    rows = receive(inbox, "LONG pneumonia.", "LONG fever.", "LONG cough.")
    for row in rows:
        doorbell.ring([row])
    with running(WORKER, one, log) as worker:
        eventually(lambda: inbox.counts()["processing"], "a list in hand")
        assert worker.end(signal.SIGTERM) == 0
    counts = inbox.counts()
    assert counts["done"] >= 1
    assert counts["done"] + counts["received"] == len(rows)
    assert counts["processing"] == counts["failed"] == 0


@on_sqlite
def test_processes_without_any_broker_setting_find_each_other(
    settings: Settings, inbox: Inbox, log: Path
) -> None:
    """The first to come starts a Redis beside the database, and the last to leave stops it."""
    receive(inbox, "Pneumonia.", "Fever.")
    own = LocalRedis(settings.folder)
    with running(WORKER, settings, log) as worker, running(SWEEPER, settings, log) as sweeper:
        eventually(lambda: inbox.counts()["done"] == 2, "what the sweeper rang for")
        row = inbox.receive([document("Cough.", key="later")])[0].row
        with Doorbell(settings) as doorbell:
            doorbell.ring([row])
        eventually(lambda: inbox.counts()["done"] == 3, "what a command rang for")
        assert answers(own.socket)
        assert worker.end(signal.SIGTERM) == sweeper.end(signal.SIGTERM) == 0
    assert not answers(own.socket)


@on_sqlite
def test_a_worker_with_a_sick_reader_stops(
    system: Settings, inbox: Inbox, memory: Memory, doorbell: Doorbell, log: Path
) -> None:
    """It gives its documents back and ends with an error, so that it is started anew."""
    doorbell.ring(receive(inbox, "Fever.", "Cough."))
    with running(BROKEN_WORKER, system, log) as worker:
        assert worker.ended() == 1
        assert "out of order" not in worker.log
    assert memory.rows("SELECT DISTINCT state, error_code FROM document") == [
        ("received", "reader-broken")
    ]


@on_sqlite
def test_a_worker_that_waits_hears_the_bell_and_urgent_comes_first(
    system: Settings, inbox: Inbox, memory: Memory, doorbell: Doorbell, log: Path
) -> None:
    """Of what waits, the urgent document is read first; later ones are read as they come."""
    one = system.model_copy(update={"concurrency": 1})
    rows = receive(inbox, "SLOW fever.", "SLOW cough.", "SLOW pneumonia.", "Aspirin.", "Fever.")
    for row in rows[:3]:
        doorbell.ring([row])
    doorbell.ring([rows[3]], urgent=True)
    with running(WORKER, one, log) as worker:
        eventually(lambda: inbox.counts()["done"] == 4, "what waited")
        doorbell.ring([rows[4]])
        eventually(lambda: inbox.counts()["done"] == 5, "what came later")
        assert worker.end(signal.SIGTERM) == 0
    order = memory.rows("SELECT id FROM document ORDER BY finished_at")
    assert order[0] == (rows[3],)
    assert order[-1] == (rows[4],)


@on_sqlite
def test_messages_of_others_are_dropped_and_not_quoted(
    system: Settings, inbox: Inbox, doorbell: Doorbell, log: Path
) -> None:
    """A note sent to our queue by mistake harms nobody, and no word of it is logged."""
    app = application(str(system.broker_url))
    app.send_task("somebody.elses", ("Mr Smith",))
    app.send_task(TASK, ("Mr Smith",), {"note": "Mr Smith"})
    app.send_task(TASK, (["Mr Smith"],))
    with app.producer_or_acquire() as producer:
        producer.publish({"note": "Mr Smith"}, routing_key=ORDINARY)
        producer.publish("Mr Smith", routing_key=ORDINARY, content_type="text/plain")
    doorbell.ring(receive(inbox, "Fever."))
    with running(WORKER, system, log) as worker:
        eventually(lambda: inbox.counts()["done"] == 1, "our own message")
        assert worker.end(signal.SIGTERM) == 0
        assert "list.refused" in worker.log
        assert "Smith" not in worker.log
