"""Taking a patient or a document away: every row with their text, and what was made of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Connection, Engine, func, or_, select

from models.audit_events import Event, Signature
from models.db.audit_log import chain, tombstones
from models.db.purge import deletions, letters
from models.db.purge.deletions import Chosen, Key
from models.db.purge.letters import Named
from models.db.purge.scrubbing import scrub, scrubbing
from models.db.sql.clock import FromNow
from models.db.sql.session import reading, writing
from models.db.tables.documents import document
from models.db.tables.outbox import SENDING, outbox
from models.errors import NotFound, StillBeingSent


@dataclass(frozen=True, slots=True)
class Target:
    """Whom or what to purge: the references that mean a patient, or type and id of one document."""

    references: Sequence[str] = ()
    document: Key | None = None

    @property
    def named(self) -> str:
        """The document's reference; a patient's stands in no row."""
        return "/".join(self.document) if self.document else "Patient"


@dataclass(frozen=True, slots=True)
class Report:
    """What is, or would be, purged: rows by table; what another server has of it stays there.

    `others` are the documents of which another version names another patient: they go too.
    """

    rows: dict[str, int] = field(default_factory=dict)
    delivered: int = 0
    others: int = 0


class Purge:
    """Purges in the database of one tenant. Methods raise DatabaseUnavailable."""

    def __init__(
        self, engine: Engine, *, tenant: str = "default", signature: Signature | None = None
    ) -> None:
        self._engine = engine
        self._tenant = tenant
        self._signature = signature or Signature()

    def look(self, target: Target) -> Report:
        """Return what would be purged; nothing is changed."""
        with reading(self._engine) as connection:
            return self._report(connection, target, self._chosen(connection, target))

    def purge(self, target: Target, *, may_return: bool = False) -> Report:
        """Delete it all in one transaction, and overwrite what the database file held of it.

        Work that is under way ends first, or finds nothing to complete. The same documents are
        refused from then on, unless they `may_return`.

        Raises:
            NotFound: there is nothing of it.
            StillBeingSent: the other server is just being sent something of it; nothing is purged.
        """
        with scrubbing(self._engine), writing(self._engine) as connection:
            deletions.hold(connection)
            report = self._purge(connection, target, may_return=may_return)
        scrub(self._engine)  # also where nothing is left: another process may have kept us from it
        if not any(report.rows.values()):
            raise NotFound(reference=target.named)
        return report

    def _purge(self, connection: Connection, target: Target, *, may_return: bool) -> Report:
        chosen = self._chosen(connection, target)
        report = self._report(connection, target, chosen)
        if not any(report.rows.values()):
            return report
        self._require_unsent(connection, chosen)
        if not may_return:
            tombstones.bury(connection, self._names(connection, chosen))
        for part in chosen:
            deletions.delete_all(connection, self._tenant, part)
        chain.append(connection, self._events(target, report), self._signature.secret)
        return report

    def _chosen(self, connection: Connection, target: Target) -> list[Chosen]:
        of_patient = document.c.subject.in_(target.references)
        keys = select(document.c.type, document.c.fhir_id)
        of_them = connection.execute(keys.where(document.c.tenant == self._tenant, of_patient))
        found = {target.document} if target.document else {(row[0], row[1]) for row in of_them}
        documents = list(deletions.of_documents(connection, self._tenant, found))
        rows = [row for part in documents for row in part.rows]
        named = Named(target.references, found, letters.identifiers(connection, rows))
        return [
            *documents,
            *deletions.of_patients(connection, self._tenant, target.references),
            *deletions.of_letters(letters.of_these(connection, self._tenant, named)),
        ]

    def _report(self, connection: Connection, target: Target, chosen: Sequence[Chosen]) -> Report:
        rows: Counter[str] = Counter()
        for part in chosen:
            rows.update(deletions.counts(connection, self._tenant, part))
        sent = outbox.c.delivered_version.is_not(None)
        delivered = sum(self._in_outbox(connection, part, sent) for part in chosen)
        others = sum(_others(connection, target, part) for part in chosen)
        return Report(dict(rows), delivered, others)

    def _in_outbox(
        self, connection: Connection, part: Chosen, *conditions: ColumnElement[bool]
    ) -> int:
        theirs = deletions.of_outbox(self._tenant, part)
        query = select(func.count()).select_from(outbox).where(theirs, *conditions)
        return connection.scalar(query) or 0

    def _require_unsent(self, connection: Connection, chosen: Sequence[Chosen]) -> None:
        sending = outbox.c.state == SENDING, outbox.c.lease_until > FromNow()
        if any(self._in_outbox(connection, part, *sending) for part in chosen):
            raise StillBeingSent

    def _names(self, connection: Connection, chosen: Sequence[Chosen]) -> set[tuple[str, str]]:
        names = [
            select(document.c.tenant, document.c.key).where(document.c.id.in_(part.rows))
            for part in chosen
        ]
        return {(row.tenant, row.key) for one in names for row in connection.execute(one)}

    def _events(self, target: Target, report: Report) -> list[Event]:
        """Return the tombstone: one row for each way in which the patient is named."""
        told = ", ".join(f"{number} {name}" for name, number in report.rows.items() if number)
        return [
            Event(
                self._signature.agent, "purge", "D", entity=target.named, patient=one, detail=told
            )
            for one in target.references or ("",)
        ]


def _others(connection: Connection, target: Target, part: Chosen) -> int:
    """Return how many of the documents name another patient too, in another version."""
    if target.document:
        return 0
    another = document.c.subject.not_in(list(target.references))
    query = select(func.count(func.distinct(document.c.fhir_id))).where(
        document.c.id.in_(part.rows), or_(document.c.subject.is_(None), another)
    )
    return connection.scalar(query) or 0
