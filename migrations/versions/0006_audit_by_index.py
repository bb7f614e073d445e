"""An auditor who asks for one resource or document waits for no other: indexes by FHIR id alone."""

from alembic import op

from migrations.audit_views import RESOURCE_AUDIT, RESOURCE_AUDIT_BY_INDEX

revision = "0006"
down_revision = "0003"
branch_labels = None
depends_on = None

_INDEXED = {"resource": "id", "document": "fhir_id"}


def upgrade() -> None:
    """Make the indexes, and the view so that they serve it."""
    for table, column in _INDEXED.items():
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    _replace(RESOURCE_AUDIT_BY_INDEX)


def downgrade() -> None:
    """Make the view as it was, and drop the indexes."""
    _replace(RESOURCE_AUDIT)
    for table, column in _INDEXED.items():
        op.drop_index(op.f(f"ix_{table}_{column}"), table)


def _replace(view: str) -> None:
    op.execute("DROP VIEW resource_audit")
    op.execute(view)
