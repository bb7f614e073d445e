"""A table with one row, the tenant of the database: that of the documents it already holds."""

import sqlalchemy as sa
from alembic import context, op

from models.errors import SeveralTenants

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_TENANTS = sa.text("SELECT tenant FROM document UNION SELECT tenant FROM resource ORDER BY 1")


def upgrade() -> None:
    """Make the table and its only row; an empty database takes the tenant of the settings.

    Raises:
        SeveralTenants: the database holds rows of more than one; nothing is changed.
    """
    found = list(op.get_bind().scalars(_TENANTS))
    if len(found) > 1:
        raise SeveralTenants(names=", ".join(found))
    table = op.create_table(
        "tenancy",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenancy")),
        sa.CheckConstraint("id = 1", name=op.f("ck_tenancy_one_row")),
    )
    tenant = found[0] if found else context.config.attributes["tenant"]
    op.bulk_insert(table, [{"id": 1, "tenant": tenant}])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("tenancy")
