"""What goes out: which version of which resource another FHIR server has, or is yet to get."""

from typing import Final

from sqlalchemy import (
    CheckConstraint,
    Column,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from models.db.sql.types import Instant, RowId, metadata, one_of

WAITING: Final = "waiting"
SENDING: Final = "sending"
DELIVERED: Final = "delivered"
DEAD: Final = "dead"
STATES: Final = (WAITING, SENDING, DELIVERED, DEAD)

outbox = Table(
    "outbox",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("tenant", Text, nullable=False),
    Column("type", Text, nullable=False),
    # Without a foreign key: documents and resources are kept in two tables.
    Column("resource_id", Text, nullable=False),
    # The newest version there is: the only one that is worth sending.
    Column("version", Integer, nullable=False),
    # FHIR id of the document it comes from; empty for what many share, such as the Device.
    Column("document", Text),
    # What it refers to has a lower rank and goes first.
    Column("rank", Integer, nullable=False),
    Column("state", Text, nullable=False, server_default=text("'waiting'")),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("lease_token", Text),
    Column("lease_until", Instant),
    Column("available_at", Instant, nullable=False),
    # The version of the last request, and the oldest one that may still be carried out late.
    Column("sent_version", Integer),
    Column("unanswered_version", Integer),
    # The version that the server has.
    Column("delivered_version", Integer),
    Column("finished_at", Instant),
    Column("error_code", Text),
    Column("error", Text),
    one_of("state", *STATES),
    CheckConstraint(
        "(state = 'sending') = (lease_token IS NOT NULL AND lease_until IS NOT NULL)",
        name="lease",
    ),
    UniqueConstraint("tenant", "type", "resource_id"),
    Index(None, "tenant", "state", "available_at", "id"),
    Index(None, "tenant", "document", "state", "rank"),
)

document_number = Table(
    "document_number",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("document", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    # How the server numbers this version of the document: references name it there.
    Column("number", Text, nullable=False),
)
