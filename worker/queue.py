"""The doorbell: Celery over Redis, carrying row ids and never a note.

The database knows what work exists; a message only says that somebody should look. So a lost
message costs a delay and nothing else, and a message sent twice finds its rows taken.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol, Self

from celery import Celery

from models.chunks import chunks
from models.errors import BrokerUnavailable
from worker import backlog
from worker.local_redis import LocalRedis
from worker.settings import VISIBILITY_SECONDS, Settings

TASK = "biomed.process"
URGENT = "biomed.urgent"
ORDINARY = "biomed.notes"
QUEUES = (URGENT, ORDINARY)
"""In the order in which a worker empties them."""

TRANSPORT = {
    "visibility_timeout": VISIBILITY_SECONDS,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "queue_order_strategy": "priority",  # in the order of QUEUES
    "socket_timeout": 10,
    "socket_connect_timeout": 5,
    "socket_keepalive": True,
    "health_check_interval": 25,
    "retry_on_timeout": True,
}

ONCE_AGAIN = {"max_retries": 1, "interval_start": 0, "interval_step": 0.2, "interval_max": 0.2}

IMPATIENT = {**TRANSPORT, **ONCE_AGAIN, "socket_timeout": 2, "retry_on_timeout": False}
"""Who rings must not wait for a dead broker, the sweeper rings later: with the worker's options a
Redis that hangs holds a ring for 100 s, with these for 6 s."""

CONFIGURATION = {
    "task_default_queue": ORDINARY,
    "task_serializer": "json",
    "accept_content": ["json"],
    "task_ignore_result": True,
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "task_acks_on_failure_or_timeout": True,  # retries belong to the rows, not to Celery
    "worker_prefetch_multiplier": 1,
    "worker_hijack_root_logger": False,
    "worker_redirect_stdouts": False,
    "worker_send_task_events": False,
    "broker_connection_retry_on_startup": True,
    "enable_utc": True,
}


def application(url: str) -> Celery:
    """Return the Celery application for a broker; it has no tasks yet and reads nothing."""
    app = Celery("biomed", broker=url, set_as_current=False)
    app.conf.update(CONFIGURATION, broker_transport_options=TRANSPORT)
    return app


class Doorbell:
    """Rings for documents that wait, from any process; imports neither torch nor the database.

    The broker is joined at the first ring. Rings can come from several threads.
    """

    def __init__(self, settings: Settings) -> None:
        self._broker = broker(settings)
        self._size = settings.message_size
        self._in_hand = settings.queued_seconds
        self._app: Celery | None = None

    def ring(self, rows: Sequence[int], *, urgent: bool = False) -> int:
        """Send the row ids in messages of at most `message_size`; return how many messages.

        Raises:
            BrokerUnavailable: nobody answered, twice; some messages may have been sent.
        """
        sent = 0
        for message in chunks(rows, self._size):
            self._send(message, URGENT if urgent else ORDINARY)
            sent += 1
        return sent

    def backlog(self) -> float:
        """Return for how many seconds the oldest of our messages waits that the broker holds.

        One that a worker took counts for `queued_seconds` from then, unless it is acknowledged
        before. Without any message the result is 0.

        Raises:
            BrokerUnavailable: nobody answered.
        """
        with self._answering() as app:
            return backlog.seconds(app, QUEUES, now=time.time(), in_hand=self._in_hand)

    def ping(self) -> None:
        """Make sure that the broker answers.

        Raises:
            BrokerUnavailable: nobody answered.
        """
        with self._answering() as app, app.connection_or_acquire() as connection:
            connection.default_channel.client.ping()

    def _send(self, message: list[int], queue: str) -> None:
        headers = {backlog.RUNG: time.time()}
        with self._answering() as app:
            app.send_task(
                TASK, (message,), queue=queue, headers=headers, retry=True, retry_policy=ONCE_AGAIN
            )

    @contextmanager
    def _answering(self) -> Iterator[Celery]:
        """Give the application; whatever it raises means that the broker does not answer.

        After a failover redis-py raises more than its own errors, such as AttributeError.
        """
        try:
            yield self._application()
        except Exception as error:
            self._app = None  # the next ring joins again, which brings up a Redis of our own
            if isinstance(error, BrokerUnavailable):
                raise
            raise BrokerUnavailable(kind=type(error).__name__) from None

    def _application(self) -> Celery:
        if self._app is None:
            self._app = application(self._broker.join())
            self._app.conf.broker_transport_options = IMPATIENT
        return self._app

    def close(self) -> None:
        """Leave the broker."""
        self._app = None
        self._broker.leave()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Broker(Protocol):
    """A Redis to be joined before use and left after it."""

    def join(self) -> str:
        """Return the address for Celery, of a server that runs as far as it is ours to run."""

    def leave(self) -> None:
        """Give it up."""


class RemoteRedis:
    """A Redis that somebody else runs."""

    def __init__(self, url: str) -> None:
        self.url = url

    def join(self) -> str:
        """Return its address."""
        return self.url

    def leave(self) -> None:
        """Do nothing: it is not ours."""


def broker(settings: Settings) -> Broker:
    """Return the broker that the settings name; nothing is started before `join`."""
    if settings.broker_url is None:
        return LocalRedis(settings.folder)
    return RemoteRedis(settings.broker_url)
