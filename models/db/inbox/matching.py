"""Which documents meet criteria: conditional interactions (FHIR R4, http.html#cond-update)."""

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, Connection, and_, exists, or_, select

from models.clinical import Criteria
from models.db.inbox.receiving import COLUMNS, Receipt, receipt_of
from models.db.resources.queries import has_newer_document
from models.db.sql import advisory_locks
from models.db.tables.documents import document, document_identifier

MOST = 2
"""Of more than one match none is meant."""


def lock(connection: Connection, tenant: str, criteria: Sequence[Criteria]) -> None:
    """Wait until nobody else decides by the same criteria, and keep others from it."""
    advisory_locks.lock(connection, [(tenant, one.name) for one in criteria])


def matches(connection: Connection, tenant: str, wanted: Criteria) -> list[tuple[str, Receipt]]:
    """Return at most two documents that meet criteria now: their keys and newest versions."""
    query = (
        select(*COLUMNS)
        .where(document.c.tenant == tenant, document.c.type == wanted.type)
        .where(*_conditions(wanted), ~has_newer_document())
        .order_by(document.c.id)
        .limit(MOST)
    )
    rows = connection.execute(query).mappings()
    return [(row["key"], receipt_of(row, created=False)) for row in rows]


def newest(connection: Connection, tenant: str, type_: str, fhir_id: str) -> Receipt | None:
    """Return the newest version of a document, None where there is none of this id."""
    found = matches(connection, tenant, Criteria(type_, ids=((fhir_id,),)))
    return found[0][1] if found else None


def _conditions(wanted: Criteria) -> Iterator[ColumnElement[bool]]:
    for names in wanted.identifiers:
        table = document_identifier.c
        one_of = or_(*(_named(*name) for name in names))
        yield exists().where(table.document_id == document.c.id, one_of)
    yield from (document.c.fhir_id.in_(ids) for ids in wanted.ids)
    yield from (document.c.subject.in_(subjects) for subjects in wanted.subjects)


def _named(system: str | None, value: str) -> ColumnElement[bool]:
    same = document_identifier.c.value == value
    return same if system is None else and_(same, document_identifier.c.system == system)
