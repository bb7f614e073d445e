"""What came in: documents with their place in the queue, their texts, and what was unreadable."""

from typing import Final

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from models.db.sql.types import Instant, RowId, metadata, one_of

RECEIVED: Final = "received"
QUEUED: Final = "queued"
PROCESSING: Final = "processing"
DONE: Final = "done"
FAILED: Final = "failed"
STATES: Final = (RECEIVED, QUEUED, PROCESSING, DONE, FAILED)

document = Table(
    "document",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("tenant", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("fhir_id", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("resource", Text, nullable=False),
    Column("subject", Text),
    Column("encounter", Text),
    Column("date", Text),
    Column("state", Text, nullable=False, server_default=text("'received'")),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("lease_token", Text),
    Column("lease_until", Instant),
    Column("received_at", Instant, nullable=False),
    Column("available_at", Instant, nullable=False),
    Column("queued_at", Instant),
    Column("finished_at", Instant),
    Column("error_code", Text),
    Column("error", Text),
    Column("lapses", Integer, nullable=False, server_default=text("0")),
    Column("type", Text, nullable=False, server_default=text("'DocumentReference'")),
    one_of("state", *STATES),
    CheckConstraint(
        "(state = 'processing') = (lease_token IS NOT NULL AND lease_until IS NOT NULL)",
        name="lease",
    ),
    UniqueConstraint("tenant", "key", "sha256"),
    UniqueConstraint("tenant", "key", "version"),
    UniqueConstraint("tenant", "fhir_id", "version"),
    Index(None, "state", "available_at"),
    Index(None, "tenant", "subject", "fhir_id"),
    Index(None, "fhir_id"),  # auditors name a document without its tenant
    # A message may outlive its row: an id is never given twice.
    sqlite_autoincrement=True,
)

document_identifier = Table(
    "document_identifier",
    metadata,
    Column(
        "document_id",
        RowId,
        ForeignKey(document.c.id, ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("system", Text, primary_key=True),  # empty for none
    Column("value", Text, primary_key=True),
    Index(None, "value", "system"),
)

note = Table(
    "note",
    metadata,
    Column("id", Text, primary_key=True),
    Column("document_id", ForeignKey(document.c.id), nullable=False),
    Column("content_index", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("decoded_as", Text, nullable=False),
    # JSON, [[start, end, place], ...]; NULL for a text that is the original itself.
    Column("source", Text),
    UniqueConstraint("document_id", "content_index", "sha256"),
)

unread = Table(
    "unread",
    metadata,
    Column("id", Text, primary_key=True),
    Column("document_id", ForeignKey(document.c.id), nullable=False, index=True),
    # Without a foreign key: a document of which nothing could be read has no run.
    Column("run_id", Text),
    Column("content_index", Integer, nullable=False),
    Column("code", Text, nullable=False),
    Column("reason", Text, nullable=False),
)

replacement = Table(
    "replacement",
    metadata,
    Column("document_id", RowId, ForeignKey(document.c.id), primary_key=True, autoincrement=False),
    # Without a foreign key: the document that is replaced may come later.
    Column("target", Text, primary_key=True, index=True),
)
