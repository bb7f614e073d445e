"""Notes from other Celery applications: stored, then rung for; what is none becomes a dead letter.

`biomed-ner worker --ingest` runs it, in a process of its own that loads no model: a reader that is
slow or down does not keep notes from being stored.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
import structlog

from fhir_mapping.documents.document_reference import parse
from fhir_mapping.documents.simple_note import document_reference
from gateway.intake import Intake
from gateway.open_database import Memory
from models.audit_events import REFUSED, Agent, Event
from models.clinical import Document
from models.db.audit_log.audit_log import AuditLog
from models.db.inbox.dead_letters import DeadLetters, shown
from models.db.inbox.inbox import Receipt
from models.errors import (
    BiomedError,
    DatabaseUnavailable,
    InputTooLarge,
    NotANote,
    NotIngestible,
    StepFailed,
)
from worker import telemetry
from worker.app import run
from worker.ingest_queue import ingest_worker
from worker.metrics.ingest import IngestMetrics
from worker.metrics.measured import Stopwatch
from worker.metrics.port import answering
from worker.queue import Doorbell, broker
from worker.settings import Settings
from worker.starting import end_on_signal, ready_broker, wait_until_ready

AGENT: Final = Agent("process", "ingest")


@dataclass(frozen=True, slots=True)
class Records:
    """Where it is written down what came in or was refused: the audit log, by whom, the metrics."""

    log: AuditLog
    agent: Agent
    metrics: IngestMetrics

    def stored(self, kind: str, receipt: Receipt, seconds: float) -> None:
        """Write down that a note was stored, so many seconds after it had come."""
        entity = f"{kind}/{receipt.id}/_history/{receipt.version}"
        self.log.record(
            [Event(self.agent, "ingest", "C", entity=entity, patient=receipt.patient or "")]
        )
        self.metrics.documents.stored(receipt.created, seconds)

    def refused(self, error: BiomedError) -> None:
        """Write down that what came is no note."""
        self.log.record([Event(self.agent, "ingest", "C", REFUSED, detail=error.code)])
        self.metrics.failed(error.code)


class Ingest:
    """Where a payload goes; the same payload again is one note, or one dead letter."""

    def __init__(
        self, intake: Intake, dead_letters: DeadLetters, records: Records, settings: Settings
    ) -> None:
        self._intake = intake
        self._dead_letters = dead_letters
        self._records = records
        self._settings = settings

    def take(self, task_id: str, payload: object) -> None:
        """Store a note and ring for it, or keep what is none as a dead letter.

        Raises:
            DatabaseUnavailable: neither was possible.
        """
        log = structlog.get_logger()
        try:
            receipt = self.store(payload)
        except DatabaseUnavailable:
            raise
        except BiomedError as error:
            self.refuse(task_id, payload, error)
        else:
            done = {"row": receipt.row, "created": receipt.created}
            log.info("ingest.stored", task=shown(task_id), **done)
            self._intake.ring([receipt])

    def store(self, payload: object) -> Receipt:
        """Store a note, write that down, and return where it lies.

        Raises:
            BiomedError: it is none, or cannot be stored.
            DatabaseUnavailable: it may be stored; the same once more changes nothing.
        """
        watch = Stopwatch()
        document = self._document(payload)
        [receipt] = self._intake.store([document])
        self._records.stored(document.type, receipt, watch.seconds)
        return receipt

    def refuse(self, task_id: str, payload: object, error: BiomedError) -> None:
        """Keep what was refused.

        Raises:
            DatabaseUnavailable, DatabaseRefused: it is not kept.
        """
        self._dead_letters.keep(task_id, kept(payload), error)
        self._records.refused(error)
        structlog.get_logger().warning("ingest.refused", task=shown(task_id), code=error.code)

    def retry(self, letter: int) -> Receipt:
        """Take in a dead letter that can be by now, ring for it, and let it go.

        Raises:
            NotFound: there is none of this number.
            BiomedError: it is refused as before, and is kept with this reason.
        """
        payload = json.loads(self._dead_letters.one(letter).payload)
        try:
            receipt = self.store(payload)
        except DatabaseUnavailable:
            raise
        except BiomedError as error:
            self._dead_letters.refuse_again(letter, error)
            self._records.refused(error)
            raise
        self._dead_letters.discard([letter])
        self._intake.ring([receipt])
        return receipt

    def _document(self, payload: object) -> Document:
        try:
            return document(payload, self._settings)
        except BiomedError:
            raise
        except Exception as error:  # noqa: BLE001 whatever a foreign payload makes a library raise
            raise StepFailed(step="ingest", kind=type(error).__name__) from None


def document(payload: object, settings: Settings) -> Document:
    """Return the document that a payload is: FHIR, or a note in plain text.

    Raises:
        NotIngestible, NotANote, NotADocument, InputTooLarge, TooComplex: it is none.
    """
    if not isinstance(payload, Mapping):
        raise NotIngestible(reason="the document is not a JSON object")
    resource = payload if "resourceType" in payload else document_reference(payload)
    raw = written(resource)
    if len(raw) > settings.max_body_bytes:
        raise InputTooLarge(limit=settings.max_body_bytes)
    return parse(raw, tenant=settings.tenant, most_elements=settings.max_elements)


def written(resource: Mapping[str, Any]) -> bytes:
    """Return a resource as JSON.

    Raises:
        NotANote: it holds what JSON does not, such as half a surrogate.
    """
    try:
        return orjson.dumps(resource, option=orjson.OPT_PASSTHROUGH_DATETIME)
    except (TypeError, ValueError):
        raise NotANote(reason="it holds what JSON cannot write") from None


def kept(payload: object) -> str:
    """Return a payload as JSON in ASCII, which every database keeps.

    Of what is no JSON its type is kept, and nothing of what is nested so deeply that no document
    is: `fhir_mapping.datatypes.json_values.DEEPEST` is far less.
    """
    try:
        return json.dumps(payload, default=lambda value: type(value).__name__)
    except RecursionError:
        return json.dumps({"not_kept": "nested too deeply"})


def run_ingest(settings: Settings) -> int:
    """Take notes in from the queue until SIGTERM, and return the exit code.

    A database, a schema or a broker that is not there yet is waited for.

    Raises:
        SchemaNewer, WrongTenant: the database is not one for this process.
    """
    telemetry.configure(settings)
    end_on_signal()
    memory, queue = wait_until_ready(lambda: Memory.open(settings)), broker(settings)
    metrics = IngestMetrics()
    try:
        with answering(settings, metrics.registry), Doorbell(settings) as doorbell:
            records = Records(memory.audit_log, AGENT, metrics)
            door = Ingest(Intake(memory.inbox, doorbell), memory.dead_letters, records, settings)
            return run(ingest_worker(settings, ready_broker(queue), door))
    finally:
        queue.leave()
        memory.close()
