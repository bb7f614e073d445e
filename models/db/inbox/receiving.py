"""Putting documents into the inbox: each once, with its version number."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, or_, select

from models.clinical import Document
from models.db.audit_log import tombstones
from models.db.resources.separate_ids import require_no_resource
from models.db.sql.clock import FromNow
from models.db.sql.statements import Row, insert_missing, portions, store
from models.db.tables.documents import RECEIVED, document, document_identifier

Sent = tuple[str, str, str]

COLUMNS = [
    document.c[name]
    for name in ("id", "tenant", "key", "fhir_id", "version", "sha256", "received_at", "subject")
]


@dataclass(frozen=True, slots=True)
class Receipt:
    """Where a document lies now: its inbox row, FHIR id and version; `created` if it is new.

    `patient` is the reference to its subject.
    """

    row: int
    id: str
    version: str
    created: bool
    received_at: datetime
    patient: str | None = None


def receive(connection: Connection, documents: Sequence[Document]) -> list[Receipt]:
    """Store documents and return their receipts in the same order.

    Another transaction may store the same documents meanwhile: its rows are passed over, seen when
    looked up again, and answered as not created. Versions of one document are stored one after
    the other, hence the loop; documents that differ need one round.

    Raises:
        Purged: one of them was purged; nothing is stored.
        IdInUse: one has the id of a resource that is no note; nothing is stored.
    """
    require_no_resource(connection, ((one.tenant, one.type, one.id) for one in documents))
    ours: set[int] = set()
    while True:
        known = _known(connection, documents)
        missing = [one for one in documents if _sent(one) not in known.rows]
        if not missing:
            # After the insertion: a purge that was under way meanwhile is seen now.
            tombstones.require_none(connection, {(one.tenant, one.key) for one in documents})
            _store_identifiers(connection, documents, known, ours)
            return _receipts(documents, known, ours)
        ours |= _insert(connection, list(_firsts(missing)), known)


class _Known:
    """What the inbox holds of some documents: their rows and the highest versions so far."""

    def __init__(self, rows: Iterable[RowMapping]) -> None:
        self.rows: dict[Sent, RowMapping] = {}
        self._highest: dict[tuple[str, str, str], int] = {}
        for row in rows:
            self._add(row)

    def _add(self, row: RowMapping) -> None:
        self.rows[row["tenant"], row["key"], row["sha256"]] = row
        for name in (("key", row["tenant"], row["key"]), ("id", row["tenant"], row["fhir_id"])):
            self._highest[name] = max(self._highest.get(name, 0), row["version"])

    def next_version(self, one: Document) -> int:
        """Return the number after all versions of the document, by its key and by its FHIR id.

        Two senders' documents may carry the same FHIR id: they count on together, so that
        `DocumentReference/id/_history/version` always names one of them.
        """
        names = (("key", one.tenant, one.key), ("id", one.tenant, one.id))
        return 1 + max(self._highest.get(name, 0) for name in names)


def _sent(one: Document) -> Sent:
    return (one.tenant, one.key, one.sha256)


def _known(connection: Connection, documents: Sequence[Document]) -> _Known:
    found: list[RowMapping] = []
    for some in portions(documents):
        wanted = or_(
            document.c.key.in_({one.key for one in some}),
            document.c.fhir_id.in_({one.id for one in some}),
        )
        tenants = document.c.tenant.in_({one.tenant for one in some})
        query = select(*COLUMNS).where(tenants, wanted)
        found += connection.execute(query).mappings().all()
    return _Known(found)


def _firsts(documents: Iterable[Document]) -> Iterator[Document]:
    taken: set[tuple[str, str, str]] = set()
    for one in documents:
        names = {("key", one.tenant, one.key), ("id", one.tenant, one.id)}
        if not names & taken:
            yield one
        taken |= names


def _insert(connection: Connection, documents: list[Document], known: _Known) -> set[int]:
    # In the order of their keys, so that two transactions with the same documents meet at the
    # first of them and neither waits for the other in a circle.
    rows = [_row(one, known.next_version(one)) for one in sorted(documents, key=_sent)]
    insert = insert_missing(connection, document).values(
        state=RECEIVED, received_at=FromNow(), available_at=FromNow()
    )
    return set(connection.scalars(insert.returning(document.c.id), rows))


def _row(one: Document, version: int) -> Row:
    return {
        "tenant": one.tenant,
        "key": one.key,
        "fhir_id": one.id,
        "version": version,
        "sha256": one.sha256,
        "resource": one.resource,
        "subject": one.subject,
        "encounter": one.encounter,
        "date": one.date,
        "type": one.type,
    }


def _store_identifiers(
    connection: Connection, documents: Sequence[Document], known: _Known, ours: set[int]
) -> None:
    """Store by what the documents that are new can be found."""
    rows = [
        {"document_id": known.rows[_sent(one)]["id"], "system": system, "value": value}
        for one in documents
        if known.rows[_sent(one)]["id"] in ours
        for system, value in one.identifiers
    ]
    store(connection, document_identifier, rows)


def _receipts(documents: Sequence[Document], known: _Known, ours: set[int]) -> list[Receipt]:
    receipts = []
    for one in documents:
        row = known.rows[_sent(one)]
        created = row["id"] in ours
        ours.discard(row["id"])
        receipts.append(receipt_of(row, created=created))
    return receipts


def receipt_of(row: RowMapping, *, created: bool) -> Receipt:
    """Return where the document of a row with the columns of COLUMNS lies."""
    version = str(row["version"])
    return Receipt(row["id"], row["fhir_id"], version, created, row["received_at"], row["subject"])
