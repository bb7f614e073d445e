"""Who retracted a resource, having read what."""

import json
from dataclasses import dataclass

from sqlalchemy import Connection, select

from models.clinical import Run
from models.db.audit.evidence import MODEL, run_of
from models.db.resources import provenance_index, queries
from models.db.resources.provenance_index import PROVENANCE, Target
from models.db.resources.resources import Stored
from models.db.tables.documents import document
from models.db.tables.readings import model, run
from models.db.tables.resources import resource_version


@dataclass(frozen=True, slots=True)
class RetractionOrigin:
    """The run that retracted a resource, and the version of the document that it read.

    `statuses` are the document's own, of it and of its content; `record` is the id of the
    Provenance that says so.
    """

    run: Run
    document_type: str
    document: str
    document_version: str
    statuses: tuple[str, ...]
    record: str | None


def retraction(connection: Connection, tenant: str, retracted: Stored) -> RetractionOrigin | None:
    """Return who wrote a version that retracts; None where no run did."""
    query = (
        select(
            run.c.id.label("run_id"),
            run.c.started_at,
            run.c.finished_at,
            document.c.fhir_id,
            document.c.version,
            document.c.type,
            document.c.resource,
            *MODEL,
        )
        .join(model, model.c.id == run.c.model_id)
        .join(document, document.c.id == run.c.document_id)
        .join(resource_version, resource_version.c.run_id == run.c.id)
        .where(
            resource_version.c.tenant == tenant,
            resource_version.c.type == retracted.type,
            resource_version.c.id == retracted.id,
            resource_version.c.version == retracted.version,
        )
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    record = _record(connection, tenant, retracted)
    return RetractionOrigin(
        run_of(row), row.type, row.fhir_id, str(row.version), _statuses(row.resource), record
    )


def _statuses(text: str) -> tuple[str, ...]:
    sent = json.loads(text)
    return tuple(str(sent[name]) for name in ("status", "docStatus") if name in sent)


def _record(connection: Connection, tenant: str, retracted: Stored) -> str | None:
    target = Target(retracted.id, retracted.type, retracted.version)
    narrowed = [provenance_index.of(tenant, target)]
    found = connection.execute(queries.latest(tenant, PROVENANCE, narrowed=narrowed)).first()
    return None if found is None else str(found.id)
