"""`biomed-ner db`: the schema."""

# ruff: noqa: PLC0415 - a command pays only for what it uses, and `--help` imports no database

import typer

from gateway.cli.configuration import settings


def upgrade() -> None:
    """Bring the database of BIOMED_DATABASE_URL to the newest schema, for BIOMED_TENANT."""
    from migrations.commands import newest
    from migrations.commands import upgrade as upgrade_schema

    chosen = settings()
    upgrade_schema(chosen.database_url, chosen.tenant)
    typer.echo(f"The schema is at {newest()}.")
