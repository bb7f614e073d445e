"""Messages of HL7 v2 into the inbox: each once, and what was cancelled stays so.

A cancellation may come before what it cancels. It is remembered; a document that was sent no later
than its cancellation and comes after it is kept as one that was entered in error.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, delete, select

from models.clinical import Document, Message, MessageDocument
from models.db.inbox import receiving
from models.db.inbox.lineage import Lineage
from models.db.inbox.receiving import Receipt
from models.db.sql import advisory_locks
from models.db.sql.clock import FromNow
from models.db.sql.statements import Row, insert_missing, portions, store
from models.db.tables.documents import document
from models.db.tables.messages import cancellation
from models.db.tables.messages import message as table

Withdraw = Callable[[Document], Document]
"""Returns a document as one that was entered in error; the memory knows no FHIR."""

_KEY = tuple(table.primary_key.columns.keys())
_Name = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MessageReceipt:
    """What became of a message: the receipts of its documents, none where it came before.

    `reused` says that its sender used its id before, for another content; `withdrawn` counts the
    documents that had been cancelled already.
    """

    receipts: tuple[Receipt, ...] = ()
    repeated: bool = False
    reused: bool = False
    withdrawn: int = 0


def receive(
    connection: Connection, messages: Sequence[Message], withdraw: Withdraw
) -> list[MessageReceipt]:
    """Store what is new of the messages, all or none; return in their order what became of each."""
    if not messages:
        return []
    used = _used_ids(connection, messages)
    new, again = _insert(connection, messages)
    used -= {_id(each) for each in again}
    cancelled = _Cancelled(connection, [one for each in new for one in each.documents])
    kept = [cancelled.applied(each, withdraw) for each in new]
    taken = iter(receiving.receive(connection, [one for some in kept for one in some]))
    cancelled.write()
    receipts = {
        _name(each): _receipt(each, documents, [next(taken) for _ in documents], used)
        for each, documents in zip(new, kept, strict=True)
    }
    return [receipts.pop(_name(each), MessageReceipt(repeated=True)) for each in messages]


def _receipt(
    each: Message, kept: Sequence[Document], receipts: Sequence[Receipt], used: set[_Name]
) -> MessageReceipt:
    sent = [one.document for one in each.documents]
    withdrawn = sum(one is not own for one, own in zip(kept, sent, strict=True))
    reused = _id(each) in used
    used.add(_id(each))
    return MessageReceipt(tuple(receipts), reused=reused, withdrawn=withdrawn)


def _used_ids(connection: Connection, messages: Sequence[Message]) -> set[_Name]:
    """Return which of the messages' ids their senders have used before."""
    ids = [table.c[name] for name in _KEY[:-1]]
    found: set[_Name] = set()
    for some in portions(sorted({each.control_id for each in messages})):
        tenants = table.c.tenant.in_({each.tenant for each in messages})
        query = select(*ids).where(tenants, table.c.control_id.in_(some))
        found |= {tuple(row) for row in connection.execute(query)}
    return found


def _insert(
    connection: Connection, messages: Sequence[Message]
) -> tuple[list[Message], list[Message]]:
    """Store the messages; return those that are to be taken in, in their order, each once.

    Beside those that were not there they are those of which a document is there no more: it was
    purged, and whether it may return is not for us to say. These are returned by themselves too.
    """
    firsts: dict[_Name, Message] = {}
    for each in messages:
        firsts.setdefault(_name(each), each)
    # In one order, so that two transactions with the same messages wait in no circle.
    rows = [_row(firsts[name]) for name in sorted(firsts)]
    insert = insert_missing(connection, table).values(received_at=FromNow())
    stored = connection.execute(insert.returning(*(table.c[name] for name in _KEY)), rows)
    new = {tuple(row) for row in stored}
    again = _without_documents(connection, [firsts[name] for name in firsts if name not in new])
    new |= {_name(each) for each in again}
    return [each for name, each in firsts.items() if name in new], again


def _without_documents(connection: Connection, messages: Sequence[Message]) -> list[Message]:
    """Return those of which not all documents are there."""
    keys = {one.document.key for each in messages for one in each.documents}
    there: set[Lineage] = set()
    tenants = document.c.tenant.in_({each.tenant for each in messages})  # the indexes begin so
    for some in portions(sorted(keys)):
        query = select(document.c.tenant, document.c.key).where(tenants, document.c.key.in_(some))
        there |= {(tenant, key) for tenant, key in connection.execute(query)}
    return [each for each in messages if not _lineages(each) <= there]


def _lineages(each: Message) -> set[Lineage]:
    return {(one.document.tenant, one.document.key) for one in each.documents}


def _id(each: Message) -> _Name:
    return (each.tenant, each.control_id, each.application, each.facility)


def _name(each: Message) -> _Name:
    return (*_id(each), each.sha256)


def _row(each: Message) -> Row:
    return {**dict(zip(_KEY, _name(each), strict=True)), "event": each.event}


class _Cancelled:
    """The documents that were cancelled, among some that come in now."""

    def __init__(self, connection: Connection, documents: Collection[MessageDocument]) -> None:
        self._connection = connection
        self._lineages = {(one.document.tenant, one.document.key) for one in documents}
        # Nobody else decides meanwhile whether these are cancelled.
        advisory_locks.lock(connection, self._lineages)
        self._before = dict(self._stored()) if documents else {}
        self._now: dict[Lineage, str | None] = dict(self._before)

    def _stored(self) -> Iterator[tuple[Lineage, str | None]]:
        for condition in _of(self._lineages):
            for row in self._connection.execute(select(cancellation).where(condition)):
                yield (row.tenant, row.key), row.sent

    def applied(self, each: Message, withdraw: Withdraw) -> list[Document]:
        """Return the documents of a message as they are to be kept, and remember its own."""
        return [self._applied(one, each.sent, withdraw) for one in each.documents]

    def _applied(self, one: MessageDocument, sent: str | None, withdraw: Withdraw) -> Document:
        name = (one.document.tenant, one.document.key)
        if one.cancels:
            self._now[name] = max(sent, self._now.get(name) or sent) if sent else None
        elif name in self._now:
            until = self._now[name]
            if not (sent and until and sent > until):
                return withdraw(one.document)
            del self._now[name]
        return one.document

    def write(self) -> None:
        """Remember what is cancelled now, and forget what was sent anew."""
        changed = sorted(name for name in self._lineages if self._differs(name))
        for condition in _of(changed):
            self._connection.execute(delete(cancellation).where(condition))
        rows = [
            {"tenant": tenant, "key": key, "sent": self._now[tenant, key]}
            for tenant, key in changed
            if (tenant, key) in self._now
        ]
        store(self._connection, cancellation, rows)

    def _differs(self, name: Lineage) -> bool:
        now, before = self._now, self._before
        return (name in now, now.get(name)) != (name in before, before.get(name))


def _of(names: Collection[Lineage]) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions that together find the cancellations of documents by their index."""
    for tenant in sorted({one for one, _ in names}):
        keys = sorted(key for one, key in names if one == tenant)
        for some in portions(keys):
            yield and_(cancellation.c.tenant == tenant, cancellation.c.key.in_(some))
