"""Alembic runs this for every command; the connection comes from `migrations.commands`."""

from alembic import context
from sqlalchemy import Connection, text

from models.db.schema import metadata

_ONE_AT_A_TIME = 4_206_015


def run(connection: Connection) -> None:
    """Run the command's migrations on a connection whose transaction the caller ends."""
    if connection.dialect.name == "postgresql":
        # Several processes start together and each wants to upgrade. SQLite's BEGIN IMMEDIATE
        # already makes them wait.
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_ONE_AT_A_TIME})"))
    context.configure(connection=connection, target_metadata=metadata, transactional_ddl=False)
    context.run_migrations()


run(context.config.attributes["connection"])
