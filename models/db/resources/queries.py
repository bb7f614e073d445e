"""Where a resource is kept: documents in the inbox, everything else with its versions.

Queries return rows of (type, id, version, last_updated, json, patient, as_sent); `as_sent` says
that the JSON is the sender's and does not name our version yet.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select, union_all
from sqlalchemy import false as no
from sqlalchemy import true as yes

from models.clinical import DOCUMENT_TYPES
from models.db.resources.provenance_index import PROVENANCE
from models.db.tables.documents import document
from models.db.tables.resources import resource, resource_version


def latest(
    tenant: str,
    kind: str,
    *,
    ids: Collection[str] | None = None,
    patient: str | Collection[str] | None = None,
    narrowed: Collection[ColumnElement[bool]] = (),
) -> Select[Any]:
    """Return the query for the latest versions of a type: of some ids, of one patient, or all.

    `narrowed` is what else has to be true of a resource that we made.
    """
    made = _made(tenant, kind).where(resource_version.c.version == resource.c.version, *narrowed)
    sent = _sent(tenant, kind).where(~has_newer_document())
    if ids is not None:
        made = made.where(resource.c.id.in_(ids))
        sent = sent.where(document.c.fhir_id.in_(ids))
    if patient is not None:
        names = [patient] if isinstance(patient, str) else patient
        made = made.where(_about(kind, names))
        sent = sent.where(document.c.subject.in_(names))
    return _both(kind, made, sent)


def _about(kind: str, names: Collection[str]) -> ColumnElement[bool]:
    """Return what makes a resource a patient's: what it says; of a Provenance, its document."""
    if kind != PROVENANCE:
        return resource.c.patient.in_(names)
    documents = select(document.c.id).where(document.c.subject.in_(names))
    return resource.c.document_id.in_(documents)


def _patient(kind: str) -> ColumnElement[str | None]:
    """Return whose a resource is, in the sense of `_about`."""
    if kind != PROVENANCE:
        return resource.c.patient
    of_it = select(document.c.subject).where(document.c.id == resource.c.document_id)
    return func.coalesce(resource.c.patient, of_it.scalar_subquery())


def one_version(tenant: str, kind: str, fhir_id: str, version: int) -> Select[Any]:
    """Return the query for one version of a resource."""
    made = _made(tenant, kind).where(
        resource.c.id == fhir_id, resource_version.c.version == version
    )
    sent = _sent(tenant, kind).where(document.c.fhir_id == fhir_id, document.c.version == version)
    return _both(kind, made, sent)


def history(tenant: str, kind: str, fhir_id: str) -> Select[Any]:
    """Return the query for all versions of a resource, the newest first."""
    made = _made(tenant, kind).where(resource.c.id == fhir_id)
    sent = _sent(tenant, kind).where(document.c.fhir_id == fhir_id)
    found = _both(kind, made, sent).subquery()
    return select(found).order_by(found.c.version.desc())


def page(found: Select[Any], limit: int, after: str | None) -> Select[Any]:
    """Return the query for the first rows by id, or for the first after the given id."""
    rows = found.subquery()
    query = select(rows).order_by(rows.c.id).limit(limit)
    return query if after is None else query.where(rows.c.id > after)


def _both(kind: str, made: Select[Any], sent: Select[Any]) -> Select[Any]:
    # The model's card is a DocumentReference that we made; the others were sent to us.
    return select(union_all(made, sent).subquery()) if kind in DOCUMENT_TYPES else made


def _made(tenant: str, kind: str) -> Select[Any]:
    same = [resource_version.c[name] == resource.c[name] for name in ("tenant", "type", "id")]
    return (
        select(
            resource.c.type,
            resource.c.id,
            resource_version.c.version,
            resource_version.c.recorded_at.label("last_updated"),
            resource_version.c.json,
            _patient(kind).label("patient"),
            no().label("as_sent"),
        )
        .where(*same)
        .where(resource.c.tenant == tenant, resource.c.type == kind)
    )


def _sent(tenant: str, kind: str) -> Select[Any]:
    return select(
        document.c.type,
        document.c.fhir_id.label("id"),
        document.c.version,
        document.c.received_at.label("last_updated"),
        document.c.resource.label("json"),
        document.c.subject.label("patient"),
        yes().label("as_sent"),
    ).where(document.c.tenant == tenant, document.c.type == kind)


def has_newer_document() -> ColumnElement[bool]:
    """Return the condition that a newer version of a document was sent."""
    newer = document.alias("newer")
    return exists().where(
        newer.c.tenant == document.c.tenant,
        newer.c.fhir_id == document.c.fhir_id,
        newer.c.type == document.c.type,
        newer.c.version > document.c.version,
    )
