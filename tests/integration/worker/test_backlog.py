"""Sweeping over a real Redis: what its queue holds is not rung for again, what it lost is."""

import base64
import json
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import redis
from structlog.testing import capture_logs

from models.db.inbox.inbox import Inbox
from models.errors import BrokerUnavailable, DatabaseUnavailable
from tests.brokers import empty
from tests.integration.worker.conftest import Memory
from tests.integration.worker.documents import document
from tests.integration.worker.processes import WORKER, eventually, running
from worker.local_redis import LocalRedis
from worker.queue import ORDINARY, TASK, Doorbell, application
from worker.settings import Settings
from worker.sweeper import Sweeper

BACKLOG = 2_000

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def client(broker_url: str) -> Iterator[Any]:
    """The Redis itself."""
    with application(broker_url).connection() as connection:
        yield connection.default_channel.client


@pytest.fixture
def doorbell(system: Settings) -> Iterator[Doorbell]:
    with Doorbell(system) as doorbell:
        yield doorbell


@pytest.fixture
def sweeper(inbox: Inbox, doorbell: Doorbell, system: Settings) -> Sweeper:
    """Rings again for what waits two seconds longer than the oldest message."""
    return Sweeper(inbox, doorbell, system)


def received(inbox: Inbox, number: int, name: str = "") -> list[int]:
    sent = [document("Fever.", key=f"{name}{n}") for n in range(number)]
    return [receipt.row for receipt in inbox.receive(sent)]


def rung(client: Any) -> Counter[int]:
    """Return how often each row is in the queue."""
    bodies = [json.loads(one)["body"] for one in client.lrange(ORDINARY, 0, -1)]
    return Counter(row for body in bodies for row in json.loads(base64.b64decode(body))[0][0])


def test_a_backlog_is_rung_for_once_and_again_after_it_is_lost(
    system: Settings, inbox: Inbox, client: Any
) -> None:
    """Three sweepers ring once for thousands that wait long; once more when Redis was wiped."""
    rows = received(inbox, BACKLOG)
    stop = threading.Event()
    with Doorbell(system) as bell:
        sweepers = [Sweeper(inbox, bell, system) for _ in range(3)]
        threads = [threading.Thread(target=one.run, args=[stop]) for one in sweepers]
        for thread in threads:
            thread.start()
        time.sleep(2.5 * system.queued_seconds)
        before = rung(client)
        empty(str(system.broker_url))
        eventually(lambda: len(rung(client)) == BACKLOG, "all rung for again")
        stop.set()
        for thread in threads:
            thread.join()
    assert before == Counter(rows)
    assert rung(client) == Counter(rows)


@on_sqlite
def test_a_lost_message_is_noticed_in_a_queue_that_is_never_empty(
    inbox: Inbox, memory: Memory, sweeper: Sweeper, doorbell: Doorbell, client: Any
) -> None:
    """When the queue has moved past its place, its document is rung for, and no other one is."""
    lost, kept, *later = received(inbox, 4)
    for row in (lost, kept):
        doorbell.ring([row])
        inbox.mark_queued([row])
    client.rpop(ORDINARY)
    memory.do("UPDATE document SET queued_at = '2020-01-01 00:00:00' WHERE state = 'queued'")
    older(client, seconds=3600 * 24 * 365 * 40)
    assert sweeper.sweep() == len(later)
    client.rpop(ORDINARY)
    memory.do(f"UPDATE document SET state = 'done' WHERE id = {kept}")  # noqa: S608 a number
    assert sweeper.sweep() == 1
    assert rung(client) == Counter([lost, *later])


def older(client: Any, *, seconds: float) -> None:
    """Make the messages in the queue older."""
    for place, one in enumerate(client.lrange(ORDINARY, 0, -1)):
        message = json.loads(one)
        message["headers"]["rung"] -= seconds
        client.lset(ORDINARY, place, json.dumps(message))


@on_sqlite
def test_messages_in_the_hands_of_workers_count(
    system: Settings, inbox: Inbox, client: Any, tmp_path: Path
) -> None:
    """What a worker took and did not end is not lost, for a while; acknowledged, it is no more."""
    rows = [*received(inbox, 1), *received_text(inbox, "LONG")]
    impatient, patient = (
        system.model_copy(update={"queued_seconds": seconds}) for seconds in (1, 600)
    )
    with (
        running(WORKER, system, tmp_path / "log") as worker,
        Doorbell(impatient) as hasty,
        Doorbell(patient) as doorbell,
    ):
        doorbell.ring(rows)
        eventually(lambda: inbox.counts()["processing"], "a list in hand")
        assert client.llen(ORDINARY) == 0
        assert doorbell.backlog() > 0
        eventually(lambda: hasty.backlog() == 0, "its message in hand for long")
        assert doorbell.backlog() > 0
        eventually(lambda: inbox.counts()["done"] == 2, "the list done")
        eventually(lambda: doorbell.backlog() == 0, "its message acknowledged")
        assert worker.end(signal.SIGTERM) == 0


def received_text(inbox: Inbox, text: str) -> list[int]:
    return [receipt.row for receipt in inbox.receive([document(text, key=text)])]


def test_messages_without_a_time_do_not_count(broker_url: str, doorbell: Doorbell) -> None:
    """Other senders' messages, and rubbish, say nothing of how long ours wait."""
    app = application(broker_url)
    app.send_task(TASK, ([1],), queue=ORDINARY)
    with app.connection() as connection:
        client = connection.default_channel.client
        client.rpush(ORDINARY, "no JSON", "7", '{"headers": {"rung": "x"}}')
        client.hset("unacked", "tag", "no JSON")
        client.zadd("unacked_index", {"tag": time.time(), "gone": time.time()})
    assert doorbell.backlog() == 0
    doorbell.ring([2])
    time.sleep(0.01)
    assert 0 < doorbell.backlog() < 60


def test_an_outage_delays_nobody(inbox: Inbox, settings: Settings) -> None:
    """What a sweep marked and could not ring for is rung for by the next one, and once."""
    patient = settings.model_copy(update={"queued_seconds": 3600, "message_size": 2})
    rows = received(inbox, 5)
    bell = FailingBell(after=1)
    sweeper = Sweeper(inbox, bell, patient)
    with pytest.raises(BrokerUnavailable):
        sweeper.sweep()
    bell.after = 99
    assert sweeper.sweep() == 3
    assert bell.rung == rows


class FailingBell:
    """A doorbell whose broker fails after some messages, though it answered when it was asked."""

    def __init__(self, after: int) -> None:
        self.after = after
        self.rung: list[int] = []

    def backlog(self) -> float:
        return 0.0

    def ring(self, rows: Sequence[int]) -> int:
        if self.after == 0:
            raise BrokerUnavailable(kind="AttributeError")
        self.after -= 1
        self.rung += rows
        return 1


@on_sqlite
def test_nothing_is_marked_while_the_broker_is_away(inbox: Inbox, settings: Settings) -> None:
    """A sweep during an outage leaves the documents as they are."""
    received(inbox, 3)
    away = settings.model_copy(update={"broker_url": "redis://127.0.0.1:1/0"})
    with Doorbell(away) as bell, pytest.raises(BrokerUnavailable):
        Sweeper(inbox, bell, away).sweep()
    assert inbox.counts()["received"] == 3


@pytest.mark.parametrize(
    "error", [AttributeError("Mr Smith"), redis.ReadOnlyError("Mr Smith"), RuntimeError("Mr Smith")]
)
def test_whatever_ringing_raises_is_a_typed_error(
    error: Exception, broker_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error of redis-py that is no connection error is named by its type, and quotes nothing."""

    def failing(*_: object, **__: object) -> None:
        raise error

    with Doorbell(Settings(broker_url=broker_url)) as bell:
        bell.ring([1])
        with monkeypatch.context() as patch:
            patch.setattr("celery.app.base.Celery.send_task", failing)
            patch.setattr("worker.backlog.seconds", failing)
            for asked in (lambda: bell.ring([2]), bell.backlog):
                with pytest.raises(BrokerUnavailable, match=type(error).__name__) as caught:
                    asked()
                assert "Smith" not in str(caught.value)
                assert caught.value.__suppress_context__
        assert bell.ring([3]) == 1


@on_sqlite
@pytest.mark.parametrize(
    ("error", "logged"),
    [
        (DatabaseUnavailable(kind="OperationalError"), ("code", "database-unavailable")),
        (BrokerUnavailable(kind="AttributeError"), ("code", "broker-unavailable")),
        (AttributeError("Mr Smith"), ("kind", "AttributeError")),
    ],
)
def test_the_sweeper_lives_on(
    error: Exception, logged: tuple[str, str], settings: Settings
) -> None:
    """Whatever a sweep raises is logged without its message, and the next sweep rings."""
    stop = threading.Event()
    inbox = FailingInbox(error, stop)
    with capture_logs() as lines:
        Sweeper(inbox, FailingBell(after=9), settings).run(stop)
    assert inbox.asked == 3
    assert lines[0]["event"] == "sweep.failed"
    assert lines[0][logged[0]] == logged[1]
    assert "Smith" not in str(lines)
    assert lines[-1] == {"event": "sweep.rang", "documents": 1, "log_level": "info"}


class FailingInbox:
    """An inbox that fails at first, and then has one row once."""

    def __init__(self, error: Exception, stop: threading.Event) -> None:
        self.asked = 0
        self._error = error
        self._stop = stop

    def due(self, **_: object) -> list[int]:
        self.asked += 1
        if self.asked == 1:
            raise self._error
        if self.asked == 3:
            self._stop.set()
        return [7] if self.asked == 2 else []

    def not_rung(self, rows: object) -> None:
        raise AssertionError(rows)


@on_sqlite
def test_a_sweeper_outlives_a_redis_that_is_killed_and_comes_back(
    settings: Settings, inbox: Inbox
) -> None:
    """During the outage nothing is lost or delayed: with Redis back all is rung for."""
    hasty = settings.model_copy(update={"queued_seconds": 3600})
    stop = threading.Event()
    with LocalRedis(hasty.folder) as own, Doorbell(hasty) as bell:
        thread = threading.Thread(target=Sweeper(inbox, bell, hasty).run, args=[stop])
        thread.start()
        first = received(inbox, 2, "first")
        eventually(lambda: inbox.counts()["queued"] == 2, "the first rung for")
        os.kill(int((own.folder / "redis.pid").read_text()), signal.SIGKILL)
        second = received(inbox, 2, "second")
        eventually(lambda: inbox.counts()["queued"] == 4, "the others rung for")
        stop.set()
        thread.join()
        with application(own.url).connection() as connection:
            found = rung(connection.default_channel.client)
    assert set(second) <= set(found) <= {*first, *second}
