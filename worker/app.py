"""The composition root of a worker process: which memory, which reader, which queue."""

import gc
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from typing import Any

from celery import bootsteps
from celery.platforms import EX_FAILURE
from celery.signals import setup_logging
from celery.worker import state

from fhir_mapping.resources import retraction
from models.db.inbox.inbox import Inbox
from models.db.results.results import Results
from models.db.schema import check
from models.db.sql.session import connect
from worker import telemetry
from worker.delivery_ports import delivery
from worker.health import Health
from worker.health_reporting import step
from worker.in_hand_pipe import Reports
from worker.metrics.measured import Measurer, Measures
from worker.pipeline import Pipeline
from worker.queue import QUEUES, application, broker
from worker.reading import Reader
from worker.settings import Settings
from worker.starting import end_on_signal, ready_broker, wait_until_ready
from worker.tasks import register
from worker.uncompressed import refuse_compressed


def work(
    settings: Settings,
    load: Callable[[Measures], AbstractContextManager[Reader]],
    reports: Reports,
) -> int:
    """Load one model for this process, read until told to stop, and return the exit code.

    The database and the broker are waited for. The reader is left when the lists in hand are
    finished, so that it has nothing more to read. Through `reports` the supervisor keeps the leases
    and hears of what the reader and the pipeline measure.
    """
    telemetry.configure(settings)
    end_on_signal()
    queue, measures = broker(settings), Measurer(reports.measured)
    with ExitStack() as stack:
        memory = connect(settings.database_url, settings.timeouts)
        stack.callback(memory.dispose)
        wait_until_ready(lambda: check(memory, settings.tenant))
        stack.callback(queue.leave)
        ready_broker(queue)
        reader = stack.enter_context(load(measures))
        keep_what_is_loaded()
        inbox = Inbox(memory, settings.signature)
        results = Results(memory, retraction, delivery(settings), settings.signature)
        pipeline = stack.enter_context(
            Pipeline(inbox, results, reader, settings, reports, measures)
        )
        return run(celery_worker(settings, ready_broker(queue), pipeline))


def keep_what_is_loaded() -> None:
    """Spare the garbage collector the half million objects of the libraries and the model.

    Going through them holds all threads for a third of a second, and finds nothing.
    """
    gc.collect()
    gc.freeze()


def run(worker: Any) -> int:
    """Run Celery's worker until it stops; return its exit code."""
    worker.start()
    return int(worker.exitcode or 0)


def celery_worker(settings: Settings, url: str, pipeline: Pipeline) -> Any:
    """Return Celery's worker over the broker at `url`, ready to start.

    Threads, because they share one model. Gossip, mingle and events are how workers watch each
    other; ours meet in the database.
    """
    refuse_compressed()
    app = application(url)
    app.conf.broker_connection_max_retries = None  # a Redis that is away for a day is waited for
    app.steps["consumer"].update({Outliving, step(Health(settings.health_file))})
    register(app, pipeline.process, on_broken=stop_with_failure)
    setup_logging.connect(keep_logging, weak=False)
    return app.Worker(
        pool="threads",
        concurrency=settings.concurrency,
        queues=list(QUEUES),
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        quiet=True,  # no banner among the log lines
        loglevel=settings.log_level.upper(),
    )


class Outliving(bootsteps.StartStopStep):  # type: ignore[misc]  # Celery has no types
    """Makes Celery connect anew where it would end the worker.

    When Redis goes while kombu is about to use a connection, kombu raises AttributeError: that is
    an outage as every other one.
    """

    def __init__(self, consumer: Any, **_: object) -> None:
        super().__init__(consumer)
        consumer.connection_errors += (AttributeError,)


def keep_logging(**_: object) -> None:
    """Tell Celery that logging is set up already."""


def stop_with_failure() -> None:
    """Make the worker of this process finish its lists and end, so that it is started anew."""
    state.should_stop = EX_FAILURE
