"""By what a Provenance is searched: what it is of, and why it was made."""

from sqlalchemy import Column, Table, Text

from models.db.sql.types import metadata

# Without foreign keys: `id` is always that of a Provenance, and what it is of may be anything.
provenance_target = Table(
    "provenance_target",
    metadata,
    Column("tenant", Text, primary_key=True),
    # The id before the type, which a search may leave out.
    Column("target_id", Text, primary_key=True),
    Column("target_type", Text, primary_key=True),
    Column("id", Text, primary_key=True),
)

provenance_reason = Table(
    "provenance_reason",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("system", Text, primary_key=True),
    Column("id", Text, primary_key=True),
)
