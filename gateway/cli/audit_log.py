"""`biomed-ner audit-log`: is it whole, and as FHIR."""

# ruff: noqa: PLC0415 - a command pays only for what it uses, and `--help` imports no database

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import orjson
import typer

from gateway.cli.configuration import settings
from models.audit_events import Event, Head
from models.errors import UnreadableFile, UnwritableFile
from models.private_files import replace_private
from worker import terminal_user


def verify(
    *,
    head_file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="where the last row of the time before is kept, on another machine best: what "
            "was there then has to be there still",
        ),
    ] = None,
) -> None:
    """Go through the whole log; name the first row that is missing or was changed, and exit 1."""
    from gateway.open_database import opened

    with opened(settings()) as memory:
        head = memory.audit_log.verify(kept(head_file) if head_file else None)
    if head_file:
        keep(head_file, head)
    typer.echo(f"{head.position} rows, as they were written; the last one is {head.hash}")


def export(
    *,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="the first day, in UTC")
    ] = None,
    patient: Annotated[
        str | None, typer.Option(metavar="Patient/ID", help="rows of this patient alone")
    ] = None,
) -> None:
    """Print the log as FHIR AuditEvents, one a line; that is a row of the log too."""
    from fhir_mapping.resources.audit_event import audit_event
    from gateway.open_database import opened
    from models.db.audit_log.audit_log import Wanted

    day = since.replace(tzinfo=UTC) if since else None
    wanted = Wanted(patient=(patient,) if patient else None, since=day)
    with opened(settings()) as memory:
        agent = terminal_user.agent()
        memory.audit_log.record([Event(agent, "export", "R", entity="AuditEvent")])
        for entry in memory.audit_log.export(wanted):
            typer.echo(orjson.dumps(audit_event(entry)))


def kept(file: Path) -> Head | None:
    """Return the row that was the last one before, None where nobody has looked yet."""
    if not file.exists():
        return None
    try:
        return Head(**orjson.loads(file.read_bytes()))
    except (OSError, ValueError, TypeError):
        raise UnreadableFile(path=file, reason="it is not from audit-log verify") from None


def keep(file: Path, head: Head) -> None:
    """Put the last row into the place of the one before; nobody reads half of it.

    Raises:
        UnwritableFile: it cannot be written.
    """
    try:
        replace_private(file, orjson.dumps(asdict(head)).decode())
    except OSError as error:
        raise UnwritableFile(path=file, reason=error.strerror or "it cannot be written") from None


def application() -> typer.Typer:
    """Return the commands of `biomed-ner audit-log`."""
    app = typer.Typer(no_args_is_help=True, help="Who saw, read and took away what.")
    for command in (verify, export):
        app.command()(command)
    return app
