"""`biomed-ner enqueue`: documents from files into the inbox."""

# ruff: noqa: PLC0415 - a command pays only for what it uses, and `--help` imports no database

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

from gateway.cli import files
from gateway.cli.configuration import logging_settings
from gateway.cli.refusals import Placed, Refusals
from models.chunks import chunks
from models.clinical import Document
from models.errors import BiomedError
from worker.isolate_failures import blame, isolate_one
from worker.settings import Settings

if TYPE_CHECKING:
    from gateway.intake import Intake
    from models.audit_events import Event
    from models.db.inbox.inbox import Receipt

DOCUMENTS_AT_ONCE = 200  # in one transaction


@dataclass(slots=True)
class Summary:
    """What became of the documents."""

    stored: int = 0
    known: int = 0
    refusals: Refusals = field(default_factory=Refusals)

    def add(self, receipts: Sequence["Receipt"]) -> None:
        """Count documents that were stored, or had been before."""
        new = sum(receipt.created for receipt in receipts)
        self.stored += new
        self.known += len(receipts) - new

    def __str__(self) -> str:
        return f"{self.stored} stored, {self.known} known already, {self.refusals.count} refused"


def enqueue(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH…", help="JSON, NDJSON or Bundles, or - for standard input"),
    ],
) -> None:
    """Store DocumentReferences and DiagnosticReports and ring for a worker.

    What is neither is named on standard error, and the exit code then is 1.
    """
    from gateway.intake import Intake
    from gateway.open_database import opened
    from worker.queue import Doorbell

    chosen, summary = logging_settings(), Summary()
    with opened(chosen) as memory, Doorbell(chosen) as doorbell:
        intake = Intake(memory.inbox, doorbell)
        for some in chunks(parsed(paths, chosen, summary.refusals), DOCUMENTS_AT_ONCE):
            receipts = stored(intake, some, summary.refusals)
            summary.add(receipts)
            intake.ring(receipts)
        memory.audit_log.record([event(summary)])
    typer.echo(summary)
    summary.refusals.end()


def event(summary: Summary) -> "Event":
    """Return what is written down of the command: who brought how many documents in."""
    from models.audit_events import DONE, REFUSED, Event
    from worker import terminal_user

    outcome = REFUSED if summary.refusals.count else DONE
    return Event(terminal_user.agent(), "enqueue", "C", outcome, detail=str(summary))


def parsed(
    paths: Sequence[Path], chosen: Settings, refusals: Refusals
) -> Iterator[Placed[Document]]:
    """Give the documents of the files with their places, and show how far the files are read."""
    from fhir_mapping.documents.document_reference import parse

    read = partial(parse, tenant=chosen.tenant, most_elements=chosen.max_elements)
    with progress(sizes(paths)) as advance:
        for source in files.documents(paths, refusals.add):
            document = isolate_one(read, source.raw, blame=blame("parse"))
            if isinstance(document, BiomedError):
                refusals.add(source.where, document)
            else:
                yield source.where, document
            advance(len(source.raw))


def stored(
    intake: "Intake", some: Sequence[Placed[Document]], refusals: Refusals
) -> list["Receipt"]:
    """Store documents in one transaction; where one cannot be kept, the others without it."""
    return [receipt for _, receipt in refusals.taken(intake.store, some)]


def sizes(paths: Sequence[Path]) -> int | None:
    """Return the size of the files in bytes, None where standard input is among them."""
    known = all(path.is_file() for path in paths)
    return sum(path.stat().st_size for path in paths) if known else None


@contextmanager
def progress(total: int | None) -> Iterator[Callable[[int], None]]:
    """Show on a terminal how much is read; what is given advances it by a number of bytes."""
    console = Console(stderr=True)
    columns = (TextColumn("reading"), BarColumn(), DownloadColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("reading", total=total)
        yield lambda size: bar.advance(task, size)
