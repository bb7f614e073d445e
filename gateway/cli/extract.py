"""`biomed-ner extract`: DocumentReferences in, FHIR resources out, no database."""

# ruff: noqa: PLC0415 - a command pays only for what it uses, and `--help` imports no torch

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import orjson
import typer

from gateway.cli import files
from gateway.cli.configuration import settings
from gateway.cli.reader import fhir_reader
from gateway.cli.refusals import Placed, Refusals
from models.chunks import chunks
from models.errors import BiomedError
from worker.isolate_failures import blame, isolate_one
from worker.settings import Settings

if TYPE_CHECKING:
    from gateway.cli.file_pipeline import Opened, Resource
    from worker.attachments import Attachments

DOCUMENTS_AT_ONCE = 16
SAME_FOR_ALL = frozenset({"Device", "DocumentReference"})  # the model and its card


def extract(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="NDJSON…", help="DocumentReferences, or - for standard input"),
    ],
    *,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", dir_okay=False, help="file instead of the terminal"),
    ] = None,
) -> None:
    """Read DocumentReferences and write FHIR resources as NDJSON.

    What cannot be read is named on standard error, and the exit code then is 1.
    """
    from fhir_mapping.findings.policy import Policy, least_scores
    from gateway.cli.file_pipeline import written
    from worker.attachments import Attachments

    chosen, refusals = settings(), Refusals()
    policy = Policy(chosen.negated, chosen.sign_symptom, least_scores(chosen.least_score))
    recogniser = fhir_reader(chosen, policy)
    with target(out) as file, Attachments(chosen) as attachments:
        lines = Lines(file)
        documents = opened_all(paths, attachments, chosen, refusals)
        for some in chunks(documents, DOCUMENTS_AT_ONCE):
            read = partial(written, recogniser=recogniser(), policy=policy)
            for _, found in refusals.taken(read, some):
                lines.write(found)
    refusals.end()


def opened_all(
    paths: Sequence[Path], attachments: "Attachments", chosen: Settings, refusals: Refusals
) -> Iterator[Placed["Opened"]]:
    """Give the documents that hold something to read; report the others and every unread part."""
    from gateway.cli.file_pipeline import opened

    read = partial(
        opened,
        attachments=attachments,
        tenant=chosen.tenant,
        most_elements=chosen.max_elements,
    )
    for source in files.documents(paths, refusals.add):
        found = isolate_one(read, source.raw, blame=blame("open"))
        if isinstance(found, BiomedError):
            refusals.add(source.where, found)
            continue
        report(source.where, found, refusals)
        if found.notes:
            yield source.where, found


def report(where: str, found: "Opened", refusals: Refusals) -> None:
    """Name the unread parts; a document of which nothing can be read counts as refused."""
    from worker.document_job import MEANT_TO_STAY_UNREAD

    for part in found.unread:
        refusals.note(where, part.code, part.reason)
    wanted = [part for part in found.unread if part.code not in MEANT_TO_STAY_UNREAD]
    if wanted and not found.notes:
        refusals.count += 1


class Lines:
    """NDJSON to a file; what is the same for all documents is written once."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._written: set[object] = set()

    def write(self, found: Iterable["Resource"]) -> None:
        """Write one line for each resource that is new."""
        for resource in found:
            if self._is_new(resource):
                self._file.write(orjson.dumps(resource) + b"\n")

    def _is_new(self, resource: "Resource") -> bool:
        name = resource["resourceType"], resource["id"]
        new = name not in self._written
        if resource["resourceType"] in SAME_FOR_ALL:
            self._written.add(name)
        return new


@contextmanager
def target(out: Path | None) -> Iterator[IO[bytes]]:
    """Open the file to write to; raise UnreadableFile where there is none to be made."""
    if out is None:
        yield sys.stdout.buffer
        return
    try:
        file = out.open("wb")
    except OSError as error:
        raise files.unreadable(out, error) from error
    with file:
        yield file
