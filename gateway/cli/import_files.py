"""`biomed-ner import`: documents from NDJSON files of a bulk export.

It shares with `enqueue` how documents are stored, isolated and rung for, and differs in what it
reads: files line by line whatever their size, of which other resource types are counted, and with a
resume point. `enqueue` stays for what is no NDJSON: single documents, Bundles, standard input.
"""

# ruff: noqa: PLC0415 - a command pays only for what it uses, and `--help` imports no database

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import orjson
import typer

from gateway.cli.configuration import logging_settings
from gateway.cli.enqueue import DOCUMENTS_AT_ONCE, progress
from gateway.cli.import_state import Import, opened_import
from gateway.cli.ndjson_lines import Line, files_of, lines_from
from models.clinical import DOCUMENT_TYPES, Document
from models.errors import BiomedError
from worker.isolate_failures import blame, isolate, isolate_one
from worker.settings import Settings

if TYPE_CHECKING:
    from gateway.intake import Intake
    from models.audit_events import Event

REFUSED: Final = Path("refused.ndjson")
BYTES_AT_ONCE: Final = 8 * 1024 * 1024
"""Of lines that wait to be stored; one longer line more may wait with them."""

_TYPE: Final = re.compile(r"[A-Z][A-Za-z]{1,40}")

Read = Document | str | BiomedError | None
"""What a line is: a document, another type, refused, or no more than the end of a file."""


def import_files(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH…", help="NDJSON files, .gz too, or folders of them"),
    ],
    *,
    refused: Annotated[
        Path, typer.Option(metavar="FILE", help="where refused lines are named, without their text")
    ] = REFUSED,
) -> None:
    """Store the DocumentReferences and DiagnosticReports of NDJSON files and ring for a worker.

    Ended in the middle, by whatever, the same command goes on where it was. The exit code is 1 when
    a line was refused or a file could not be read to its end.
    """
    from gateway.intake import Intake
    from gateway.open_database import opened
    from worker.queue import Doorbell

    chosen = logging_settings()
    with (
        opened(chosen) as memory,
        opened_import(chosen.folder / "imports", files_of(paths), refused) as under_way,
        Doorbell(chosen) as doorbell,
    ):
        memory.audit_log.record([event("begun")])
        take_all(under_way, Intake(memory.inbox, doorbell), chosen)
        memory.audit_log.record([event(under_way.counts.numbers, under_way.counts.refused)])
        typer.echo(under_way.counts)
        if under_way.counts.refused:
            typer.echo(f"what was refused is named in {refused}", err=True)
            raise typer.Exit(1)


def event(told: str, refused: int = 0) -> "Event":
    """Return what is written down of the command: who brings documents in, and how many."""
    from models.audit_events import DONE, REFUSED, Event
    from worker import terminal_user

    return Event(terminal_user.agent(), "import", "C", REFUSED if refused else DONE, detail=told)


def take_all(under_way: Import, intake: "Intake", chosen: Settings) -> None:
    """Store what is not stored yet of all files; each list of lines moves the resume point."""
    shown = 0
    with progress(under_way.total) as advance:
        for some in lists(remaining(under_way, chosen)):
            take(under_way, intake, [(line, read(line, chosen)) for line in some])
            done = under_way.done(some[-1])
            advance(done - shown)
            shown = done
    under_way.end()


def remaining(under_way: Import, chosen: Settings) -> Iterator[Line]:
    """Yield the lines that were not taken before, file by file."""
    for file, point in under_way.remaining():
        yield from lines_from(file, point, longest=chosen.max_body_bytes)


def lists(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Cut lines into lists that are stored at once, and that memory holds at once."""
    some: list[Line] = []
    for line in lines:
        some.append(line)
        if len(some) == DOCUMENTS_AT_ONCE or sum(len(one.raw) for one in some) > BYTES_AT_ONCE:
            yield some
            some = []
    if some:
        yield some


def read(line: Line, chosen: Settings) -> Read:
    """Return what a line is."""
    from fhir_mapping.documents.document_reference import parse

    if line.error or not line.raw:
        return line.error
    parsed = partial(parse, tenant=chosen.tenant, most_elements=chosen.max_elements)
    return other_type(line.raw) or isolate_one(parsed, line.raw, blame=blame("parse"))


def other_type(raw: bytes) -> str | None:
    """Return the type of a resource that brings no text to read; None for what may bring one."""
    try:
        found = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None
    kind = found.get("resourceType") if isinstance(found, dict) else None
    if not (isinstance(kind, str) and _TYPE.fullmatch(kind)) or kind in DOCUMENT_TYPES:
        return None
    return kind


def take(under_way: Import, intake: "Intake", some: Sequence[tuple[Line, Read]]) -> None:
    """Store the documents of some lines in one transaction; count and name all others.

    Raises:
        DatabaseUnavailable: nothing of them is stored or counted.
    """
    documents = [(line, one) for line, one in some if isinstance(one, Document)]
    results = isolate(intake.store, [one for _, one in documents], blame=blame("store"))
    outcomes = dict(zip((line for line, _ in documents), results, strict=True))
    for line, one in some:
        end = outcomes.get(line, one)
        if isinstance(end, BiomedError):
            under_way.refuse(line, end)
        elif isinstance(end, str):
            under_way.leave(end)
    receipts = [one for one in results if not isinstance(one, BiomedError)]
    under_way.count(receipts)
    under_way.move_to(some[-1][0].after)
    intake.ring(receipts)
