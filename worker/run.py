"""What the commands `worker` and `sweep` run."""

import signal
import threading
from typing import TYPE_CHECKING

import structlog

from migrations.commands import check
from models.db.inbox import Inbox
from models.db.outbox import Outbox
from models.db.session import connect
from worker import telemetry
from worker.queue import Doorbell
from worker.settings import Settings
from worker.sweeper import Sweeper

if TYPE_CHECKING:
    from models.ner.shared import SharedRecogniser

SIGNALS = (signal.SIGTERM, signal.SIGINT)


def run_worker(settings: Settings) -> int:
    """Read documents until SIGTERM, finish the lists in hand, and return the exit code.

    Raises:
        SchemaOutdated: the database was not upgraded.
        CheckpointError: the model cannot be loaded.
        BrokerUnavailable: no Redis was named, and our own cannot be started.
    """
    from worker.app import work  # noqa: PLC0415 sweeping must not load FHIR

    return work(settings, lambda: load_reader(settings))


def load_reader(settings: Settings) -> "SharedRecogniser":
    """Load the model that the settings name, and log how it will be computed.

    Raises:
        CheckpointError: the model cannot be loaded.
    """
    from models.ner.shared import load_shared  # noqa: PLC0415 sweeping must not load torch

    reader = load_shared(
        settings.model,
        revision=settings.model_revision,
        device=settings.device,
        threads=settings.threads_each,
        batches=settings.batches_at_once,
        patience=settings.forward_seconds,
    )
    log = structlog.get_logger()
    log.info("model.loaded", model=reader.identity.name, engine=reader.engine)
    return reader


def run_sweeper(settings: Settings) -> None:
    """Ring for forgotten documents until SIGTERM or SIGINT; from the main thread only.

    Raises:
        SchemaOutdated: the database was not upgraded.
    """
    telemetry.configure(settings)
    engine = connect(settings.database_url, settings.timeouts)
    check(engine)
    with Doorbell(settings) as doorbell:
        Sweeper(Inbox(engine), doorbell, settings).run(stopped_by_signal())
    structlog.get_logger().info("sweeper.stopped")


def run_deliverer(settings: Settings) -> None:
    """Deliver to the other server until SIGTERM or SIGINT; from the main thread only.

    Raises:
        WrongSettings: no server is named.
        SchemaOutdated: the database was not upgraded.
    """
    from worker.deliverer import Deliverer  # noqa: PLC0415 sweeping must not load FHIR
    from worker.fhir_server import FhirServer  # noqa: PLC0415 as above

    telemetry.configure(settings)
    with FhirServer(settings) as server:
        engine = connect(settings.database_url, settings.timeouts)
        check(engine)
        outbox = Outbox(engine, tenant=settings.tenant)
        Deliverer(outbox, server, settings).run(stopped_by_signal())
    structlog.get_logger().info("deliverer.stopped")


def stopped_by_signal() -> threading.Event:
    """Return an event that is set when the process is asked to end."""
    stop = threading.Event()
    for number in SIGNALS:
        signal.signal(number, lambda *_: stop.set())
    return stop
