"""Tables to find Provenances by target and reason, filled from those that are stored."""

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_AT_ONCE = 500
_TARGET = ("tenant", "target_id", "target_type", "id")
_REASON = ("tenant", "code", "system", "id")
_STORED = sa.text(
    "SELECT r.tenant, r.id, v.json FROM resource r JOIN resource_version v"
    " ON v.tenant = r.tenant AND v.type = r.type AND v.id = r.id AND v.version = r.version"
    " WHERE r.type = 'Provenance' AND (r.tenant > :tenant OR (r.tenant = :tenant AND r.id > :id))"
    " ORDER BY r.tenant, r.id LIMIT :at_once"
)


def upgrade() -> None:
    """Make the tables and fill them from the Provenances that are stored."""
    target = _table("provenance_target", _TARGET)
    reason = _table("provenance_reason", _REASON)
    connection = op.get_bind()
    tenant, last = "", ""
    while rows := connection.execute(
        _STORED, {"tenant": tenant, "id": last, "at_once": _AT_ONCE}
    ).all():
        _fill(target, [row for one in rows for row in _targets(*one)])
        _fill(reason, [row for one in rows for row in _reasons(*one)])
        tenant, last = rows[-1].tenant, rows[-1].id


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("provenance_reason")
    op.drop_table("provenance_target")


def _table(name: str, columns: tuple[str, ...]) -> sa.Table:
    texts = [sa.Column(column, sa.Text(), nullable=False) for column in columns]
    return op.create_table(name, *texts, sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{name}")))


def _fill(table: sa.Table, rows: list[dict[str, str]]) -> None:
    different = list({tuple(row.values()): row for row in rows}.values())
    if different:
        op.bulk_insert(table, different)


def _targets(tenant: str, fhir_id: str, text: str) -> Iterator[dict[str, str]]:
    for target in json.loads(text).get("target") or ():
        plain = str(target.get("reference") or "").partition("/_history/")[0]
        kind, _, target_id = plain.rpartition("/") if plain.count("/") == 1 else ("", "", plain)
        if target_id:
            yield dict(zip(_TARGET, (tenant, target_id, kind, fhir_id), strict=True))


def _reasons(tenant: str, fhir_id: str, text: str) -> Iterator[dict[str, str]]:
    resource: dict[str, Any] = json.loads(text)
    for concept in resource.get("reason") or ():
        for coding in concept.get("coding") or ():
            values = (tenant, coding.get("code"), coding.get("system") or "", fhir_id)
            if values[1]:
                yield dict(zip(_REASON, values, strict=True))
