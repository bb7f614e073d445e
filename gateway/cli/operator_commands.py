"""`biomed-ner status`, `audit`, `requeue`, `redeliver`, `db upgrade`: looking after the system."""

# ruff: noqa: PLC0415 - a command pays only for what it uses, and `--help` imports no database

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import orjson
import typer
from rich.console import Console
from rich.table import Table

from gateway.cli.configuration import logging_settings, settings
from models.errors import NotFound, WrongUsage

if TYPE_CHECKING:
    from models.audit_events import Event
    from models.db.inbox.inbox import FailedDocument, UnreadPart
    from models.db.outbox.outbox import Undelivered
    from models.db.resources.resources import Stored

MOST_FAILURES = 50

_RESOURCE = re.compile(r"(?P<type>\w+)/(?P<id>[^/]+)(/_history/(?P<version>[0-9]{1,9}))?")


def status(
    *,
    failures: Annotated[
        int, typer.Option(min=0, help="how many failed documents are listed")
    ] = MOST_FAILURES,
    unread: Annotated[
        int, typer.Option(min=0, help="how many unread parts of done documents are listed")
    ] = MOST_FAILURES,
    undelivered: Annotated[
        int, typer.Option(min=0, help="how many undelivered resources are listed")
    ] = MOST_FAILURES,
    as_json: Annotated[bool, typer.Option("--json", help="for programs: one JSON object")] = False,
) -> None:
    """Show how many documents are in each state, why some failed, and what else was not read.

    Where results go to another server, also how many of them did, and what it does not have.
    """
    from gateway.open_database import opened

    with opened(settings()) as memory:
        counts, failed = memory.inbox.counts(), memory.inbox.failures(failures)
        parts = memory.inbox.unread(unread)
        sent, missing = memory.outbox.counts(), memory.outbox.undelivered(undelivered)
    if as_json:
        found = {"documents": counts, "failed": failed, "unread": parts}
        typer.echo(orjson.dumps({**found, "resources": sent, "undelivered": missing}))
        return
    console = Console()
    console.print(states("documents", counts))
    if failed:
        console.print(failed_documents(failed))
    if parts:
        console.print(unread_parts(parts))
    if any(sent.values()):
        console.print(states("resources to deliver", sent))
    if missing:
        console.print(undelivered_resources(missing))


def states(what: str, counts: Mapping[str, int]) -> Table:
    """Return the number of these in each state."""
    table = Table("state", what)
    for state, number in counts.items():
        table.add_row(state, str(number))
    return table


def failed_documents(failed: Sequence["FailedDocument"]) -> Table:
    """Return the failed documents with their errors."""
    table = Table("row", "document", "code", "reason", "attempts", title="failed")
    table.columns[1].overflow = "fold"
    for one in failed:
        name = f"{one.id}, version {one.version}"
        table.add_row(str(one.row), name, one.code, one.reason, str(one.attempts))
    return table


def unread_parts(parts: Sequence["UnreadPart"]) -> Table:
    """Return the attachments that were not read of documents that are done."""
    table = Table("row", "document", "content", "code", "reason", title="done, but not read")
    table.columns[1].overflow = "fold"
    for one in parts:
        name = f"{one.id}, version {one.version}"
        table.add_row(str(one.row), name, str(one.content_index), one.code, one.reason)
    return table


def undelivered_resources(missing: Sequence["Undelivered"]) -> Table:
    """Return the resources that the other server does not have."""
    title = "undelivered"
    table = Table("resource", "state", "code", "reason", "attempts", "next", title=title)
    table.columns[0].overflow = "fold"
    for one in missing:
        soon = one.available_at.isoformat(timespec="seconds") if one.state == "waiting" else "–"
        row = (one.reference, one.state, one.code, one.reason, str(one.attempts), soon)
        table.add_row(*row)
    return table


def audit(
    resource: Annotated[
        str,
        typer.Argument(
            metavar="TYPE/ID[/_history/N]", help="such as Condition/4f…, or one version of it"
        ),
    ],
) -> None:
    """Show a resource with the words, the model and the run that it came from.

    Of one that was retracted also why, and by which run.
    """
    from gateway.cli.trail import show
    from gateway.open_database import opened

    named = _RESOURCE.fullmatch(resource)
    if named is None:
        raise WrongUsage(reason=f"{resource} is neither TYPE/ID nor TYPE/ID/_history/N")
    version = int(named["version"]) if named["version"] else None
    with opened(settings()) as memory:
        trail = memory.audit.trail(named["type"], named["id"], version)
        if trail is None:
            raise NotFound(reference=resource)
        memory.audit_log.record([looked_at(trail.resource)])
    show(trail, Console())


def looked_at(found: "Stored") -> "Event":
    """Return that somebody at this terminal looks at a resource and its words."""
    from models.audit_events import Event
    from worker import terminal_user

    named = f"{found.type}/{found.id}/_history/{found.version}"
    agent = terminal_user.agent()
    return Event(agent, "audit", "R", entity=named, patient=found.patient or "")


def requeue(
    ids: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ID]…", help="rows that `status` lists, or DocumentReference ids; else all"
        ),
    ] = None,
) -> None:
    """Try failed documents anew."""
    from gateway.intake import ring
    from gateway.open_database import opened
    from worker.queue import Doorbell

    chosen = logging_settings()
    with opened(chosen) as memory, Doorbell(chosen) as doorbell:
        waiting = memory.inbox.requeue(memory.inbox.find(ids) if ids else None)
        ring(memory.inbox, doorbell, waiting)
    typer.echo(f"{len(waiting)} documents wait again")


def redeliver(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[TYPE/ID]…", help="resources, whatever their state; else all that are dead"
        ),
    ] = None,
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="all that ever went out; for another, empty server")
    ] = False,
) -> None:
    """Send to the other FHIR server anew what is dead, or what is named."""
    from gateway.open_database import opened

    if everything and names:
        raise WrongUsage(reason="--all leaves no resource to name")
    with opened(settings()) as memory:
        waiting = memory.outbox.resend_all() if everything else memory.outbox.resend(names or None)
    typer.echo(f"{len(waiting)} resources wait again")


def upgrade() -> None:
    """Bring the database of BIOMED_DATABASE_URL to the newest schema, for BIOMED_TENANT."""
    from migrations.commands import newest
    from migrations.commands import upgrade as upgrade_schema

    chosen = settings()
    upgrade_schema(chosen.database_url, chosen.tenant)
    typer.echo(f"The schema is at {newest()}.")
