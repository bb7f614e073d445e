"""The lineage of a document: its versions, and which of them is current.

A lineage is all versions of one document: one sender's key. The current version is the newest that
was read; there is none while the current version of another document replaces it. This is decided
under a lock, so that two transactions never both take themselves for the newest.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, func, or_, select, update

from models.clinical import DOCUMENT_REFERENCE, named
from models.db.sql.clock import FromNow
from models.db.tables.documents import DONE, RECEIVED, document, replacement
from models.db.tables.readings import run

Lineage = tuple[str, str]
"""Tenant and key."""

Name = tuple[str, str]
"""Tenant and a name of a document: its key, or `id:<FHIR id>`, as `named` for its type."""


@dataclass(frozen=True, slots=True)
class ReadVersion:
    """A version of a document that was read: its inbox row, and how often."""

    row: int
    version: int
    runs: int


def read_versions(
    connection: Connection, lineages: Collection[Lineage]
) -> dict[Lineage, list[ReadVersion]]:
    """Return the versions of the lineages that were read, the newest first."""
    query = (
        select(document.c.tenant, document.c.key, document.c.id, document.c.version, func.count())
        .join(run, run.c.document_id == document.c.id)
        .where(*_of(lineages))
        .group_by(document.c.id)
        .order_by(document.c.version.desc())
    )
    found: dict[Lineage, list[ReadVersion]] = {lineage: [] for lineage in lineages}
    for tenant, key, *rest in connection.execute(query):
        if (tenant, key) in found:
            found[tenant, key].append(ReadVersion(*rest))
    return found


def replaced(connection: Connection, lineages: Collection[Lineage]) -> set[Lineage]:
    """Return those of the lineages that the current version of another document replaces."""
    by = document.alias("by")
    names = or_(
        replacement.c.target == document.c.key,
        replacement.c.target == _by_id(),
    )
    query = (
        select(document.c.tenant, document.c.key)
        .distinct()
        .join(replacement, names)
        .join(by, by.c.id == replacement.c.document_id)
        .where(*_of(lineages), by.c.tenant == document.c.tenant, by.c.key != document.c.key)
        .where(~has_newer_version(by))
    )
    return {(tenant, key) for tenant, key in connection.execute(query)} & set(lineages)


def find_by_name(connection: Connection, names: Collection[Name]) -> dict[Name, set[Lineage]]:
    """Return the lineages that have a document of each name."""
    found: dict[Name, set[Lineage]] = {name: set() for name in names}
    if not names:
        return found
    tenants, words = zip(*names, strict=True)
    ids = [word.partition("id:")[2] for word in words if "id:" in word]
    query = select(document.c.tenant, document.c.key, document.c.fhir_id, document.c.type).where(
        document.c.tenant.in_(tenants), or_(document.c.key.in_(words), document.c.fhir_id.in_(ids))
    )
    for tenant, key, fhir_id, kind in connection.execute(query):
        for word in (key, named(kind, f"id:{fhir_id}")):
            if (tenant, word) in found:
                found[tenant, word].add((tenant, key))
    return found


def _by_id() -> ColumnElement[str]:
    """Return the name of a document by its id, as `named` writes it."""
    plain = "id:" + document.c.fhir_id
    return case((document.c.type == DOCUMENT_REFERENCE, plain), else_=document.c.type + "/" + plain)


def replacement_targets(connection: Connection, rows: Collection[int]) -> dict[int, set[str]]:
    """Return what documents replace, by inbox row."""
    found: dict[int, set[str]] = {row: set() for row in rows}
    query = select(replacement).where(replacement.c.document_id.in_(rows))
    for row, target in connection.execute(query):
        found[row].add(target)
    return found


def requeue_done(connection: Connection, rows: Collection[int]) -> None:
    """Let documents that are done wait to be read once more; the sweep rings for them."""
    done = update(document).where(document.c.id.in_(rows), document.c.state == DONE)
    waiting = {"state": RECEIVED, "attempts": 0, "queued_at": None, "finished_at": None}
    connection.execute(done.values(**waiting, available_at=FromNow()))


def _of(lineages: Collection[Lineage]) -> list[ColumnElement[bool]]:
    # Wider than the lineages themselves, but an index serves it.
    tenants, keys = zip(*lineages, strict=True)
    return [document.c.tenant.in_(set(tenants)), document.c.key.in_(set(keys))]


def has_newer_version(older: Any) -> ColumnElement[bool]:
    """Return the condition that a newer version of a document was read."""
    newer = document.alias("newer")
    return (
        select(newer.c.id)
        .join(run, run.c.document_id == newer.c.id)
        .where(
            newer.c.tenant == older.c.tenant,
            newer.c.key == older.c.key,
            newer.c.version > older.c.version,
        )
        .exists()
    )
