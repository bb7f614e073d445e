"""Starting before the others are up: waiting for the database and the broker, and saying so."""

import signal
import sys
import time
from collections.abc import Callable
from itertools import count
from typing import TypeVar

import structlog

from models.errors import BrokerUnavailable, DatabaseUnavailable, NoDatabase, SchemaOutdated
from worker.backoff import jittered_backoff
from worker.queue import Broker, application

T = TypeVar("T")

SIGNALS = (signal.SIGTERM, signal.SIGINT)

TRANSIENT = (DatabaseUnavailable, NoDatabase, SchemaOutdated, BrokerUnavailable)
"""What passes when somebody else has started; another tenant or a newer schema does not."""


def end_on_signal() -> None:
    """Let SIGTERM and SIGINT end this process at once and well, while it has nothing in hand."""
    for number in SIGNALS:
        signal.signal(number, lambda *_: sys.exit(0))


def ready_broker(queue: Broker) -> str:
    """Wait for the broker, or start it as far as it is ours to start; return its address."""
    return wait_until_ready(lambda: reached(queue))


def reached(queue: Broker) -> str:
    """Return the address of a broker that answers; raise BrokerUnavailable for another one."""
    url = queue.join()
    try:
        with application(url).connection() as connection:
            connection.ensure_connection(max_retries=1, interval_start=0)
    except Exception as error:  # noqa: BLE001 redis-py raises more than it documents
        raise BrokerUnavailable(kind=type(error).__name__) from None
    return url


def wait_until_ready(attempt: Callable[[], T], sleep: Callable[[float], object] = time.sleep) -> T:
    """Return what an attempt comes to, as soon as what it needs is there.

    Raises:
        BiomedError: what no waiting helps, such as SchemaNewer, WrongTenant or WrongSettings.
    """
    for number in count():
        try:
            return attempt()
        except TRANSIENT as error:
            seconds = jittered_backoff(number)
            told = {"code": error.code, "reason": str(error), "again_in_seconds": round(seconds, 1)}
            structlog.get_logger().warning("start.waits", **told)
            sleep(seconds)
    raise AssertionError
