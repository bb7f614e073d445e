"""One document in a worker's hands: from its attachments to its extraction, or to its failure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from fhir_mapping.documents import document_reference
from models.clinical import Extraction, Note, Reading, Unread
from models.errors import BiomedError, NoPresentedForm
from worker.isolate_failures import blame, isolate_one
from worker.memory_ports import Claim
from worker.outcome import Failure

MEANT_TO_STAY_UNREAD = frozenset(
    {NoPresentedForm.code, *(why.code for why in document_reference.UNREAD_BY_STATUS.values())}
)
"""A document with only such attachments is done, not failed."""


@dataclass(frozen=True, slots=True)
class DocumentJob:
    """A claimed document; the fields fill from first to last, or `failure` ends it.

    `resource` is its JSON, parsed; `readings[i]` is of `notes[i]`; `started` is when it was
    claimed, UTC, ISO 8601.
    """

    claim: Claim
    started: str
    resource: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    unread: tuple[Unread, ...] = ()
    readings: tuple[Reading, ...] = ()
    extraction: Extraction | None = None
    done: bool = False
    failure: Failure | None = None

    def or_failed(self, end: "DocumentJob | BiomedError") -> "DocumentJob":
        """Return what a step made of this job, or this job with the error that ended it."""
        if isinstance(end, BiomedError):
            return replace(self, failure=Failure.of(end))
        return end


def decode_attachments(job: DocumentJob, *, max_characters: int) -> DocumentJob:
    """Return the job with its notes, or with the failure that left it without any."""
    decode = partial(_decoded, max_characters=max_characters)
    return job.or_failed(isolate_one(decode, job, blame=blame("open")))


def _decoded(job: DocumentJob, *, max_characters: int) -> DocumentJob:
    document = job.claim.document
    resource = document_reference.loaded(document)
    notes, unread = document_reference.notes(document, resource, max_characters=max_characters)
    return failed_without_notes(replace(job, resource=resource, notes=notes, unread=unread))


def failed_without_notes(job: DocumentJob) -> DocumentJob:
    """Fail a job of which nothing could be read, for the first reason; return others as is."""
    wanted = [one for one in job.unread if one.code not in MEANT_TO_STAY_UNREAD]
    if job.notes or not wanted:
        return job
    return replace(job, failure=Failure(wanted[0].code, wanted[0].reason))
