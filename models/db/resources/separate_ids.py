"""No id is that of a note and of a resource that is kept beside the notes: type and id mean one.

A DocumentReference or DiagnosticReport is either: what an AI made is kept as it was sent, in the
table of resources, all else in the inbox. Their versions would be told apart by nothing.
"""

import zlib
from collections.abc import Collection, Iterable, Iterator
from itertools import groupby
from typing import Any, Final

from sqlalchemy import Column, Connection, and_, select

from models.clinical import DOCUMENT_TYPES
from models.db.resources.versions import Key
from models.db.sql.advisory_locks import lock
from models.db.sql.statements import portions
from models.db.tables.documents import document
from models.db.tables.resources import resource
from models.errors import IdInUse

_NOTES: Final = (document.c.tenant, document.c.type, document.c.fhir_id)
_RESOURCES: Final = (resource.c.tenant, resource.c.type, resource.c.id)
_GROUPS: Final = 64
"""In so many groups ids are locked: a thousand locks are more than PostgreSQL may have room for."""


def require_no_resource(connection: Connection, notes: Iterable[Key]) -> None:
    """Make sure that none of these notes has the id of a resource, and none gets it meanwhile.

    Raises:
        IdInUse: one has.
    """
    keys = set(notes)
    lock(connection, _groups(keys), shared=True)
    for _, kind, fhir_id in sorted(_held(connection, _RESOURCES, keys)):
        raise IdInUse(reference=f"{kind}/{fhir_id}")


def ids_of_notes(connection: Connection, resources: Iterable[Key]) -> set[Key]:
    """Return which of these resources have the id of a note; no other gets one meanwhile."""
    keys = {one for one in resources if one[1] in DOCUMENT_TYPES}
    if keys:
        lock(connection, _groups(keys))
    return _held(connection, _NOTES, keys)


def reserve(connection: Connection, notes: Iterable[Key], resources: Iterable[Key]) -> None:
    """Take the ids of notes and of resources that one transaction stores, all in one order.

    Taken one kind after the other, two transactions with both could wait for each other.
    """
    kept = {one for one in resources if one[1] in DOCUMENT_TYPES}
    if kept:
        lock(connection, _groups(kept.union(notes)))


def _groups(keys: Iterable[Key]) -> Iterator[tuple[str, ...]]:
    for tenant, kind, fhir_id in keys:
        yield tenant, "id of a note", f"{zlib.crc32(f'{kind}/{fhir_id}'.encode()) % _GROUPS}"


def _held(
    connection: Connection, columns: tuple[Column[Any], ...], keys: Collection[Key]
) -> set[Key]:
    """Return which of the keys are in the table of the columns tenant, type and id."""
    found: set[Key] = set()
    for (tenant, kind), some in groupby(sorted(keys), key=lambda key: key[:2]):
        for ids in portions([fhir_id for _, _, fhir_id in some]):
            same = and_(columns[0] == tenant, columns[1] == kind, columns[2].in_(ids))
            rows = connection.execute(select(*columns).where(same))
            found |= {(row[0], row[1], row[2]) for row in rows}
    return found
