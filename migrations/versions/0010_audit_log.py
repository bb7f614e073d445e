"""The audit log, which takes rows and gives none away; its key; what was purged."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_WORDS = ("agent_kind", "agent", "issuer", "action", "interaction", "entity", "query", "patient")

_FUNCTION = """
CREATE FUNCTION audit_log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only';
END $$
"""
_ON_POSTGRESQL = (
    _FUNCTION,
    "CREATE TRIGGER audit_log_no_change BEFORE UPDATE OR DELETE ON audit_log "
    "FOR EACH ROW EXECUTE FUNCTION audit_log_is_append_only()",
    "CREATE TRIGGER audit_log_no_truncate BEFORE TRUNCATE ON audit_log "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_log_is_append_only()",
)
# INSERT OR REPLACE deletes without asking the trigger on DELETE.
_ON_SQLITE = tuple(
    f"CREATE TRIGGER audit_log_no_{name} BEFORE {event} "
    "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
    for name, event in (
        ("update", "UPDATE ON audit_log"),
        ("delete", "DELETE ON audit_log"),
        (
            "replacement",
            "INSERT ON audit_log WHEN EXISTS "
            "(SELECT 1 FROM audit_log WHERE position = NEW.position)",
        ),
    )
)


def upgrade() -> None:
    """Make the tables, draw the key, and have the database refuse every change of the log."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "audit_log",
        sa.Column(
            "position",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            autoincrement=False,
        ),
        sa.Column("recorded_at", moment, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in (*_WORDS, *_ENDING)),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_audit_log")),
        *(_one_of(name, words) for name, words in _CHOICES.items()),
    )
    for columns in (("patient", "position"), ("recorded_at",)):
        op.create_index(op.f("_".join(("ix_audit_log", *columns))), "audit_log", list(columns))
    _key()
    op.create_table(
        "purged",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("purged_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_purged")),
    )
    for statement in _ON_POSTGRESQL if _on_postgresql() else _ON_SQLITE:
        op.execute(statement)


def downgrade() -> None:
    """Drop all of it; the triggers go with their table."""
    for table in ("purged", "audit_key", "audit_log"):
        op.drop_table(table)
    if _on_postgresql():
        op.execute("DROP FUNCTION audit_log_is_append_only()")


_ENDING = ("outcome", "detail", "hash")
_CHOICES = {
    "agent_kind": ("client", "key", "user", "process", "nobody"),
    "action": ("C", "R", "U", "D", "E"),
    "outcome": ("0", "4", "8"),
}


def _one_of(column: str, words: tuple[str, ...]) -> sa.CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=op.f(f"ck_audit_log_{column}"))


def _key() -> None:
    table = op.create_table(
        "audit_key",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_key")),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_key_one_row")),
    )
    op.bulk_insert(table, [{"id": 1, "secret": secrets.token_hex(32)}])


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"
