"""Which resources are to go out: written in the transaction that stores them.

One row is one resource, so versions that nobody sent yet are never sent: only the newest counts.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, case, null, or_, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from models.clinical import DOCUMENT_REFERENCE, DOCUMENT_TYPES
from models.db.resources.versions import Key, Statement
from models.db.results.superseding import Done
from models.db.sql.clock import FromNow
from models.db.sql.statements import Row, portions
from models.db.tables.outbox import DEAD, DELIVERED, SENDING, WAITING, outbox

RANKS: Final = {**dict.fromkeys(DOCUMENT_TYPES, 0), "Device": 1, "Provenance": 3}
"""In which order types go: what a resource refers to comes first."""

USUAL_RANK: Final = 2


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A version of a resource that is to go out.

    `document` is the FHIR id of the document it comes from, None for what many share.
    """

    key: Key
    version: int
    document: str | None


def of_statements(
    statements: Sequence[Statement], stored: Mapping[tuple[Key, str | None], int]
) -> list[Outgoing]:
    """Return what goes out of what runs stated; `stored` tells which version says so.

    Also what stands already: who begins to deliver late still sends the Device that a new
    resource refers to. A statement that a newer version of its document overruled is left out.
    """
    return [
        Outgoing(one.key, stored[one.key, one.run], _document(one))
        for one in statements
        if (one.key, one.run) in stored
    ]


def of_documents(done: Iterable[Done]) -> list[Outgoing]:
    """Return the documents themselves, in the version that was read."""
    return [
        Outgoing((at.tenant, at.source.type, at.source.id), at.source.version, at.source.id)
        for at in done
    ]


def write(connection: Connection, outgoing: Iterable[Outgoing]) -> None:
    """Let these versions wait to be sent, where no newer one does or was.

    Rows that are new or change are locked in the order of their keys, as the deliverer locks them;
    the others are not touched, so that the Device of all documents makes nobody wait.
    """
    newest: dict[Key, Outgoing] = {}
    for one in sorted(outgoing, key=lambda one: (one.key, one.version)):
        newest[one.key] = one
    known = _known(connection, list(newest))
    rows = [_row(one) for key, one in newest.items() if known.get(key, 0) < one.version]
    if rows:
        connection.execute(_upsert(connection), rows)


def _document(one: Statement) -> str | None:
    """Return whose resource it is; a DocumentReference that we state is the card of the model."""
    if one.source is None or one.key[1] in {DOCUMENT_REFERENCE, "Device"}:
        return None
    return one.source.id


def _known(connection: Connection, keys: Sequence[Key]) -> dict[Key, int]:
    key = (outbox.c.tenant, outbox.c.type, outbox.c.resource_id)
    query = select(*key, outbox.c.version)
    return {
        (row.tenant, row.type, row.resource_id): row.version
        for some in portions(keys)
        for row in connection.execute(query.where(tuple_(*key).in_(some)))
    }


def _row(one: Outgoing) -> Row:
    tenant, kind, fhir_id = one.key
    return {
        "tenant": tenant,
        "type": kind,
        "resource_id": fhir_id,
        "version": one.version,
        "document": one.document,
        "rank": RANKS.get(kind, USUAL_RANK),
    }


def _upsert(connection: Connection) -> Any:
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    insert = dialect.insert(outbox).values(state=WAITING, available_at=FromNow())
    new = insert.excluded
    return insert.on_conflict_do_update(
        index_elements=["tenant", "type", "resource_id"],
        set_={"version": new.version, "document": new.document, **_woken(new)},
        where=new.version > outbox.c.version,
    )


def _woken(new: Any) -> dict[str, ColumnElement[Any]]:
    """Return what becomes of a row's state: a back-off goes on, and a row being sent stays so."""
    resting = or_(outbox.c.state == DELIVERED, outbox.c.state == DEAD)
    sending = outbox.c.state == SENDING
    return {
        "state": case((resting, WAITING), else_=outbox.c.state),
        "attempts": case((sending, outbox.c.attempts), else_=0),
        "available_at": case((resting, new.available_at), else_=outbox.c.available_at),
        "error_code": case((resting, null()), else_=outbox.c.error_code),
        "error": case((resting, null()), else_=outbox.c.error),
    }
