"""Provenances by what they are of and why: written with each, asked by a search."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, delete, select

from models.db.sql.statements import Row, store
from models.db.tables.provenances import provenance_reason, provenance_target
from models.db.tables.resources import resource, resource_version

PROVENANCE: Final = "Provenance"


@dataclass(frozen=True, slots=True)
class Target:
    """What a Provenance is asked to be of: `Condition/7`, that in its version 2, or any `7`."""

    id: str
    type: str | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Token:
    """A code, in one system or (None) in any; or (None) any code of a system."""

    code: str | None
    system: str | None = None


def index(
    connection: Connection, tenant: str, contents: Mapping[str, Mapping[str, Any]], known: set[str]
) -> None:
    """Store by what Provenances can be found, in the place of what was stored of those `known`.

    `contents` are Provenances by id. Those that another system sent may lack what ours have.
    """
    again = [fhir_id for fhir_id in contents if fhir_id in known]
    for table in (provenance_target, provenance_reason) if again else ():
        connection.execute(delete(table).where(table.c.tenant == tenant, table.c.id.in_(again)))
    found = contents.items()
    store(connection, provenance_target, [row for one in found for row in targets(tenant, *one)])
    store(connection, provenance_reason, [row for one in found for row in reasons(tenant, *one)])


def targets(tenant: str, fhir_id: str, content: Mapping[str, Any]) -> Iterator[Row]:
    """Return a row for each resource that a Provenance is of; one elsewhere has no type."""
    for target in content.get("target") or ():
        plain = str(target.get("reference") or "").partition("/_history/")[0]
        kind, _, target_id = plain.rpartition("/") if plain.count("/") == 1 else ("", "", plain)
        if target_id:
            yield {"tenant": tenant, "target_id": target_id, "target_type": kind, "id": fhir_id}


def reasons(tenant: str, fhir_id: str, content: Mapping[str, Any]) -> Iterator[Row]:
    """Return a row for each code of why a Provenance was made."""
    for concept in content.get("reason") or ():
        for coding in concept.get("coding") or ():
            code, system = coding.get("code"), coding.get("system") or ""
            if code:
                yield {"tenant": tenant, "code": code, "system": system, "id": fhir_id}


def of(tenant: str, target: Target) -> ColumnElement[bool]:
    """Return what makes a resource a Provenance of a target."""
    table = provenance_target.c
    named = [table.tenant == tenant, table.target_id == target.id]
    if target.type is not None:
        named.append(table.target_type == target.type)
    of_it = resource.c.id.in_(select(table.id).where(*named))
    return of_it if target.version is None else of_it & _by_the_run_of(tenant, target)


def _by_the_run_of(tenant: str, target: Target) -> ColumnElement[bool]:
    """Return what makes a resource one of the run that wrote this version of a target."""
    version = resource_version.alias("target_version")
    run = select(version.c.run_id).where(
        version.c.tenant == tenant,
        version.c.type == target.type,
        version.c.id == target.id,
        version.c.version == target.version,
    )
    return resource_version.c.run_id.in_(run)


def because(tenant: str, reason: Token) -> ColumnElement[bool]:
    """Return what makes a resource a Provenance with a reason."""
    table = provenance_reason.c
    named = [table.tenant == tenant]
    if reason.code is not None:
        named.append(table.code == reason.code)
    if reason.system is not None:
        named.append(table.system == reason.system)
    return resource.c.id.in_(select(table.id).where(*named))
