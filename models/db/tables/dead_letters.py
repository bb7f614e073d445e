"""What other applications sent by Celery and is no note: kept until somebody decides."""

from sqlalchemy import Column, Table, Text, UniqueConstraint

from models.db.sql.types import Instant, RowId, metadata

dead_letter = Table(
    "dead_letter",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("tenant", Text, nullable=False),
    Column("task_id", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("received_at", Instant, nullable=False, index=True),
    # JSON as it was sent; it may hold the text of a note.
    Column("payload", Text, nullable=False),
    # A message that comes twice is one letter.
    UniqueConstraint("tenant", "task_id", "sha256"),
    sqlite_autoincrement=True,
)
