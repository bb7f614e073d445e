"""Who did what: rows that are only ever added, each with a hash over the one before it."""

from sqlalchemy import CheckConstraint, Column, Index, Integer, Table, Text

from models.db.sql.types import Instant, RowId, metadata, one_of

audit_log = Table(
    "audit_log",
    metadata,
    # 1, 2, 3, … without a gap: a row that is not there is missed.
    Column("position", RowId, primary_key=True, autoincrement=False),
    Column("recorded_at", Instant, nullable=False),
    Column("agent_kind", Text, nullable=False),
    Column("agent", Text, nullable=False),
    Column("issuer", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("interaction", Text, nullable=False),
    Column("entity", Text, nullable=False),
    Column("query", Text, nullable=False),
    # A keyed hash of the reference; empty where it is of no patient, or of nobody knows whom.
    Column("patient", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("hash", Text, nullable=False),
    one_of("agent_kind", "client", "key", "user", "process", "nobody"),
    one_of("action", "C", "R", "U", "D", "E"),
    one_of("outcome", "0", "4", "8"),
    Index(None, "patient", "position"),
    Index(None, "recorded_at"),
)

audit_key = Table(
    "audit_key",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("secret", Text, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)

purged = Table(
    "purged",
    metadata,
    # A keyed hash of the document's tenant and key, under the stored secret.
    Column("name", Text, primary_key=True),
    Column("purged_at", Instant, nullable=False),
)
