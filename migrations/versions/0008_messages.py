"""Messages of HL7 v2, by which a repeated one is known, and cancellations that came too early."""

import sqlalchemy as sa
from alembic import op

from models.db.sql.types import Instant

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_NAMES = ("tenant", "control_id", "application", "facility", "sha256")


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "message",
        *(sa.Column(name, sa.Text(), nullable=False) for name in _NAMES),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint(*_NAMES, name=op.f("pk_message")),
    )
    op.create_table(
        "cancellation",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("sent", sa.Text()),
        sa.PrimaryKeyConstraint("tenant", "key", name=op.f("pk_cancellation")),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("cancellation")
    op.drop_table("message")
