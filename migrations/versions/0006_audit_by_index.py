"""Indexes by FHIR id alone, for auditors; a patient is one in all versions, for searches."""

from alembic import op

from migrations.audit_views import RESOURCE_AUDIT, RESOURCE_AUDIT_BY_INDEX

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_PATIENTS = {"resource": "patient", "document": "subject"}
_WITHOUT_VERSION = {
    "sqlite": "UPDATE {table} SET {column} = substr({column}, 1, instr({column}, '/_history/') - 1)"
    " WHERE instr({column}, '/_history/') > 0",
    "postgresql": "UPDATE {table} SET {column} = split_part({column}, '/_history/', 1)"
    " WHERE position('/_history/' in {column}) > 0",
}
_INDEXED = {"resource": "id", "document": "fhir_id"}


def upgrade() -> None:
    """Make the indexes, and the view so that they serve it; leave versions of patients out."""
    for table, column in _PATIENTS.items():
        statement = _WITHOUT_VERSION[op.get_bind().dialect.name]
        op.execute(statement.format(table=table, column=column))
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
