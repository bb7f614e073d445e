"""Notes from other Celery applications: stored, then rung for; what is none becomes a dead letter.

`biomed-ner worker --ingest` runs it, in a process of its own that loads no model: a reader that is
slow or down does not keep notes from being stored.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

import orjson
import structlog

from fhir_mapping.documents.document_reference import parse
from fhir_mapping.documents.simple_note import document_reference
from gateway.intake import Intake
from gateway.open_database import Memory
from models.clinical import Document
from models.db.inbox.dead_letters import DeadLetters
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
from worker.queue import Doorbell, broker
from worker.settings import Settings
from worker.starting import end_on_signal, ready_broker, wait_until_ready

_UUID: Final = re.compile(r"[0-9a-fA-F-]{36}")


class Ingest:
    """Where a payload goes; the same payload again is one note, or one dead letter."""

    def __init__(self, intake: Intake, dead_letters: DeadLetters, settings: Settings) -> None:
        self._intake = intake
        self._dead_letters = dead_letters
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
        """Store a note and return where it lies.

        Raises:
            BiomedError: it is none, or cannot be stored.
        """
        return self._intake.store([self._document(payload)])[0]

    def refuse(self, task_id: str, payload: object, error: BiomedError) -> None:
        """Keep what was refused.

        Raises:
            DatabaseUnavailable, DatabaseRefused: it is not kept.
        """
        self._dead_letters.keep(task_id, kept(payload), error)
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


def shown(task_id: str) -> str:
    """Return the id of a task as Celery makes it; a sender's own may be anything, and is `?`."""
    return task_id if _UUID.fullmatch(task_id) else "?"


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
    try:
        with Doorbell(settings) as doorbell:
            door = Ingest(Intake(memory.inbox, doorbell), memory.dead_letters, settings)
            return run(ingest_worker(settings, ready_broker(queue), door))
    finally:
        queue.leave()
        memory.close()
