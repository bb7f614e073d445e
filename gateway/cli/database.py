"""`biomed-ner db`: the schema."""

# ruff: noqa: PLC0415 - a command pays only for what it uses, and `--help` loads no database

import typer

from gateway.cli.configuration import settings


def upgrade() -> None:
    """Bring the database of BIOMED_DATABASE_URL to the newest schema."""
    from migrations.commands import newest
    from migrations.commands import upgrade as upgrade_schema

    upgrade_schema(settings().database_url)
    typer.echo(f"The schema is at {newest()}.")
