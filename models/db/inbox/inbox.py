"""The inbox: documents wait here to be read, and nothing is lost or read by two at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Engine, Row, func, select, update

from models.audit_events import Agent, Event, Signature
from models.clinical import Document, Message, Unread
from models.db.audit_log import chain
from models.db.audit_log.notes import note_failed
from models.db.inbox import (
    claims,
    leases,
    load,
    messages,
    reading_outcomes,
    receiving,
    status,
    sweep,
)
from models.db.inbox.attempts import Cost
from models.db.inbox.claims import Claim, Free
from models.db.inbox.load import InboxLoad
from models.db.inbox.messages import MessageReceipt, Withdraw
from models.db.inbox.receiving import Receipt
from models.db.inbox.status import UnreadPart, unread_rows
from models.db.resources.storable import check_document
from models.db.sql.clock import FromNow
from models.db.sql.queue_rows import Reason
from models.db.sql.session import reading, writing
from models.db.sql.statements import portions, store
from models.db.sql.storing import storing
from models.db.tables import documents as tables
from models.db.tables.documents import FAILED, QUEUED, RECEIVED, STATES, document

__all__ = [
    "Claim",
    "Cost",
    "FailedDocument",
    "Free",
    "Inbox",
    "InboxLoad",
    "MessageReceipt",
    "Receipt",
    "UnreadPart",
]

SWEEPER: Final = Agent("process", "sweeper")
LISTENER: Final = Agent("process", "mllp")


@dataclass(frozen=True, slots=True)
class FailedDocument:
    """A document that could not be read, and the sentence that says why."""

    row: int
    id: str
    version: str
    code: str
    reason: str
    attempts: int
    finished_at: datetime


class Inbox:
    """The documents and their states: received, queued, processing, done or failed.

    Every method is one transaction, and raises DatabaseUnavailable when the database does not
    answer (a later try can help) or DatabaseRefused when it does not accept the work. What
    `receive_messages` stores, and that `fail` or `due` marks a note failed, is a row of the audit
    log in the same transaction; `receive` itself writes none.
    """

    def __init__(self, engine: Engine, signature: Signature | None = None) -> None:
        self._engine = engine
        self._signature = signature or Signature()

    def receive(self, documents: Sequence[Document]) -> list[Receipt]:
        """Store documents, all or none; return where each lies, in the same order.

        The same (tenant, key, sha256) again is the same row, `created` False; the same key with
        another hash is the document's next version.

        Raises:
            Unstorable: a document holds a character that no database keeps; nothing is stored.
            Purged: a document was purged, and is not to return; nothing is stored.
            IdInUse: a document has the id of a resource that is no note; nothing is stored.
        """
        for one in documents:
            check_document(one)
        with storing(self._engine) as connection:
            return receiving.receive(connection, documents)

    def receive_messages(self, sent: Sequence[Message], withdraw: Withdraw) -> list[MessageReceipt]:
        """Store messages with their documents, all or none; return what became of each, in order.

        A message that came before, by its sender's names, its id and its content, changes nothing,
        unless a document of it was purged since.
        What is cancelled by one that came earlier, and was sent no earlier, is stored withdrawn.

        Raises:
            Unstorable: a document holds a character that no database keeps; nothing is stored.
            Purged: a document was purged, and is not to return; nothing is stored.
            IdInUse: a document has the id of a resource that is no note; nothing is stored.
        """
        for one in sent:
            for each in one.documents:
                check_document(each.document)
        with storing(self._engine) as connection:
            received = messages.receive(connection, sent, withdraw)
            events = [one for pair in zip(sent, received, strict=True) for one in _brought(*pair)]
            chain.append(connection, events, self._signature.secret)
            return received

    def mark_queued(self, ids: Sequence[int]) -> None:
        """Note that a message was sent for these rows, so that the sweeper waits before another."""
        waiting = document.c.state.in_((RECEIVED, QUEUED))
        with writing(self._engine) as connection:
            for some in portions(ids):
                statement = update(document).where(document.c.id.in_(some), waiting)
                connection.execute(statement.values(state=QUEUED, queued_at=FromNow()))

    def free(self, ids: Sequence[int], *, max_attempts: int) -> Free:
        """Return which of the rows `claim` would take now; a list without any costs one query."""
        with reading(self._engine) as connection:
            return claims.free(connection, ids, max_attempts)

    def claim(
        self, ids: Sequence[int], *, lease_seconds: float, max_attempts: int, fresh: bool = False
    ) -> list[Claim]:
        """Take the rows that are free, all under one new token; the others are left out.

        Free are rows that wait and whose back-off is over, and rows whose lease has run out, as
        long as they were tried fewer than `max_attempts` times and fewer than `MAX_LAPSES` of
        their leases ran out. A lease that ran out is no attempt. With `fresh` only rows are taken
        that never were. A lease ends `lease_seconds` from now by the database's clock.
        """
        with writing(self._engine) as connection:
            return claims.claim(connection, ids, lease_seconds, max_attempts, fresh=fresh)

    def claim_done(self, ids: Sequence[int], *, lease_seconds: float) -> list[Claim]:
        """Take those of the rows that are done, to be read once more; as `claim` otherwise.

        Whoever dies with them leaves them to the workers, as any row whose lease runs out.
        """
        with writing(self._engine) as connection:
            return claims.claim_done(connection, ids, lease_seconds)

    def extend(self, token: str, ids: Sequence[int], lease_seconds: float) -> list[int]:
        """Let the lease end later (a heartbeat); return the rows that are still ours."""
        with writing(self._engine) as connection:
            return leases.extend(connection, token, ids, lease_seconds)

    def release(  # noqa: PLR0913 one row, and all that is noted with it
        self,
        token: str,
        row: int,
        *,
        code: str,
        reason: str,
        delay_seconds: float,
        cost: Cost = "attempt",
    ) -> bool:
        """Give a row back after an error that may pass; it can be taken again after the delay.

        It costs the row an attempt, counts as one of its leases that lapsed, or costs nothing.
        When it has used up either, the sweep marks it failed with this error. Returns whether the
        row was still ours.
        """
        why = Reason(code, reason)
        with writing(self._engine) as connection:
            return reading_outcomes.release(connection, token, row, why, delay_seconds, cost)

    def fail(
        self, token: str, row: int, *, code: str, reason: str, unread: Sequence[Unread] = ()
    ) -> bool:
        """Mark a row failed for good, with the parts that could not be read.

        Returns whether the row was still ours; nothing is written when it was not.
        """
        with writing(self._engine) as connection:
            failed = reading_outcomes.fail(connection, token, row, Reason(code, reason))
            if failed:
                store(connection, tables.unread, unread_rows(row, None, unread))
                event = note_failed(self._signature.agent, failed, code)
                chain.append(connection, [event], self._signature.secret)
            return failed is not None

    def due(self, *, queued_for_seconds: float, limit: int, max_attempts: int) -> list[int]:
        """Return the rows to ring for, marked queued: the sweep.

        They are received rows, rows queued for longer than given and rows with an expired lease,
        the longest waiting first. Rows tried `max_attempts` times, and rows of which `MAX_LAPSES`
        leases ran out, are marked failed instead.
        """
        with writing(self._engine) as connection:
            failed = sweep.fail_exhausted(connection, max_attempts)
            forgotten = sweep.queue_forgotten(connection, queued_for_seconds, limit)
            events = [note_failed(SWEEPER, one, one.error_code) for one in failed]
            chain.append(connection, events, self._signature.secret)
            return forgotten

    def not_rung(self, ids: Sequence[int]) -> None:
        """Take back that these rows were rung for: the next sweep finds them at once."""
        with writing(self._engine) as connection:
            sweep.forget_ring(connection, ids)

    def counts(self) -> dict[str, int]:
        """Return how many rows are in each state, states without rows included."""
        query = select(document.c.state, func.count()).group_by(document.c.state)
        with reading(self._engine) as connection:
            return dict.fromkeys(STATES, 0) | {row[0]: row[1] for row in connection.execute(query)}

    def load(self) -> InboxLoad:
        """Return how much waits; bounded, so that it may be asked every few seconds."""
        with reading(self._engine) as connection:
            return load.measured(connection)

    def failures(self, limit: int) -> list[FailedDocument]:
        """Return the failed rows, the latest first."""
        query = (
            select(document)
            .where(document.c.state == FAILED)
            .order_by(document.c.finished_at.desc(), document.c.id.desc())
            .limit(limit)
        )
        with reading(self._engine) as connection:
            return [_failure(row) for row in connection.execute(query)]

    def unread(self, limit: int) -> list[UnreadPart]:
        """Return the parts of done documents that were not read, the latest first."""
        with reading(self._engine) as connection:
            return status.unread_parts(connection, limit)

    def find(self, names: Sequence[str]) -> list[int]:
        """Return the rows of documents: a row number names itself, a FHIR id all its versions.

        `DocumentReference/<id>` is an id even where it looks like a number; one version is
        `DocumentReference/<id>/_history/<version>`.

        Raises:
            NotFound: there is no such row or document.
        """
        with reading(self._engine) as connection:
            return status.find(connection, names)

    def done(self, ids: Sequence[int] | None = None) -> list[int]:
        """Return the rows, of those given or of all, that are done and current.

        Left out are versions of which a newer one was read.
        """
        with reading(self._engine) as connection:
            return status.done(connection, ids)

    def requeue(self, ids: Sequence[int] | None = None) -> list[int]:
        """Let failed rows, or all of them, begin anew as if never tried; return them."""
        with writing(self._engine) as connection:
            return reading_outcomes.requeue(connection, ids)


def _brought(sent: Message, received: MessageReceipt) -> Iterator[Event]:
    """Yield what is written down of the documents of a message; nothing of a repetition."""
    for one, receipt in zip(sent.documents, received.receipts, strict=not received.repeated):
        entity = f"{one.document.type}/{receipt.id}/_history/{receipt.version}"
        patient = receipt.patient or ""
        yield Event(LISTENER, "message", "C", entity=entity, patient=patient, detail=sent.event)


def _failure(row: Row[Any]) -> FailedDocument:
    return FailedDocument(
        row=row.id,
        id=row.fhir_id,
        version=str(row.version),
        code=row.error_code,
        reason=row.error,
        attempts=row.attempts,
        finished_at=row.finished_at,
    )
