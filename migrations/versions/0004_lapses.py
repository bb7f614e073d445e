"""Leases that lapsed count apart from attempts: a dead worker is no fault of all it had in hand."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the number of lapsed leases, none so far."""
    op.add_column(
        "document",
        sa.Column("lapses", sa.Integer(), nullable=False, server_default=sa.text("0")),
    )


def downgrade() -> None:
    """Drop the number."""
    op.drop_column("document", "lapses")
