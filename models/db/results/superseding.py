"""Superseding: which version of a document is current after a reading, and what it retracts.

Nothing is deleted: what is no longer stated gets one more version that retracts it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Connection, Row, exists, select

from models.clinical import Extraction, Run, named
from models.db.inbox import lineage
from models.db.inbox.lineage import Lineage, Name, ReadVersion
from models.db.resources.stamping import verbatim
from models.db.resources.versions import Key, Source, Statement, key_of, statement
from models.db.sql import advisory_locks
from models.db.sql.statements import store
from models.db.tables.documents import document, replacement
from models.db.tables.resources import finding, resource, resource_version


class Retraction(Protocol):
    """What a retracted resource looks like; the memory knows no FHIR."""

    def retracted(self, resource: Mapping[str, object], /) -> Mapping[str, object]:
        """Return a resource as an error; the same once more changes nothing."""

    def nullified(
        self, run: Run, /, *, targets: Sequence[str], source: str
    ) -> Mapping[str, object]:
        """Return the record that a run retracted the targets, since the source says no more."""


@dataclass(frozen=True, slots=True)
class Done:
    """An extraction of a row that was still ours when it was completed."""

    tenant: str
    key: str
    source: Source
    finished_at: datetime
    extraction: Extraction

    @property
    def lineage(self) -> Lineage:
        """Whose version it is."""
        return (self.tenant, self.key)

    @property
    def replaces(self) -> list[Name]:
        """The documents that it takes the place of."""
        return [(self.tenant, target) for target in self.extraction.replaces]

    @property
    def stated(self) -> set[Key]:
        """The resources that were made of its findings."""
        made = (one.resource for one in self.extraction.findings)
        return {key_of(self.tenant, content) for content in made if content is not None}


@dataclass(frozen=True, slots=True)
class CurrentVersion:
    """A version of a document that is current now.

    `superseded` are the lineages whose resources are retracted unless this version states them;
    `restored` are those that an earlier version replaced and this one does not.
    """

    done: Done
    superseded: frozenset[Lineage]
    restored: frozenset[Lineage]


def lock(connection: Connection, done: Sequence[Done]) -> None:
    """Wait until no other transaction decides about the same documents."""
    advisory_locks.lock(
        connection,
        (
            (at.tenant, name)
            for at in done
            for name in (at.key, _by_id(at.source), *at.extraction.replaces)
        ),
    )


def _by_id(source: Source) -> str:
    return named(source.type, f"id:{source.id}")


def current_versions(connection: Connection, done: Sequence[Done]) -> list[CurrentVersion]:
    """Return which of the readings, whose runs are stored, are of current versions.

    Left out are readings of an older version than one that was read before, and of documents
    that another one replaces: they are kept, but no resource is made of them.
    """
    rows = [
        {"document_id": at.source.row, "target": target}
        for at in done
        for target in at.extraction.replaces
    ]
    store(connection, replacement, rows)
    read_versions = lineage.read_versions(connection, {at.lineage for at in done})
    replaced = lineage.replaced(connection, read_versions)
    current = [
        at
        for at in done
        if at.lineage not in replaced and at.source.row == read_versions[at.lineage][0].row
    ]
    return list(_current_versions(connection, current, read_versions))


def _current_versions(
    connection: Connection,
    done: Sequence[Done],
    read_versions: Mapping[Lineage, Sequence[ReadVersion]],
) -> Iterator[CurrentVersion]:
    before = _replaced_before(connection, done, read_versions)
    named = {name for at in done for name in (*at.replaces, *before[at.source.row])}
    by_name = lineage.find_by_name(connection, named)
    for at in done:
        others = _all(by_name, at.replaces) - {at.lineage}
        again = sum(one.runs for one in read_versions[at.lineage]) > 1
        restored = _all(by_name, before[at.source.row]) - others - {at.lineage}
        own = {at.lineage} if again else set()
        yield CurrentVersion(at, frozenset(own | others), frozenset(restored))


def _replaced_before(
    connection: Connection,
    done: Sequence[Done],
    read_versions: Mapping[Lineage, Sequence[ReadVersion]],
) -> dict[int, set[Name]]:
    """Return by row what earlier versions replaced, for documents that are read the first time."""
    older = {
        at.source.row: [one.row for one in read_versions[at.lineage][1:]]
        if read_versions[at.lineage][0].runs == 1
        else []
        for at in done
    }
    rows = {row for some in older.values() for row in some}
    targets = lineage.replacement_targets(connection, rows) if rows else {}
    return {
        at.source.row: {
            (at.tenant, target) for row in older[at.source.row] for target in targets[row]
        }
        for at in done
    }


def _all(by_name: Mapping[Name, set[Lineage]], names: Collection[Name]) -> set[Lineage]:
    return {one for name in names for one in by_name[name]}


def retractions(
    connection: Connection, current: Sequence[CurrentVersion], retraction: Retraction
) -> list[Statement]:
    """Return the statements that retract what stands and is no longer stated, and their records."""
    by = {key: one.done for one in reversed(current) for key in one.superseded}
    stated = {key for one in current for key in one.done.stated}
    found: dict[str, tuple[Done, list[Statement]]] = {}
    for row in _standing(connection, by) if by else ():
        at = by.get((row.tenant, row.key))
        if at is None or (row.tenant, row.type, row.id) in stated:
            continue
        one = _retracted(row, at, retraction)
        if one.sha256 != row.sha256:
            found.setdefault(at.source.run, (at, []))[1].append(one)
    return [one for at, gone in found.values() for one in (*gone, _record(at, gone, retraction))]


def _standing(connection: Connection, of: Collection[Lineage]) -> list[Row[Any]]:
    """Return the clinical resources of the lineages: those that were made of findings."""
    tenants, keys = zip(*of, strict=True)
    same = [resource_version.c[name] == resource.c[name] for name in ("tenant", "type", "id")]
    made = exists().where(
        finding.c.tenant == resource.c.tenant,
        finding.c.resource_type == resource.c.type,
        finding.c.resource_id == resource.c.id,
    )
    query = (
        select(
            *(resource.c[name] for name in ("tenant", "type", "id", "sha256", "document_id")),
            document.c.key,
            document.c.fhir_id,
            document.c.version.label("document_version"),
            document.c.type.label("document_type"),
            resource_version.c.json,
        )
        .join(document, document.c.id == resource.c.document_id)
        .join(resource_version, resource_version.c.version == resource.c.version)
        .where(*same, document.c.tenant.in_(set(tenants)), document.c.key.in_(set(keys)), made)
        .order_by(resource.c.type, resource.c.id)
    )
    return list(connection.execute(query))


def _retracted(row: Row[Any], at: Done, retraction: Retraction) -> Statement:
    # It stays its own document's resource, whoever retracts it.
    source = Source(
        row.document_id, row.fhir_id, row.document_version, at.source.run, row.document_type
    )
    return statement(row.tenant, retraction.retracted(verbatim(row.json)), source)


def _record(at: Done, gone: Sequence[Statement], retraction: Retraction) -> Statement:
    targets = [f"{one.key[1]}/{one.key[2]}" for one in gone]
    run, source = at.extraction.run, at.source.reference
    return statement(
        at.tenant, retraction.nullified(run, targets=targets, source=source), at.source
    )


def requeue_restored(connection: Connection, current: Sequence[CurrentVersion]) -> None:
    """Have the documents read again that are replaced no more: their findings come back."""
    restored = {key for one in current for key in one.restored}
    if restored:
        back = restored - lineage.replaced(connection, restored)
        read_versions = lineage.read_versions(connection, back) if back else {}
        lineage.requeue_done(connection, [some[0].row for some in read_versions.values() if some])
