"""From the texts of many documents to what the model found in each, and what is made of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from typing import Protocol
from uuid import uuid4

from fhir_mapping.extraction import extract
from fhir_mapping.findings.policy import Policy
from models.clinical import Extraction, ModelIdentity, Note, Reading, Run, Unread
from models.errors import BiomedError, ReaderBroken, UnreadableNote
from worker.document_job import DocumentJob, failed_without_notes
from worker.isolate_failures import isolate

PROBE = "No fever."
"""A text that any model can read: when it fails, the reader is at fault and not a note."""


class Reader(Protocol):
    """Reads texts with one model; shared by the threads of a worker."""

    @property
    def identity(self) -> ModelIdentity:
        """Which model."""

    @property
    def card(self) -> str:
        """What the model is for, in Markdown."""

    def read(self, texts: Sequence[str]) -> Sequence[Reading | BiomedError]:
        """Return for each text its reading, or the error that it met alone.

        Whatever it raises, the texts are tried in halves.
        """


class Recogniser(Reader, Protocol):
    """A reader that reads all texts or raises."""

    def read(self, texts: Sequence[str]) -> Sequence[Reading]:
        """Return one reading for each text."""


def read_jobs(reader: Reader, jobs: Sequence[DocumentJob]) -> list[DocumentJob]:
    """Read the notes of all jobs together; a note the model fails on becomes an unread one."""
    going_on = [job for job in jobs if not job.failure]
    found = iter(_read_notes(reader, [note for job in going_on for note in job.notes]))
    return [
        *(job for job in jobs if job.failure),
        *(_with_readings(job, list(islice(found, len(job.notes)))) for job in going_on),
    ]


def _read_notes(reader: Reader, notes: Sequence[Note]) -> list[Reading | BiomedError]:
    found = isolate(
        lambda some: reader.read([note.text for note in some]),
        notes,
        blame=lambda kind: UnreadableNote(kind=kind),
    )
    if any(isinstance(one, UnreadableNote) for one in found):
        return _blame_reader_or_note(reader, found)
    return found


def _blame_reader_or_note(
    reader: Reader, found: Sequence[Reading | BiomedError]
) -> list[Reading | BiomedError]:
    """Blame the notes only if the reader still reads: a sick GPU fails on every text."""
    probe = isolate(reader.read, [PROBE], blame=lambda kind: ReaderBroken(kind=kind))[0]
    if not isinstance(probe, ReaderBroken):
        return list(found)
    return [probe if isinstance(one, UnreadableNote) else one for one in found]


def _with_readings(job: DocumentJob, found: Sequence[Reading | BiomedError]) -> DocumentJob:
    """Sort what came of a document's notes; an error that may pass sends it back as a whole."""
    pairs = list(zip(job.notes, found, strict=True))
    errors = [(note, one) for note, one in pairs if isinstance(one, BiomedError)]
    passing = next((error for _, error in errors if error.retry), None)
    if passing is not None:
        return job.or_failed(passing)
    return failed_without_notes(
        replace(
            job,
            notes=tuple(note for note, one in pairs if isinstance(one, Reading)),
            readings=tuple(one for _, one in pairs if isinstance(one, Reading)),
            unread=(*job.unread, *(_unread(note, error) for note, error in errors)),
        )
    )


def _unread(note: Note, error: BiomedError) -> Unread:
    return Unread(note.content_index, error.code, str(error))


def extraction(  # noqa: PLR0913 what was read of a document, by whom and when
    reader: Reader,
    notes: Sequence[Note],
    readings: Sequence[Reading],
    unread: Sequence[Unread],
    *,
    started: str,
    policy: Policy,
) -> Extraction:
    """Return the findings and resources of one document, as a run of its own that ends now."""
    run = Run(str(uuid4()), reader.identity, started, now())
    return extract(notes, readings, unread, run=run, card=reader.card, policy=policy)


def now() -> str:
    """Return the time, UTC, ISO 8601."""
    return datetime.now(UTC).isoformat()
