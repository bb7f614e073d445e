"""The queue by which other Celery applications send notes: the task `biomed.ingest`.

A message here holds a note, unlike those of the doorbell. It is acknowledged when it is stored or
kept as a dead letter, never before; nothing of it is logged.
"""

import base64
import logging
import threading
from collections.abc import Callable
from itertools import count
from typing import Any, Final, Protocol

import structlog
from celery import Celery
from celery.exceptions import Reject
from celery.signals import setup_logging, worker_shutting_down
from celery.worker.consumer import Consumer

from models.errors import BiomedError, NotIngestible
from worker.app import Outliving, keep_logging
from worker.backoff import jittered_backoff
from worker.health import Health
from worker.health_reporting import step
from worker.queue import application
from worker.settings import VISIBILITY_SECONDS, Settings
from worker.telemetry import described
from worker.uncompressed import refuse_compressed

TASK: Final = "biomed.ingest"
QUEUE: Final = "biomed.ingest"

QUOTING: Final = ("celery.worker.strategy", "celery.app.trace")
"""Loggers whose lesser lines hold ids of tasks, which a sender may choose to be anything."""

LONGEST_SECONDS: Final = VISIBILITY_SECONDS / 3
"""How long a message waits in a worker's hands; well before Redis gives it to another one."""


class Door(Protocol):
    """Where messages go."""

    def take(self, task_id: str, payload: object) -> None:
        """Store a note, or keep what is none as a dead letter.

        Raises:
            DatabaseUnavailable, DatabaseRefused: neither was possible.
        """

    def refuse(self, task_id: str, payload: object, error: BiomedError) -> None:
        """Keep as a dead letter what holds no note; errors as `take`."""


class Patience:
    """Does again what cannot be done now, the database being away, until the worker is stopped."""

    def __init__(self) -> None:
        self.stopped = threading.Event()

    def until_done(self, work: Callable[[], None]) -> None:
        """Do the work; wait and do it again where it fails: most likely the database is away.

        Raises:
            Reject: this takes too long, or the worker stops: the message goes back to the queue.
        """
        waited = 0.0
        for number in count():
            try:
                work()
            except Exception as error:  # noqa: BLE001 Celery would drop the message
                seconds = jittered_backoff(number)
                structlog.get_logger().warning("ingest.waits", **described(error))
                waited += seconds
                if waited > LONGEST_SECONDS or self.stopped.wait(seconds):
                    raise Reject(reason=type(error).__name__, requeue=True) from None
            else:
                return


def ingest_worker(settings: Settings, url: str, door: Door) -> Any:
    """Return Celery's worker for the queue of notes, ready to start; it reads none of them."""
    for name in QUOTING:
        logging.getLogger(name).setLevel(logging.WARNING)
    refuse_compressed()
    app, patience = application(url), Patience()
    app.conf.broker_connection_max_retries = None
    app.conf.worker_prefetch_multiplier = 1
    app.steps["consumer"].update({Outliving, step(Health(settings.health_file))})
    register(app, door, patience)
    setup_logging.connect(keep_logging, weak=False)
    worker_shutting_down.connect(lambda **_: patience.stopped.set(), weak=False)
    return app.Worker(
        pool="threads",
        concurrency=settings.concurrency,
        queues=[QUEUE],
        consumer_cls=consumer(door, patience),
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        quiet=True,
        loglevel=settings.log_level.upper(),
    )


def register(app: Celery, door: Door, patience: Patience) -> None:
    """Give the application its task: one argument, by its place or as `document`."""

    def biomed_ingest(task: Any, *args: object, **kwargs: object) -> None:
        task_id = str(task.request.id)
        if len(args) + len(kwargs) == 1 and kwargs.keys() <= {"document"}:
            [payload] = args or kwargs.values()
            patience.until_done(lambda: door.take(task_id, payload))
        else:
            sent = {"args": list(args), "kwargs": kwargs}
            error = NotIngestible(reason="it does not have one argument, the document")
            patience.until_done(lambda: door.refuse(task_id, sent, error))

    app.task(biomed_ingest, name=TASK, bind=True, shared=False)


def consumer(door: Door, patience: Patience) -> type[Consumer]:
    """Return Celery's consumer, which keeps what it cannot read instead of logging its words."""

    class IngestConsumer(Consumer):  # type: ignore[misc]  # Celery has no types
        def on_decode_error(self, message: Any, exc: Exception) -> None:
            del exc
            self._keep(message, "its body cannot be decoded")

        def on_invalid_task(self, body: object, message: Any, exc: Exception) -> None:
            del body, exc
            self._keep(message, "it is no JSON task message")

        def on_unknown_message(self, body: object, message: Any) -> None:
            del body
            self._keep(message, "it is no task message")

        def on_unknown_task(self, body: object, message: Any, exc: Exception) -> None:
            del body, exc
            self._keep(message, f"its task is not {TASK}")

        def _keep(self, message: Any, reason: str) -> None:
            error = NotIngestible(reason=reason)
            try:
                patience.until_done(lambda: door.refuse(task_id(message), raw(message), error))
            except Reject:
                message.requeue()
            else:
                message.ack()

    return IngestConsumer


def task_id(message: Any) -> str:
    """Return the id of the task of a message, which may be of any kind."""
    headers, properties = message.headers or {}, message.properties or {}
    return str(headers.get("id") or properties.get("correlation_id") or "")


def raw(message: Any) -> dict[str, str]:
    """Return a message as it came, as values of JSON."""
    body = message.body
    data = body if isinstance(body, bytes) else str(body).encode("utf-8", "surrogatepass")
    return {
        "content_type": str(message.content_type),
        "body_base64": base64.b64encode(data).decode(),
    }
