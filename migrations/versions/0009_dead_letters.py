"""Dead letters of other applications; reports beside documents; all identifiers of a document."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

from models.db.sql.types import Instant, RowId

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_AT_ONCE = 200  # documents, whose JSON is in memory together


def upgrade() -> None:
    """Make the tables and the column, and list the identifiers of the documents there are."""
    type_ = sa.Column(
        "type", sa.Text(), nullable=False, server_default=sa.text("'DocumentReference'")
    )
    op.add_column("document", type_)
    _make_identifiers()
    _make_dead_letters()
    _list_identifiers()


def downgrade() -> None:
    """Drop them; reports stay as documents of a type that older code does not know."""
    op.drop_table("dead_letter")
    op.drop_table("document_identifier")
    op.drop_column("document", "type")


def _make_identifiers() -> None:
    document = sa.ForeignKey(
        "document.id",
        ondelete="CASCADE",
        name=op.f("fk_document_identifier_document_id"),
    )
    op.create_table(
        "document_identifier",
        sa.Column("document_id", RowId, document, nullable=False, autoincrement=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(
            "document_id", "system", "value", name=op.f("pk_document_identifier")
        ),
    )
    op.create_index(
        op.f("ix_document_identifier_value_system"), "document_identifier", ["value", "system"]
    )


def _make_dead_letters() -> None:
    op.create_table(
        "dead_letter",
        sa.Column("id", RowId, nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("tenant", "task_id", "sha256", "code", "reason")
        ),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dead_letter")),
        sa.UniqueConstraint(
            "tenant", "task_id", "sha256", name=op.f("uq_dead_letter_tenant_task_id_sha256")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_dead_letter_received_at"), "dead_letter", ["received_at"])


def _list_identifiers() -> None:
    document = sa.table("document", sa.column("id"), sa.column("resource"))
    target = sa.table(
        "document_identifier", sa.column("document_id"), sa.column("system"), sa.column("value")
    )
    last = 0
    while True:
        query = sa.select(document).where(document.c.id > last).order_by(document.c.id)
        rows = op.get_bind().execute(query.limit(_AT_ONCE)).all()
        if not rows:
            return
        last = rows[-1].id
        found = [pair for row in rows for pair in _identifiers(row.id, json.loads(row.resource))]
        if found:
            op.get_bind().execute(sa.insert(target), found)


def _identifiers(row: int, resource: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    listed = [*resource.get("identifier", ()), resource.get("masterIdentifier") or {}]
    pairs = dict.fromkeys(
        (one.get("system", ""), one["value"]) for one in listed if one.get("value")
    )
    for system, value in pairs:
        yield {"document_id": row, "system": system, "value": value}
