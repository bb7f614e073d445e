"""Resources and their versions: a changed resource gets the next one, an equal one gets none.

Equal is also what the same model and code say with other late digits of a score (`unchanged`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, select, update

from models.clinical import DOCUMENT_REFERENCE
from models.db.resources import provenance_index
from models.db.resources.stamping import fingerprint, search_values, stamped
from models.db.resources.unchanged import Stated, same_but_for_scores
from models.db.sql.bulk import write, write_new
from models.db.sql.statements import Row, portions
from models.db.tables.documents import document
from models.db.tables.resources import resource, resource_version

Key = tuple[str, str, str]
"""Tenant, resource type, id."""

_KEY = ("tenant", "type", "id")


@dataclass(frozen=True, slots=True)
class Source:
    """The document a resource is made from: its inbox row, FHIR id and version; and the run."""

    row: int
    id: str
    version: int
    run: str
    type: str = DOCUMENT_REFERENCE

    @property
    def reference(self) -> str:
        """The version of the document as a reference."""
        return f"{self.type}/{self.id}/_history/{self.version}"


@dataclass(frozen=True, slots=True)
class Statement:
    """A resource as one run states it, or another system: then there is no source."""

    key: Key
    content: Mapping[str, Any]
    sha256: str
    source: Source | None

    @property
    def run(self) -> str | None:
        """The run that states it."""
        return self.source.run if self.source else None

    @property
    def row(self) -> int | None:
        """The inbox row of the document it is made from."""
        return self.source.row if self.source else None

    @property
    def document_version(self) -> int:
        """The version of that document."""
        return self.source.version if self.source else 0


@dataclass(frozen=True, slots=True)
class _Standing:
    """What the memory says of a resource now, and the document that said so, if it was one."""

    version: int
    sha256: str
    document: str | None
    document_version: int | None

    def overrules(self, one: Statement) -> bool:
        """Return whether a statement is not heard.

        A newer version of its document was read already, or another system states a resource that
        was made here.
        """
        if self.document is None or self.document_version is None:
            return False
        if one.source is None:
            return True
        return self.document == one.source.id and self.document_version > one.source.version


def key_of(tenant: str, content: Mapping[str, Any]) -> Key:
    """Return the key of a resource: its tenant, type and id."""
    return (tenant, str(content["resourceType"]), str(content["id"]))


def statement(tenant: str, content: Mapping[str, Any], source: Source | None) -> Statement:
    """Return what is stated of a resource; `content` needs `resourceType` and `id`."""
    return Statement(key_of(tenant, content), content, fingerprint(content), source)


def put(
    connection: Connection, statements: Sequence[Statement], moment: datetime
) -> dict[tuple[Key, str | None], int]:
    """Store what is new; return which version says what a run stated, by (key, run).

    Left out are the resources that stay as they are, although a statement says them differently:
    a newer version of its document was read already, or another system sent what was made here.

    All waiting happens in the order of the keys, first for resources being inserted by another
    transaction (every document brings the same Device), then for those being changed. So no two
    transactions wait for each other.
    """
    latest = _latest(statements)
    standing = _standing(connection, list(latest))
    born = _give_birth(
        connection, [one for one in latest.values() if one.key not in standing], moment
    )
    disputed = [
        key for key, one in latest.items() if key not in born and _differs(standing.get(key), one)
    ]
    lock(connection, disputed)
    standing |= _standing(connection, disputed)
    otherwise = [key for key in disputed if _differs(standing[key], latest[key])]
    alike = _alike(connection, [latest[key] for key in otherwise])
    changed = {key: standing[key].version + 1 for key in otherwise if key not in alike}
    _change_heads(connection, [latest[key] for key in changed], changed, moment)
    written = dict.fromkeys(born, 1) | changed
    _write_versions(connection, latest, written, moment)
    _index(connection, [latest[key] for key in written], set(changed))
    kept = {key: one.version for key, one in standing.items() if key in alike}
    return _answers(statements, latest, standing, written | kept)


def _alike(connection: Connection, statements: Sequence[Statement]) -> set[Key]:
    """Return the resources of which the same model and code say the same but for scores."""
    stated = {one.key: Stated(one.run, one.content) for one in statements if one.run is not None}
    return same_but_for_scores(connection, stated) if stated else set()


def _index(connection: Connection, stated: Sequence[Statement], changed: set[Key]) -> None:
    """Let the Provenances among what was stated be found."""
    made = [one for one in stated if one.key[1] == provenance_index.PROVENANCE]
    for tenant in {one.key[0] for one in made}:
        contents = {one.key[2]: one.content for one in made if one.key[0] == tenant}
        known = {fhir_id for owner, _, fhir_id in changed if owner == tenant}
        provenance_index.index(connection, tenant, contents, known)


def _latest(statements: Iterable[Statement]) -> dict[Key, Statement]:
    latest: dict[Key, Statement] = {}
    for one in sorted(statements, key=lambda one: (one.key, -one.document_version)):
        latest.setdefault(one.key, one)
    return latest


def _differs(standing: _Standing | None, one: Statement) -> bool:
    return standing is None or not (standing.sha256 == one.sha256 or standing.overrules(one))


def _standing(connection: Connection, keys: Sequence[Key]) -> dict[Key, _Standing]:
    query = select(resource, document.c.fhir_id, document.c.version.label("document_version"))
    query = query.outerjoin(document, document.c.id == resource.c.document_id)
    found = {
        (row.tenant, row.type, row.id): _Standing(
            row.version, row.sha256, row.fhir_id, row.document_version
        )
        for some in portions(keys)
        for row in connection.execute(query.where(*_named(some)))
    }
    return {key: found[key] for key in keys if key in found}


def numbers(connection: Connection, keys: Sequence[Key]) -> dict[Key, int]:
    """Return which version resources are at."""
    return {key: one.version for key, one in _standing(connection, keys).items()}


def lock(connection: Connection, keys: Sequence[Key]) -> None:
    """Keep others from changing these resources until the transaction ends."""
    # Apart from the reading: after a wait PostgreSQL takes the row's new state, but joins it with
    # the document of the old one, and so would lose the row.
    order = (resource.c[name] for name in _KEY)
    query = select(resource.c.id).order_by(*order).with_for_update(key_share=True)
    for some in portions(keys):
        connection.execute(query.where(*_named(some)))


def _named(keys: Sequence[Key]) -> list[ColumnElement[bool]]:
    # Wider than the keys themselves, but the index of the primary key serves it; ids are UUIDs.
    parts = zip(_KEY, zip(*keys, strict=True), strict=True)
    return [resource.c[name].in_(set(values)) for name, values in parts]


def _give_birth(
    connection: Connection, statements: Sequence[Statement], moment: datetime
) -> set[Key]:
    rows = [_head(one, 1, moment) for one in statements]
    return {
        (tenant, kind, fhir_id) for tenant, kind, fhir_id in write_new(connection, resource, rows)
    }


def _key(key: Key) -> dict[str, Any]:
    return dict(zip(_KEY, key, strict=True))


def _head(one: Statement, version: int, moment: datetime) -> dict[str, Any]:
    return {
        **_key(one.key),
        "version": version,
        "sha256": one.sha256,
        "last_updated": moment,
        "document_id": one.row,
        **search_values(one.content),
    }


def _change_heads(
    connection: Connection,
    statements: Sequence[Statement],
    versions: Mapping[Key, int],
    moment: datetime,
) -> None:
    if not statements:
        return
    rows = [_head(one, versions[one.key], moment) for one in statements]
    same = (resource.c[name] == bindparam(f"the_{name}") for name in _KEY)
    values: dict[str, Any] = {name: bindparam(name) for name in rows[0] if name not in _KEY}
    named = [row | {f"the_{name}": row[name] for name in _KEY} for row in rows]
    connection.execute(update(resource).where(*same).values(values), named)


def _write_versions(
    connection: Connection,
    statements: Mapping[Key, Statement],
    versions: Mapping[Key, int],
    moment: datetime,
) -> None:
    rows = [_version(statements[key], version, moment) for key, version in versions.items()]
    write(connection, resource_version, rows)


def _version(one: Statement, version: int, moment: datetime) -> Row:
    return {
        **_key(one.key),
        "version": version,
        "json": stamped(one.content, version, moment),
        "recorded_at": moment,
        "run_id": one.run,
    }


def _answers(
    statements: Iterable[Statement],
    latest: Mapping[Key, Statement],
    standing: Mapping[Key, _Standing],
    decided: Mapping[Key, int],
) -> dict[tuple[Key, str | None], int]:
    answers: dict[tuple[Key, str | None], int] = {}
    for one in statements:
        head = latest[one.key]
        if one.key in decided and (one.sha256 == head.sha256 or one.run == head.run):
            answers[one.key, one.run] = decided[one.key]
        elif one.key not in decided and one.sha256 == standing[one.key].sha256:
            answers[one.key, one.run] = standing[one.key].version
    return answers
