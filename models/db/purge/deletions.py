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

from models.db.resources.provenance_index import PROVENANCE
from models.db.sql.statements import portions
from models.db.tables.documents import document, note, replacement, unread
from models.db.tables.outbox import document_number, outbox
from models.db.tables.provenances import provenance_reason, provenance_target
from models.db.tables.readings import cue, link, mention, reading, run
from models.db.tables.resources import finding, finding_mention, resource, resource_version

SHARED: Final = ("Device", "DocumentReference")
"""Types of resources that were made here and are of no patient: the model and its card."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What goes: inbox rows, the FHIR ids of their documents, and keys of resources (type, id)."""

    rows: Sequence[int]
    documents: Collection[str]
    resources: Sequence[tuple[str, str]]


def hold(connection: Connection) -> None:
    """Wait until nobody else stores or completes documents; nobody does until we end.

    A completion takes the table of documents first too, so none waits for another in a circle.
    SQLite's writers take turns anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE document, outbox IN SHARE ROW EXCLUSIVE MODE"))


def chosen(
    connection: Connection,
    tenant: str,
    rows: Sequence[int],
    documents: Collection[str],
    patients: Sequence[str],
) -> Chosen:
    """Return documents with the resources made of them, or put here of a patient, and records.

    Records are the Provenances that another system put here of one of the others.
    """
    of_documents = and_(resource.c.document_id.in_(rows), resource.c.type.not_in(SHARED))
    of_patients = resource.c.patient.in_(patients)
    key = select(resource.c.type, resource.c.id).where(resource.c.tenant == tenant)
    found = {tuple(one) for one in connection.execute(key.where(or_(of_documents, of_patients)))}
    for some in portions([*found, *(("DocumentReference", one) for one in documents)]):
        records = select(provenance_target.c.id).where(
            provenance_target.c.tenant == tenant,
            tuple_(provenance_target.c.target_type, provenance_target.c.target_id).in_(some),
        )
        put_here = key.where(
            resource.c.type == PROVENANCE,
            resource.c.document_id.is_(None),
            resource.c.id.in_(records),
        )
        found |= {tuple(one) for one in connection.execute(put_here)}
    return Chosen(rows, documents, sorted((kind, fhir_id) for kind, fhir_id in found))


def of_outbox(tenant: str, what: Chosen) -> ColumnElement[bool]:
    """Return what makes an entry of the outbox one of them."""
    named = tuple_(outbox.c.type, outbox.c.resource_id).in_(what.resources)
    theirs = outbox.c.document.in_(what.documents)
    return and_(outbox.c.tenant == tenant, or_(theirs, named))


def counts(connection: Connection, tenant: str, what: Chosen) -> dict[str, int]:
    """Return how many rows of each table go."""
    return {
        table.name: connection.scalar(select(func.count()).select_from(table).where(rule)) or 0
        for table, rule in _rules(tenant, what)
    }


def delete_all(connection: Connection, tenant: str, what: Chosen) -> None:
    """Delete them; versions of other resources that a deleted run wrote are of no run any more."""
    for table, rule in _rules(tenant, what):
        if table is run:
            _cut_off(connection, what)
        connection.execute(delete(table).where(rule))


def _cut_off(connection: Connection, what: Chosen) -> None:
    written = resource_version.c.run_id.in_(_runs(what))
    connection.execute(update(resource_version).where(written).values(run_id=None))
    made = resource.c.document_id.in_(what.rows)
    connection.execute(update(resource).where(made).values(document_id=None))


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
    yield document_number, document_number.c.document.in_(what.documents)
    yield run, run.c.document_id.in_(what.rows)
    yield document, document.c.id.in_(what.rows)


def _named(table: FromClause, tenant: str, what: Chosen) -> ColumnElement[bool]:
    named = tuple_(table.c.type, table.c.id).in_(what.resources)
    return and_(table.c.tenant == tenant, named)
