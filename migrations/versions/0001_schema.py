"""The schema: documents, what was read in them, the resources made of it, the auditors' views."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from migrations.audit_views import MENTION_AUDIT, RESOURCE_AUDIT

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TABLES = (
    "document",
    "note",
    "unread",
    "replacement",
    "model",
    "run",
    "reading",
    "mention",
    "cue",
    "link",
    "resource",
    "resource_version",
    "finding",
    "finding_mention",
)


def upgrade() -> None:
    """Make all tables and views."""
    _document()
    _note()
    _unread()
    _replacement()
    _model()
    _run()
    _reading()
    _mention()
    _cue()
    _link()
    _resource()
    _resource_version()
    _finding()
    _finding_mention()
    op.execute(MENTION_AUDIT)
    op.execute(RESOURCE_AUDIT)


def downgrade() -> None:
    """Drop all views and tables."""
    op.execute("DROP VIEW resource_audit")
    op.execute("DROP VIEW mention_audit")
    for table in reversed(_TABLES):
        op.drop_table(table)


def _row(name: str) -> "sa.Column[int]":
    # SQLite numbers rows by itself only where the type is spelled INTEGER.
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(name, kind, nullable=False)


def _text(
    name: str, *, nullable: bool = False, server_default: sa.TextClause | None = None
) -> "sa.Column[str]":
    return sa.Column(name, sa.Text(), nullable=nullable, server_default=server_default)


def _integer(
    name: str, *, nullable: bool = False, server_default: sa.TextClause | None = None
) -> "sa.Column[int]":
    return sa.Column(
        name, sa.Integer(), nullable=nullable, server_default=server_default, autoincrement=False
    )


def _number(name: str) -> "sa.Column[float]":
    return sa.Column(name, sa.Float(), nullable=False)


def _flag(name: str) -> "sa.Column[bool]":
    return sa.Column(name, sa.Boolean(), nullable=False)


def _time(name: str, *, nullable: bool = False) -> "sa.Column[Any]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f("_".join(("uq", table, *columns))))


def _index(table: str, *columns: str) -> None:
    op.create_index(op.f("_".join(("ix", table, *columns))), table, list(columns))


def _document() -> None:
    op.create_table(
        "document",
        _row("id"),
        _text("tenant"),
        _text("key"),
        _text("fhir_id"),
        _integer("version"),
        _text("sha256"),
        _text("resource"),
        _text("subject", nullable=True),
        _text("encounter", nullable=True),
        _text("date", nullable=True),
        _text("state", server_default=sa.text("'received'")),
        _integer("attempts", server_default=sa.text("0")),
        _text("lease_token", nullable=True),
        _time("lease_until", nullable=True),
        _time("received_at"),
        _time("available_at"),
        _time("queued_at", nullable=True),
        _time("finished_at", nullable=True),
        _text("error_code", nullable=True),
        _text("error", nullable=True),
        _key("document", "id"),
        _unique("document", "tenant", "fhir_id", "version"),
        _unique("document", "tenant", "key", "sha256"),
        _unique("document", "tenant", "key", "version"),
        sa.CheckConstraint(
            "(state = 'processing') = (lease_token IS NOT NULL AND lease_until IS NOT NULL)",
            name=op.f("ck_document_lease"),
        ),
        sa.CheckConstraint(
            "state IN ('received', 'queued', 'processing', 'done', 'failed')",
            name=op.f("ck_document_state"),
        ),
        sqlite_autoincrement=True,
    )
    _index("document", "state", "available_at")
    _index("document", "tenant", "subject", "fhir_id")


def _note() -> None:
    op.create_table(
        "note",
        _text("id"),
        _row("document_id"),
        _integer("content_index"),
        _text("text"),
        _text("sha256"),
        _text("decoded_as"),
        _key("note", "id"),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_note_document_id")),
        _unique("note", "document_id", "content_index", "sha256"),
    )


def _unread() -> None:
    op.create_table(
        "unread",
        _text("id"),
        _row("document_id"),
        _text("run_id", nullable=True),
        _integer("content_index"),
        _text("code"),
        _text("reason"),
        _key("unread", "id"),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_unread_document_id")
        ),
    )
    _index("unread", "document_id")


def _replacement() -> None:
    op.create_table(
        "replacement",
        _row("document_id"),
        _text("target"),
        _key("replacement", "document_id", "target"),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_replacement_document_id")
        ),
    )
    _index("replacement", "target")


def _model() -> None:
    op.create_table(
        "model",
        _text("id"),
        _text("name"),
        _text("revision"),
        _text("weights_sha256"),
        _text("labels"),
        _text("code_version"),
        _key("model", "id"),
    )


def _run() -> None:
    op.create_table(
        "run",
        _text("id"),
        _row("document_id"),
        _text("model_id"),
        _time("started_at"),
        _time("finished_at"),
        _key("run", "id"),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_run_document_id")),
        sa.ForeignKeyConstraint(["model_id"], ["model.id"], name=op.f("fk_run_model_id")),
    )
    _index("run", "document_id")
    _index("run", "model_id")


def _reading() -> None:
    op.create_table(
        "reading",
        _text("run_id"),
        _text("note_id"),
        _integer("characters_read"),
        _integer("characters_given"),
        _key("reading", "run_id", "note_id"),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_reading_note_id")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_reading_run_id")),
    )


def _mention() -> None:
    op.create_table(
        "mention",
        _text("id"),
        _text("run_id"),
        _text("note_id"),
        _integer("ordinal"),
        _integer("start_char"),
        _integer("end_char"),
        _text("label"),
        _number("score"),
        _flag("negated"),
        _flag("uncertain"),
        _flag("historical"),
        _flag("hypothetical"),
        _text("experiencer"),
        _key("mention", "id"),
        sa.ForeignKeyConstraint(
            ["run_id", "note_id"],
            ["reading.run_id", "reading.note_id"],
            name=op.f("fk_mention_run_id_note_id"),
        ),
        _unique("mention", "run_id", "note_id", "ordinal"),
        sa.CheckConstraint(
            "experiencer IN ('patient', 'family', 'other')", name=op.f("ck_mention_experiencer")
        ),
        sa.CheckConstraint(
            "start_char >= 0 AND start_char < end_char", name=op.f("ck_mention_offsets")
        ),
    )
    _index("mention", "note_id")


def _cue() -> None:
    op.create_table(
        "cue",
        _text("mention_id"),
        _integer("ordinal"),
        _text("kind"),
        _integer("start_char"),
        _integer("end_char"),
        _key("cue", "mention_id", "ordinal"),
        sa.ForeignKeyConstraint(["mention_id"], ["mention.id"], name=op.f("fk_cue_mention_id")),
        sa.CheckConstraint(
            "start_char >= 0 AND start_char < end_char", name=op.f("ck_cue_offsets")
        ),
    )


def _link() -> None:
    op.create_table(
        "link",
        _text("source_id"),
        _text("target_id"),
        _text("type"),
        _number("score"),
        _key("link", "source_id", "target_id", "type"),
        sa.ForeignKeyConstraint(["source_id"], ["mention.id"], name=op.f("fk_link_source_id")),
        sa.ForeignKeyConstraint(["target_id"], ["mention.id"], name=op.f("fk_link_target_id")),
    )
    _index("link", "target_id")


def _resource() -> None:
    op.create_table(
        "resource",
        _text("tenant"),
        _text("type"),
        _text("id"),
        _integer("version"),
        _text("sha256"),
        _time("last_updated"),
        _row("document_id"),
        _text("patient", nullable=True),
        _text("encounter", nullable=True),
        _text("status", nullable=True),
        _key("resource", "tenant", "type", "id"),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_resource_document_id")
        ),
    )
    _index("resource", "document_id")
    _index("resource", "tenant", "type", "patient", "id")


def _resource_version() -> None:
    op.create_table(
        "resource_version",
        _text("tenant"),
        _text("type"),
        _text("id"),
        _integer("version"),
        _text("json"),
        _time("recorded_at"),
        _text("run_id"),
        _key("resource_version", "tenant", "type", "id", "version"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_resource_version_run_id")),
        sa.ForeignKeyConstraint(
            ["tenant", "type", "id"],
            ["resource.tenant", "resource.type", "resource.id"],
            name=op.f("fk_resource_version_tenant_type_id"),
        ),
    )
    _index("resource_version", "run_id")


def _finding() -> None:
    op.create_table(
        "finding",
        _text("id"),
        _text("run_id"),
        _integer("ordinal"),
        _text("label"),
        _text("text"),
        _flag("negated"),
        _flag("uncertain"),
        _flag("historical"),
        _flag("hypothetical"),
        _text("experiencer"),
        _text("tenant"),
        _text("resource_type", nullable=True),
        _text("resource_id", nullable=True),
        _integer("resource_version", nullable=True),
        _key("finding", "id"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_finding_run_id")),
        sa.ForeignKeyConstraint(
            ["tenant", "resource_type", "resource_id", "resource_version"],
            [
                "resource_version.tenant",
                "resource_version.type",
                "resource_version.id",
                "resource_version.version",
            ],
            name=op.f("fk_finding_tenant_resource_type_resource_id_resource_version"),
        ),
        _unique("finding", "run_id", "ordinal"),
        sa.CheckConstraint(
            "experiencer IN ('patient', 'family', 'other')", name=op.f("ck_finding_experiencer")
        ),
    )
    _index("finding", "tenant", "resource_type", "resource_id", "resource_version")


def _finding_mention() -> None:
    op.create_table(
        "finding_mention",
        _text("finding_id"),
        _text("mention_id"),
        _integer("ordinal"),
        _key("finding_mention", "finding_id", "mention_id"),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["finding.id"], name=op.f("fk_finding_mention_finding_id")
        ),
        sa.ForeignKeyConstraint(
            ["mention_id"], ["mention.id"], name=op.f("fk_finding_mention_mention_id")
        ),
    )
    _index("finding_mention", "mention_id")
