"""One document in a worker's hands: with unread parts it goes on, with nothing read it fails."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from fhir_mapping.documents import document_reference
from models.clinical import Extraction, Note, Reading, Unread
from models.errors import BiomedError, NoPresentedForm
from worker.attachments import Attachments
from worker.failures import Failure
from worker.isolate_failures import blame, isolate_one
from worker.memory_ports import Claim

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


def decode_attachments(
    job: DocumentJob, attachments: Attachments, *, max_attempts: int
) -> DocumentJob:
    """Return the job with its notes, or with the failure that left it without any.

    What may pass, such as a server that does not answer, sends the whole document back; in the
    last attempt only the attachment counts as unread.
    """
    wait = job.claim.attempt < max_attempts
    decode = partial(_decoded, attachments=attachments, wait_for_passing=wait)
    return job.or_failed(isolate_one(decode, job, blame=blame("open")))


def _decoded(job: DocumentJob, *, attachments: Attachments, wait_for_passing: bool) -> DocumentJob:
    document = job.claim.document
    resource = document_reference.loaded(document)
    notes, unread = attachments.notes(document, resource, wait_for_passing=wait_for_passing)
    return failed_without_notes(replace(job, resource=resource, notes=notes, unread=unread))


def failed_without_notes(job: DocumentJob) -> DocumentJob:
    """Fail a job of which nothing could be read, for the first reason; return others as is."""
    wanted = [one for one in job.unread if one.code not in MEANT_TO_STAY_UNREAD]
    if job.notes or not wanted:
        return job
    return replace(job, failure=Failure(wanted[0].code, wanted[0].reason))
