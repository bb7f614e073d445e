"""Where the original of a converted text has its characters."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, empty for texts that were sent as text."""
    op.add_column("note", sa.Column("source", sa.Text()))


def downgrade() -> None:
    """Drop the column."""
    op.drop_column("note", "source")
