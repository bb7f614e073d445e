"""What the commands `worker`, `sweep` and `deliver` run."""

import signal
import threading
from functools import partial
from typing import TYPE_CHECKING

import structlog

from models.db.inbox.inbox import Inbox
from models.db.outbox.outbox import Outbox
from models.db.schema import check
from models.db.sql.session import connect
from worker import telemetry
from worker.health import Health
from worker.health_reporting import HealthReportingInbox, HealthReportingOutbox
from worker.in_hand_pipe import Reports
from worker.metrics.background import DelivererMetrics, SweeperMetrics
from worker.metrics.database import DatabaseMetrics
from worker.metrics.measured import Measures, Unmeasured
from worker.metrics.port import answering
from worker.queue import Doorbell
from worker.settings import Settings
from worker.starting import SIGNALS, end_on_signal, wait_until_ready
from worker.supervisor import supervised
from worker.sweeper import Sweeper

if TYPE_CHECKING:
    from models.ner.batched_recogniser import SharedRecogniser


def run_worker(settings: Settings) -> int:
    """Read documents until SIGTERM, finish the lists in hand, and return the exit code.

    Reading is done in a process of its own, and this one watches it. A database, a schema or a
    broker that is not there yet is waited for.

    Raises:
        SchemaNewer, WrongTenant: the database is not one for this process.
        CheckpointError: the model cannot be loaded.
    """
    telemetry.configure(settings)
    return supervised(settings, partial(_inbox, settings), partial(_read, settings))


def _inbox(settings: Settings) -> Inbox:
    """Return the inbox of the watching process, which is made after the fork."""
    return Inbox(connect(settings.database_url, settings.timeouts), settings.signature)


def _read(settings: Settings, reports: Reports) -> int:
    from worker.app import work  # noqa: PLC0415 sweeping must not load FHIR

    return work(settings, partial(load_reader, settings), reports)


def load_reader(settings: Settings, measures: Measures | None = None) -> "SharedRecogniser":
    """Load the model that the settings name, and log how it will be computed.

    `measures` hears of each batch that is computed.

    Raises:
        CheckpointError: the model cannot be loaded.
        UnknownLabels: none of its labels means anything here.
    """
    from models.ner.batched_recogniser import load_shared  # noqa: PLC0415 as above
    from models.ner.checkpoint.labels import unknown  # noqa: PLC0415 sweeping must not load torch

    reader = load_shared(
        settings.model,
        revision=settings.model_revision,
        labels=settings.labels,
        device=settings.device,
        threads=settings.threads_each,
        batches=settings.batches_at_once,
        patience=settings.forward_seconds,
        on_batch=(measures or Unmeasured()).batch,
    )
    log = structlog.get_logger()
    log.info("model.loaded", model=reader.identity.name, engine=reader.engine)
    if nameless := unknown(reader.identity.types):
        log.warning("model.labels_unknown", labels=sorted(nameless))
    return reader


def run_sweeper(settings: Settings) -> None:
    """Ring for forgotten documents until SIGTERM or SIGINT; from the main thread only.

    A database or a schema that is not there yet is waited for.

    Raises:
        SchemaNewer, WrongTenant: the database is not one for this process.
    """
    telemetry.configure(settings)
    end_on_signal()
    engine = connect(settings.database_url, settings.timeouts)
    wait_until_ready(lambda: check(engine, settings.tenant))
    inbox = HealthReportingInbox(Health(settings.health_file), engine, settings.signature)
    metrics = SweeperMetrics()
    metrics.registry.register(DatabaseMetrics(inbox, Outbox(engine, tenant=settings.tenant)))
    with answering(settings, metrics.registry), Doorbell(settings) as doorbell:
        Sweeper(inbox, doorbell, settings, metrics).run(stopped_by_signal())
    structlog.get_logger().info("sweeper.stopped")


def run_deliverer(settings: Settings) -> None:
    """Deliver to the other server until SIGTERM or SIGINT; from the main thread only.

    A database or a schema that is not there yet is waited for.

    Raises:
        WrongSettings: no server is named, or a token would be sent to it in clear.
        SchemaNewer, WrongTenant: the database is not one for this process.
    """
    from worker.deliverer import Deliverer  # noqa: PLC0415 sweeping must not load FHIR
    from worker.fhir_server import FhirServer  # noqa: PLC0415 as above

    telemetry.configure(settings)
    with FhirServer(settings) as server:
        end_on_signal()
        engine = connect(settings.database_url, settings.timeouts)
        wait_until_ready(lambda: check(engine, settings.tenant))
        outbox = HealthReportingOutbox(Health(settings.health_file), engine, tenant=settings.tenant)
        metrics = DelivererMetrics()
        with answering(settings, metrics.registry):
            Deliverer(outbox, server, settings, metrics).run(stopped_by_signal())
    structlog.get_logger().info("deliverer.stopped")


def stopped_by_signal() -> threading.Event:
    """Return an event that is set when the process is asked to end."""
    stop = threading.Event()
    for number in SIGNALS:
        signal.signal(number, lambda *_: stop.set())
    return stop
