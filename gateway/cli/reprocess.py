"""`biomed-ner reprocess`: done documents are read once more, by another model or the same."""

# ruff: noqa: PLC0415 - a command pays only for what it uses, and `--help` loads no torch

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
    came: Counter[str] = Counter()
    for one in reports:
        for change in one.changes[: max(0, show - came.total())]:
            typer.echo(f"{change.kind} {change.type}/{change.id}, version {change.version}")
        came.update(change.kind for change in one.changes)
        came.update({"done": one.outcome.done, "failed": one.outcome.claimed - one.outcome.done})
    typer.echo(
        f"{came['done']} documents read again, {came['failed']} not: "
        f"{came['added']} added, {came['dropped']} dropped, {came['changed']} changed"
    )
    if came["failed"]:
        raise typer.Exit(1)
