"""Messages of HL7 v2 that were taken in, and which documents their senders cancelled."""

from sqlalchemy import Column, Table, Text

from models.db.sql.types import Instant, metadata

message = Table(
    "message",
    metadata,
    Column("tenant", Text, primary_key=True),
    # Before its sender: by tenant and id a message is looked for.
    Column("control_id", Text, primary_key=True),
    Column("application", Text, primary_key=True),
    Column("facility", Text, primary_key=True),
    Column("sha256", Text, primary_key=True),
    Column("event", Text, nullable=False),
    Column("received_at", Instant, nullable=False),
)

cancellation = Table(
    "cancellation",
    metadata,
    Column("tenant", Text, primary_key=True),
    # Of a document, which may come later.
    Column("key", Text, primary_key=True),
    # ISO 8601 in UTC, as the message says; NULL where it does not.
    Column("sent", Text),
)
