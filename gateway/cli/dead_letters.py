"""`biomed-ner dead-letters`: what other applications sent by Celery and is no note."""

# ruff: noqa: PLC0415 - a command pays only for what it uses, and `--help` imports no database

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated

import orjson
import typer
from rich.console import Console
from rich.table import Table

from gateway.cli.configuration import logging_settings, settings
from gateway.cli.refusals import Refusals
from models.errors import BiomedError, DatabaseUnavailable, WrongUsage

if TYPE_CHECKING:
    from models.audit_events import Event

MOST_LISTED = 50

Ids = Annotated[list[int] | None, typer.Argument(metavar="[ID]…", help="numbers that `list` shows")]
All = Annotated[bool, typer.Option("--all", help="all of them")]


def commands() -> typer.Typer:
    """Return the commands of `biomed-ner dead-letters`."""
    app = typer.Typer(no_args_is_help=True, help="What came by Celery and is no note.")
    for name, command in NAMES.items():
        app.command(name)(command)
    return app


def listed(
    *,
    limit: Annotated[int, typer.Option(min=1, help="how many are listed")] = MOST_LISTED,
    as_json: Annotated[bool, typer.Option("--json", help="for programs: one JSON array")] = False,
) -> None:
    """Show which there are, the latest first, and why each was refused; no words of any."""
    from gateway.open_database import opened

    with opened(settings()) as memory:
        letters = memory.dead_letters.all(limit)
    if as_json:
        names = ("id", "shown_id", "code", "reason", "received_at")
        told = [{name: getattr(one, name) for name in names} for one in letters]
        typer.echo(orjson.dumps([{"task_id": one.pop("shown_id"), **one} for one in told]))
        return
    table = Table("id", "task", "received", "code", "reason", title="dead letters")
    for one in letters:
        when = one.received_at.isoformat(timespec="seconds")
        table.add_row(str(one.id), one.shown_id, when, one.code, one.reason)
    Console().print(table)


def show(
    letter: Annotated[int, typer.Argument(metavar="ID", help="a number that `list` shows")],
) -> None:
    """Print what was sent, as JSON. It may hold the text of a note."""
    from gateway.open_database import opened

    with opened(settings()) as memory:
        payload = memory.dead_letters.one(letter).payload
        memory.audit_log.record([looked_at(letter)])
        typer.echo(payload)


def looked_at(letter: int) -> "Event":
    """Return that somebody at this terminal looks at what was sent."""
    from models.audit_events import Event
    from worker.terminal_user import agent

    return Event(agent(), "dead-letter", "R", detail=f"dead letter {letter}")


def requeue(ids: Ids = None, *, everything: All = False) -> None:
    """Take in anew what can be taken in by now; the rest stays, and the exit code then is 1."""
    from gateway.ingest import Ingest, Records
    from gateway.intake import Intake
    from gateway.open_database import opened
    from worker.metrics.ingest import IngestMetrics
    from worker.queue import Doorbell
    from worker.terminal_user import agent

    chosen, refusals, taken = logging_settings(), Refusals(), 0
    with opened(chosen) as memory, Doorbell(chosen) as doorbell:
        records = Records(memory.audit_log, agent(), IngestMetrics())
        ingest = Ingest(Intake(memory.inbox, doorbell), memory.dead_letters, records, chosen)
        for letter in named(ids, memory.dead_letters.ids, everything=everything):
            try:
                ingest.retry(letter)
            except DatabaseUnavailable:
                raise
            except BiomedError as error:
                refusals.add(f"dead letter {letter}", error)
            else:
                taken += 1
    typer.echo(f"{taken} taken in, {refusals.count} refused")
    refusals.end()


def discard(ids: Ids = None, *, everything: All = False) -> None:
    """Delete some, with what was sent."""
    from gateway.open_database import opened
    from models.audit_events import Event
    from worker.terminal_user import agent

    with opened(settings()) as memory:
        letters = named(ids, memory.dead_letters.ids, everything=everything)
        done = f"{memory.dead_letters.discard(letters)} discarded"
        memory.audit_log.record([Event(agent(), "dead-letter", "D", detail=done)])
    typer.echo(done)


def named(ids: list[int] | None, all_: Callable[[], list[int]], *, everything: bool) -> list[int]:
    """Return the numbers that are meant.

    Raises:
        WrongUsage: none is named, or some are besides `--all`.
    """
    if everything == bool(ids):
        raise WrongUsage(reason="name the numbers of dead letters, or say --all")
    return all_() if everything else ids or []


NAMES: Mapping[str, Callable[..., None]] = {
    "list": listed,
    "show": show,
    "requeue": requeue,
    "discard": discard,
}
