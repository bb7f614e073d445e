"""The outbox, and resources that another system put here: they come from no document and no run."""

import sqlalchemy as sa
from alembic import op

from migrations.audit_views import RESOURCE_AUDIT

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_OPTIONAL = {"resource": "document_id", "resource_version": "run_id"}


def upgrade() -> None:
    """Make the outbox; let resources be of no document."""
    _outbox()
    _document_number()
    _alter(nullable=True)


def downgrade() -> None:
    """Drop the outbox, and the versions that another system put here."""
    op.drop_table("document_number")
    op.drop_table("outbox")
    op.execute("DELETE FROM resource_version WHERE run_id IS NULL")
    op.execute("DELETE FROM resource WHERE document_id IS NULL")
    _alter(nullable=False)


def _alter(*, nullable: bool) -> None:
    """Let the columns be empty or not; SQLite makes the tables anew, without the view on them."""
    op.execute("DROP VIEW resource_audit")
    for name, column in _OPTIONAL.items():
        with op.batch_alter_table(name) as table:
            table.alter_column(column, nullable=nullable)
    op.execute(RESOURCE_AUDIT)


def _outbox() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "outbox",
        sa.Column("id", number, nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("resource_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False, server_default=sa.text("'waiting'")),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("lease_token", sa.Text(), nullable=True),
        sa.Column("lease_until", moment, nullable=True),
        sa.Column("available_at", moment, nullable=False),
        sa.Column("sent_version", sa.Integer(), nullable=True),
        sa.Column("unanswered_version", sa.Integer(), nullable=True),
        sa.Column("delivered_version", sa.Integer(), nullable=True),
        sa.Column("finished_at", moment, nullable=True),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint(
            "tenant", "type", "resource_id", name=op.f("uq_outbox_tenant_type_resource_id")
        ),
        sa.CheckConstraint(
            "(state = 'sending') = (lease_token IS NOT NULL AND lease_until IS NOT NULL)",
            name=op.f("ck_outbox_lease"),
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'sending', 'delivered', 'dead')", name=op.f("ck_outbox_state")
        ),
    )
    for columns in (
        ("tenant", "state", "available_at", "id"),
        ("tenant", "document", "state", "rank"),
    ):
        op.create_index(op.f("_".join(("ix_outbox", *columns))), "outbox", list(columns))


def _document_number() -> None:
    op.create_table(
        "document_number",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "document", "version", name=op.f("pk_document_number")),
    )
