"""The outbox: what another FHIR server has of us, and what it is yet to get."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, select

from models.clinical import DOCUMENT_TYPES
from models.db.outbox import claims, delivery_outcomes, load
from models.db.outbox.claims import OutboxEntry
from models.db.outbox.load import OutboxLoad
from models.db.resources import queries
from models.db.resources.resources import stored
from models.db.sql.queue_rows import Reason
from models.db.sql.session import reading, writing
from models.db.sql.statements import portions
from models.db.tables.outbox import DEAD, DELIVERED, STATES, document_number, outbox
from models.errors import DeliveryUnanswered, NotFound

__all__ = ["Outbox", "OutboxEntry", "OutboxLoad", "Undelivered"]


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A resource that the other server does not have, and the sentence that says why."""

    reference: str
    version: int
    state: str
    code: str
    reason: str
    attempts: int
    available_at: datetime


class Outbox:
    """The resources of one tenant that go out, and their states: waiting, sending, delivered, dead.

    Every method is one transaction, and raises DatabaseUnavailable when the database does not
    answer. Rows are written by Results, in the transaction that stores the resources.
    """

    def __init__(self, engine: Engine, *, tenant: str = "default") -> None:
        self._engine = engine
        self._tenant = tenant

    def claim(self, *, limit: int, lease_seconds: float, max_attempts: int) -> list[OutboxEntry]:
        """Take at most `limit` resources that may be sent now, all under one new token.

        What a resource refers to goes before it: documents and the model's card, then the Device,
        then what was found, then Provenance. Rows tried `max_attempts` times are marked dead.
        """
        last = DeliveryUnanswered(attempts=max_attempts)
        with writing(self._engine) as connection:
            claims.expire(connection, self._tenant)
            claims.mark_dead(connection, self._tenant, max_attempts, Reason(last.code, str(last)))
            return claims.claim(connection, self._tenant, limit, lease_seconds)

    def extend(self, entries: Sequence[OutboxEntry], lease_seconds: float) -> None:
        """Let the lease of what is still held end later (a heartbeat)."""
        if not entries:
            return
        with writing(self._engine) as connection:
            claims.extend(connection, sorted(entries, key=_order), lease_seconds)

    def content(self, entry: OutboxEntry) -> str:
        """Return the JSON of the version that is to be sent.

        Raises:
            NotFound: there is no such version.
        """
        query = queries.one_version(self._tenant, entry.type, entry.id, entry.version)
        with reading(self._engine) as connection:
            row = connection.execute(query).first()
        if row is None:
            raise NotFound(reference=f"{entry.reference}/_history/{entry.version}")
        return stored(row).json

    def numbers(self, documents: Collection[str]) -> dict[tuple[str, int], str]:
        """Return how the server numbers versions of documents, by FHIR id and our version."""
        query = select(document_number).where(document_number.c.tenant == self._tenant)
        with reading(self._engine) as connection:
            return {
                (row.document, row.version): row.number
                for some in portions(sorted(documents))
                for row in connection.execute(query.where(document_number.c.document.in_(some)))
            }

    def mark_delivered(
        self, entries: Mapping[OutboxEntry, str | None], *, again_seconds: float
    ) -> int:
        """Note that the server has these versions, each with the number it gave; return how many.

        A row whose lease was lost meanwhile does not count: another deliverer has it, and the
        newest version is sent once more. The same happens, `again_seconds` later, where an older
        request was never answered.
        """
        with writing(self._engine) as connection:
            return sum(
                self._delivered(connection, entry, number, again_seconds)
                for entry, number in sorted(entries.items(), key=lambda pair: _order(pair[0]))
            )

    def _delivered(
        self, connection: Connection, entry: OutboxEntry, number: str | None, again_seconds: float
    ) -> bool:
        if entry.type in DOCUMENT_TYPES and number:
            delivery_outcomes.store_number(connection, self._tenant, entry, number)
        ours = delivery_outcomes.mark_delivered(connection, entry, again_seconds)
        if not ours:
            delivery_outcomes.record_late_send(connection, entry)
        return ours

    def reschedule(
        self,
        entries: Sequence[OutboxEntry],
        *,
        code: str,
        reason: str,
        delays: Sequence[float],
        answered: bool,
    ) -> int:
        """Let resources wait for another attempt, each after its delay in seconds.

        `answered` says that the server surely did nothing with the request. Returns how many were
        still ours.
        """
        why = Reason(code, reason)
        pairs = sorted(zip(entries, delays, strict=True), key=lambda pair: _order(pair[0]))
        with writing(self._engine) as connection:
            return sum(
                delivery_outcomes.reschedule(connection, entry, why, delay, answered=answered)
                for entry, delay in pairs
            )

    def release(self, entries: Sequence[OutboxEntry]) -> None:
        """Let resources wait that were claimed and not sent; the attempt does not count."""
        with writing(self._engine) as connection:
            for entry in sorted(entries, key=_order):
                delivery_outcomes.release(connection, entry)

    def mark_refused(self, entry: OutboxEntry, *, code: str, reason: str) -> bool:
        """Mark a resource dead that the server will not take; return whether it was still ours."""
        with writing(self._engine) as connection:
            return delivery_outcomes.mark_refused(connection, entry, Reason(code, reason))

    def resend(self, references: Sequence[str] | None = None) -> list[int]:
        """Let dead resources, or those named whatever their state, be sent anew; return their rows.

        Raises:
            NotFound: a name such as `Condition/7` is not in the outbox; nothing is changed.
        """
        with writing(self._engine) as connection:
            if references is None:
                return claims.resend(connection, self._tenant, None)
            rows = [self._find(connection, one) for one in references]
            return claims.resend(connection, self._tenant, rows)

    def resend_all(self) -> list[int]:
        """Let everything that ever went out be sent anew, to another server; return the rows."""
        with writing(self._engine) as connection:
            return claims.resend_all(connection, self._tenant)

    def _find(self, connection: Connection, reference: str) -> int:
        kind, _, fhir_id = reference.partition("/")
        row = connection.scalar(
            select(outbox.c.id).where(
                outbox.c.tenant == self._tenant,
                outbox.c.type == kind,
                outbox.c.resource_id == fhir_id,
            )
        )
        if row is None:
            raise NotFound(reference=reference)
        return int(row)

    def counts(self) -> dict[str, int]:
        """Return how many resources are in each state, states without any included."""
        query = select(outbox.c.state, func.count()).group_by(outbox.c.state)
        query = query.where(outbox.c.tenant == self._tenant)
        with reading(self._engine) as connection:
            return dict.fromkeys(STATES, 0) | {row[0]: row[1] for row in connection.execute(query)}

    def load(self) -> OutboxLoad:
        """Return how much is to be sent; bounded, so that it may be asked every few seconds."""
        with reading(self._engine) as connection:
            return load.measured(connection, self._tenant)

    def undelivered(self, limit: int) -> list[Undelivered]:
        """Return what is dead or waits after an error, the dead first, the latest first."""
        query = (
            select(outbox)
            .where(
                outbox.c.tenant == self._tenant,
                outbox.c.state != DELIVERED,
                outbox.c.error_code.is_not(None),
            )
            .order_by(outbox.c.state != DEAD, outbox.c.available_at.desc(), outbox.c.id.desc())
            .limit(limit)
        )
        with reading(self._engine) as connection:
            return [_undelivered(row) for row in connection.execute(query)]


def _order(entry: OutboxEntry) -> tuple[str, str]:
    return (entry.type, entry.id)


def _undelivered(row: Row[Any]) -> Undelivered:
    return Undelivered(
        reference=f"{row.type}/{row.resource_id}",
        version=row.version,
        state=row.state,
        code=row.error_code,
        reason=row.error,
        attempts=row.attempts,
        available_at=row.available_at,
    )
