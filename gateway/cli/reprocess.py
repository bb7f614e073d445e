"""`biomed-ner reprocess`: done documents are read once more, by another model or the same."""

# ruff: noqa: PLC0415 - a command pays only for what it uses, and `--help` imports no torch

from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli.configuration import logging_settings
from models.errors import WrongUsage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from worker.reprocess import Report

MOST_SHOWN = 50


def reprocess(
    ids: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ID]…", help="rows or DocumentReference ids of done documents"),
    ] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="all done documents")] = False,
    model: Annotated[
        str | None, typer.Option(metavar="REF", help="another model than BIOMED_MODEL")
    ] = None,
    show: Annotated[int, typer.Option(min=0, help="how many changes are listed")] = MOST_SHOWN,
) -> None:
    """Read done documents again, write what differs, and report it."""
    from gateway.cli.reader import reader
    from worker.reprocess import read_again

    if bool(ids) == everything:
        raise WrongUsage(reason="name the documents to read again, or give --all")
    chosen = logging_settings()
    report(read_again(chosen, reader(chosen, model), None if everything else ids), show)


def report(reports: "Iterable[Report]", show: int) -> None:
    """Print the first changes as they come, then how many there were; exit with 1 on a failure."""
    counts: Counter[str] = Counter()
    for one in reports:
        for change in one.changes[: max(0, show - counts.total())]:
            typer.echo(f"{change.kind} {change.type}/{change.id}, version {change.version}")
        counts.update(change.kind for change in one.changes)
        counts.update({"done": one.outcome.done, "failed": one.outcome.claimed - one.outcome.done})
    typer.echo(
        f"{counts['done']} documents read again, {counts['failed']} not: "
        f"{counts['added']} added, {counts['dropped']} dropped, {counts['changed']} changed"
    )
    if counts["failed"]:
        raise typer.Exit(1)
