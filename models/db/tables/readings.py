"""What was read: the model, its runs, and what each run found in which characters."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from models.db.sql.types import Instant, RowId, metadata, one_of
from models.db.tables.documents import document, note


def _assertion() -> tuple[Column[bool] | Column[str], ...]:
    return (
        Column("negated", Boolean, nullable=False),
        Column("uncertain", Boolean, nullable=False),
        Column("historical", Boolean, nullable=False),
        Column("hypothetical", Boolean, nullable=False),
        Column("experiencer", Text, nullable=False),
    )


def _offsets() -> tuple[Column[int], Column[int], CheckConstraint]:
    return (
        Column("start_char", Integer, nullable=False),
        Column("end_char", Integer, nullable=False),
        CheckConstraint("start_char >= 0 AND start_char < end_char", name="offsets"),
    )


model = Table(
    "model",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("revision", Text, nullable=False),
    Column("weights_sha256", Text, nullable=False),
    Column("labels", Text, nullable=False),
    Column("code_version", Text, nullable=False),
)

run = Table(
    "run",
    metadata,
    Column("id", Text, primary_key=True),
    Column("document_id", RowId, ForeignKey(document.c.id), nullable=False, index=True),
    Column("model_id", ForeignKey(model.c.id), nullable=False, index=True),
    Column("started_at", Instant, nullable=False),
    Column("finished_at", Instant, nullable=False),
)

reading = Table(
    "reading",
    metadata,
    Column("run_id", ForeignKey(run.c.id), primary_key=True),
    Column("note_id", ForeignKey(note.c.id), primary_key=True),
    Column("characters_read", Integer, nullable=False),
    Column("characters_given", Integer, nullable=False),
)

mention = Table(
    "mention",
    metadata,
    Column("id", Text, primary_key=True),
    Column("run_id", Text, nullable=False),
    Column("note_id", Text, nullable=False),
    Column("ordinal", Integer, nullable=False),
    *_offsets(),
    Column("label", Text, nullable=False),
    Column("score", Float, nullable=False),
    *_assertion(),
    one_of("experiencer", "patient", "family", "other"),
    ForeignKeyConstraint(["run_id", "note_id"], [reading.c.run_id, reading.c.note_id]),
    UniqueConstraint("run_id", "note_id", "ordinal"),
    Index(None, "note_id"),
)

cue = Table(
    "cue",
    metadata,
    Column("mention_id", ForeignKey(mention.c.id), primary_key=True),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    *_offsets(),
)

link = Table(
    "link",
    metadata,
    Column("source_id", ForeignKey(mention.c.id), primary_key=True),
    Column("target_id", ForeignKey(mention.c.id), primary_key=True, index=True),
    Column("type", Text, primary_key=True),
    Column("score", Float, nullable=False),
)
