"""Which rows hold something of a patient or a document, and in which order they can go."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    Table,
    and_,
    delete,
    func,
    or_,
    select,
    text,
    tuple_,
    update,
)

from models.chunks import chunks
from models.db.resources.provenance_index import PROVENANCE
from models.db.tables.dead_letters import dead_letter
from models.db.tables.documents import document, document_identifier, note, replacement, unread
from models.db.tables.messages import cancellation
from models.db.tables.outbox import document_number, outbox
from models.db.tables.provenances import provenance_reason, provenance_target
from models.db.tables.readings import cue, link, mention, reading, run
from models.db.tables.resources import finding, finding_mention, resource, resource_version

SHARED: Final = ("Device", "DocumentReference")
"""Types of resources that were made here and are of no patient: the model and its card."""


Key = tuple[str, str]
"""Type and id of a resource."""

_DOCUMENTS_AT_ONCE: Final = 50
_KEYS_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Chosen:
    """What goes: inbox rows, their documents, keys of resources (type, id), dead letters.

    `ids` are the FHIR ids of the documents, but for those that another one of another type has too.
    """

    rows: Sequence[int] = ()
    documents: Sequence[Key] = ()
    ids: Collection[str] = ()
    resources: Sequence[Key] = ()
    letters: Sequence[int] = ()


def hold(connection: Connection) -> None:
    """Wait until nobody else stores or completes anything; nobody does until we end.

    Who stores something (`storing`) or completes it takes the table of documents first too, so
    none waits for another in a circle.
    SQLite's writers take turns anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(
            text("LOCK TABLE document, outbox, dead_letter IN SHARE ROW EXCLUSIVE MODE")
        )


def of_documents(connection: Connection, tenant: str, keys: Collection[Key]) -> Iterator[Chosen]:
    """Yield documents, all versions of each, with what was made of them; not too many at once."""
    for some in chunks(sorted(keys), _DOCUMENTS_AT_ONCE):
        theirs = tuple_(document.c.type, document.c.fhir_id).in_(some)
        rows = list(
            connection.scalars(select(document.c.id).where(document.c.tenant == tenant, theirs))
        )
        made = and_(resource.c.document_id.in_(rows), resource.c.type.not_in(SHARED))
        named = tuple_(resource.c.type, resource.c.id).in_(some)
        found = _keys(connection, tenant, or_(made, and_(resource.c.document_id.is_(None), named)))
        records = _records(connection, tenant, [*some, *found])
        ids = {one for _, one in some} - _of_another_type(connection, tenant, some)
        yield Chosen(rows, some, ids, [*found, *records])


def _of_another_type(connection: Connection, tenant: str, of: Sequence[Key]) -> set[str]:
    """Return the FHIR ids of documents that a document of another type has too."""
    same = document.c.fhir_id.in_([one for _, one in of])
    other = tuple_(document.c.type, document.c.fhir_id).not_in(of)
    found = select(document.c.fhir_id).where(document.c.tenant == tenant, same, other)
    return set(connection.scalars(found))


def of_letters(letters: Sequence[int]) -> Iterator[Chosen]:
    """Yield dead letters, not too many at once."""
    for some in chunks(letters, _KEYS_AT_ONCE):
        yield Chosen(letters=some)


def of_patients(connection: Connection, tenant: str, patients: Collection[str]) -> Iterator[Chosen]:
    """Yield what another system put here of these patients."""
    put = and_(resource.c.document_id.is_(None), resource.c.patient.in_(patients))
    for some in chunks(_keys(connection, tenant, put), _KEYS_AT_ONCE):
        yield Chosen(resources=[*some, *_records(connection, tenant, some)])


def _keys(connection: Connection, tenant: str, which: ColumnElement[bool]) -> list[Key]:
    found = select(resource.c.type, resource.c.id).where(resource.c.tenant == tenant, which)
    return [(kind, fhir_id) for kind, fhir_id in connection.execute(found)]


def _records(connection: Connection, tenant: str, of: Sequence[Key]) -> list[Key]:
    """Return the Provenances that another system put here of these resources."""
    records = select(provenance_target.c.id).where(
        provenance_target.c.tenant == tenant,
        tuple_(provenance_target.c.target_type, provenance_target.c.target_id).in_(of),
    )
    put = resource.c.document_id.is_(None), resource.c.id.in_(records)
    return _keys(connection, tenant, and_(resource.c.type == PROVENANCE, *put))


def of_outbox(tenant: str, what: Chosen) -> ColumnElement[bool]:
    """Return what makes an entry of the outbox one of them."""
    named = tuple_(outbox.c.type, outbox.c.resource_id).in_([*what.resources, *what.documents])
    theirs = outbox.c.document.in_(what.ids)
    return and_(outbox.c.tenant == tenant, or_(theirs, named))


def counts(connection: Connection, tenant: str, what: Chosen) -> dict[str, int]:
    """Return how many rows of each table go."""
    return {
        table.name: connection.scalar(select(func.count()).select_from(table).where(rule)) or 0
        for table, rule in _rules(tenant, what)
    }


def delete_all(connection: Connection, tenant: str, what: Chosen) -> None:
    """Delete them; versions of other resources that a deleted run wrote are of no run any more.

    The model and its card are of another document that was read; without any they go too.
    """
    for table, rule in _rules(tenant, what):
        if table is run:
            _cut_off(connection, tenant, what)
        connection.execute(delete(table).where(rule))


def _cut_off(connection: Connection, tenant: str, what: Chosen) -> None:
    written = resource_version.c.run_id.in_(_runs(what))
    connection.execute(update(resource_version).where(written).values(run_id=None))
    made = resource.c.document_id.in_(what.rows)
    keys = connection.execute(select(resource.c.type, resource.c.id).where(made)).all()
    if not keys:
        return
    # Never of none: that would make them another system's.
    heir = _another_read(connection, tenant, what)
    if heir is not None:
        connection.execute(update(resource).where(made).values(document_id=heir))
        return
    shared = Chosen(resources=[(kind, fhir_id) for kind, fhir_id in keys])
    for table in (resource_version, resource):
        connection.execute(delete(table).where(_named(table, tenant, shared)))
    connection.execute(delete(outbox).where(of_outbox(tenant, shared)))


def _another_read(connection: Connection, tenant: str, what: Chosen) -> int | None:
    """Return another document that was read, by the same model if there is one."""
    models = select(run.c.model_id).where(run.c.document_id.in_(what.rows))
    others = select(document.c.id).join(run, run.c.document_id == document.c.id)
    others = others.where(document.c.tenant == tenant, document.c.id.not_in(what.rows)).limit(1)
    same = connection.scalar(others.where(run.c.model_id.in_(models)))
    return same if same is not None else connection.scalar(others)


def _runs(what: Chosen) -> Select[Any]:
    return select(run.c.id).where(run.c.document_id.in_(what.rows))


def _rules(tenant: str, what: Chosen) -> Iterator[tuple[Table, ColumnElement[bool]]]:
    """Yield which rows of each table go, in an order in which nothing refers to what is gone."""
    findings = select(finding.c.id).where(finding.c.run_id.in_(_runs(what)))
    mentions = select(mention.c.id).where(mention.c.run_id.in_(_runs(what)))
    provenances = [fhir_id for kind, fhir_id in what.resources if kind == PROVENANCE]
    yield finding_mention, finding_mention.c.finding_id.in_(findings)
    yield finding, finding.c.run_id.in_(_runs(what))
    yield link, link.c.source_id.in_(mentions)
    yield cue, cue.c.mention_id.in_(mentions)
    yield mention, mention.c.run_id.in_(_runs(what))
    yield reading, reading.c.run_id.in_(_runs(what))
    yield unread, unread.c.document_id.in_(what.rows)
    yield note, note.c.document_id.in_(what.rows)
    for table in (provenance_target, provenance_reason):
        yield table, and_(table.c.tenant == tenant, table.c.id.in_(provenances))
    yield resource_version, _named(resource_version, tenant, what)
    yield resource, _named(resource, tenant, what)
    yield replacement, replacement.c.document_id.in_(what.rows)
    yield outbox, of_outbox(tenant, what)
    yield document_number, _numbered(tenant, what)
    yield run, run.c.document_id.in_(what.rows)
    yield document_identifier, document_identifier.c.document_id.in_(what.rows)
    yield cancellation, _cancels(tenant, what)
    yield document, document.c.id.in_(what.rows)
    yield dead_letter, and_(dead_letter.c.tenant == tenant, dead_letter.c.id.in_(what.letters))


def _numbered(tenant: str, what: Chosen) -> ColumnElement[bool]:
    theirs = document_number.c.document.in_(what.ids)
    return and_(document_number.c.tenant == tenant, theirs)


def _cancels(tenant: str, what: Chosen) -> ColumnElement[bool]:
    keys = select(document.c.key).where(document.c.id.in_(what.rows))
    return and_(cancellation.c.tenant == tenant, cancellation.c.key.in_(keys))


def _named(table: FromClause, tenant: str, what: Chosen) -> ColumnElement[bool]:
    named = tuple_(table.c.type, table.c.id).in_(what.resources)
    return and_(table.c.tenant == tenant, named)
