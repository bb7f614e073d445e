"""Whose data a database holds: one database is one tenant."""

from sqlalchemy import CheckConstraint, Column, Integer, Table, Text

from models.db.sql.types import metadata

tenancy = Table(
    "tenancy",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("tenant", Text, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)
