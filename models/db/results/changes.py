"""What a run changed: resources that came, changed, or were retracted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, exists, select, true

from models.db.sql.statements import portions
from models.db.tables.resources import finding, resource_version

Kind = Literal["added", "changed", "dropped"]


@dataclass(frozen=True, slots=True)
class Change:
    """A new version of a resource: what came with it."""

    kind: Kind
    type: str
    id: str
    version: int


def of_runs(connection: Connection, runs: Sequence[str]) -> list[Change]:
    """Return the new versions that runs wrote of resources made of findings, by type and id.

    A version that no finding states is a retraction; one right after it brings the resource back.
    """
    query = (
        select(
            resource_version.c.type,
            resource_version.c.id,
            resource_version.c.version,
            _stated(finding.c.resource_version == resource_version.c.version).label("now"),
            _stated(finding.c.resource_version == resource_version.c.version - 1).label("before"),
        )
        .where(_stated(true()))
        .order_by(resource_version.c.type, resource_version.c.id, resource_version.c.version)
    )
    return [
        Change(_kind(now=row.now, before=row.before), row.type, row.id, row.version)
        for some in portions(runs)
        for row in connection.execute(query.where(resource_version.c.run_id.in_(some)))
    ]


def _stated(version: ColumnElement[bool]) -> Any:
    """Return the condition that a finding states such a version of the resource."""
    return exists().where(
        finding.c.tenant == resource_version.c.tenant,
        finding.c.resource_type == resource_version.c.type,
        finding.c.resource_id == resource_version.c.id,
        version,
    )


def _kind(*, now: bool, before: bool) -> Kind:
    if not now:
        return "dropped"
    return "changed" if before else "added"
