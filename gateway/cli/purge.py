"""`biomed-ner purge`: what the database holds of a patient or of a document is taken away."""

# ruff: noqa: PLC0415 - a command pays only for what it uses, and `--help` imports no database

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli.configuration import settings
from models.clinical import DOCUMENT_TYPES
from models.errors import WrongUsage
from worker import terminal_user

if TYPE_CHECKING:
    from models.db.purge.purge import Report, Target


def purge(
    what: Annotated[
        str,
        typer.Argument(
            metavar="Patient/ID|DocumentReference/ID|DiagnosticReport/ID",
            help="a patient as the documents name them, or one document in all its versions",
        ),
    ],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="do it; else it is only counted")] = False,
    allow_return: Annotated[
        bool, typer.Option("--allow-return", help="take the same documents in again when sent")
    ] = False,
) -> None:
    """Delete a patient's documents and all that was made of them, without a way back.

    Without --yes nothing is changed: what would go is counted. What another FHIR server was sent
    stays there, and so does every backup.
    """
    from models.db.purge.purge import Purge
    from models.db.schema import check
    from models.db.sql.session import connect

    chosen, target = settings(), target_of(what)
    engine = connect(chosen.database_url, chosen.timeouts)
    try:
        check(engine, chosen.tenant)
        signature = replace(chosen.signature, agent=terminal_user.agent())
        purging = Purge(engine, tenant=chosen.tenant, signature=signature)
        if yes:
            show(purging.purge(target, may_return=allow_return), "purged")
        else:
            show(purging.look(target), "would be purged; --yes does it")
    finally:
        engine.dispose()


def target_of(what: str) -> "Target":
    """Return what a reference means."""
    from models.db.purge.purge import Target
    from models.fhir_ids import is_id

    kind, _, fhir_id = what.rpartition("/")
    if kind in DOCUMENT_TYPES and is_id(fhir_id):
        return Target(document=(kind, fhir_id))
    if kind.rpartition("/")[2] in {"Patient", "Group"} and is_id(fhir_id):
        return Target(references=(what,))
    raise WrongUsage(reason="the argument is neither Patient/ID nor that of a document")


def show(report: "Report", done: str) -> None:
    """Print how many rows of each table it is, and what stays elsewhere."""
    for table, number in report.rows.items():
        if number:
            typer.echo(f"{number} {table}")
    typer.echo(f"{sum(report.rows.values())} rows {done}")
    if report.others:
        typer.echo(f"{report.others} of the documents name another patient in another version")
    if report.delivered:
        typer.echo(f"{report.delivered} resources were delivered, and stay on the other server")
