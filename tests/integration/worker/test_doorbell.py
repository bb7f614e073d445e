"""Ringing on a real Redis: what is sent, and what happens when nobody answers."""

import base64
import json
import os
import signal
import time
from pathlib import Path

import pytest

from models.errors import BrokerUnavailable
from worker.local_redis import LocalRedis, ask, waited_for
from worker.queue import ORDINARY, URGENT, Doorbell, application
from worker.settings import Settings


def waiting(url: str, queue: str) -> list[dict[str, object]]:
    """Return the messages in a queue, the oldest first."""
    with application(url).connection() as connection:
        found = connection.default_channel.client.lrange(queue, 0, -1)
    return [json.loads(message) for message in reversed(found)]


def arguments(message: dict[str, object]) -> object:
    return json.loads(base64.b64decode(str(message["body"])))[0]


def test_messages_hold_row_ids_and_nothing_else(broker_url: str) -> None:
    """The arguments are one list of numbers, in lists of the size that was set."""
    with Doorbell(Settings(broker_url=broker_url, message_size=2)) as doorbell:
        assert doorbell.ring([1, 2, 3]) == 2
        assert doorbell.ring([4], urgent=True) == 1
        assert doorbell.ring([]) == 0
    assert [arguments(one) for one in waiting(broker_url, ORDINARY)] == [[[1, 2]], [[3]]]
    assert [arguments(one) for one in waiting(broker_url, URGENT)] == [[[4]]]


def test_a_broker_that_is_not_there_is_a_quick_typed_error() -> None:
    """Whoever rings is told within seconds, and goes on: the sweeper rings again."""
    start = time.monotonic()
    with (
        Doorbell(Settings(broker_url="redis://127.0.0.1:1/0")) as doorbell,
        pytest.raises(BrokerUnavailable, match="OperationalError"),
    ):
        doorbell.ring([1])
    assert time.monotonic() - start < 5


def test_a_broker_that_hangs_is_given_up_soon(tmp_path: Path) -> None:
    """A Redis that accepts connections and says nothing holds nobody for long."""
    settings = Settings(database_url=f"sqlite:///{tmp_path}/biomed.db")
    with LocalRedis(settings.folder) as redis, Doorbell(settings) as doorbell:
        doorbell.ring([1])
        server = int((redis.folder / "redis.pid").read_text())
        os.kill(server, signal.SIGSTOP)
        start = time.monotonic()
        with pytest.raises(BrokerUnavailable):
            doorbell.ring([2])
        os.kill(server, signal.SIGCONT)
        assert time.monotonic() - start < 15


def test_our_own_redis_is_brought_back_by_the_next_ring(tmp_path: Path) -> None:
    """When the server of this machine died, one ring fails and the next one starts it again."""
    settings = Settings(database_url=f"sqlite:///{tmp_path}/biomed.db")
    with Doorbell(settings) as doorbell, LocalRedis(settings.folder) as redis:
        doorbell.ring([1])
        os.kill(int((redis.folder / "redis.pid").read_text()), signal.SIGKILL)
        assert waited_for(redis.socket, running=False)
        with pytest.raises(BrokerUnavailable):
            doorbell.ring([2])
        assert doorbell.ring([3]) == 1
        assert arguments(waiting(redis.url, ORDINARY)[-1]) == [[3]]


def test_a_full_redis_is_a_typed_error(tmp_path: Path) -> None:
    """A Redis without memory left refuses messages, and that too is only a silent bell."""
    settings = Settings(database_url=f"sqlite:///{tmp_path}/biomed.db")
    with Doorbell(settings) as doorbell, LocalRedis(settings.folder) as redis:
        doorbell.ring([1])
        ask(redis.socket, ["CONFIG", "SET", "maxmemory", "1"])
        with pytest.raises(BrokerUnavailable):
            doorbell.ring([2])
