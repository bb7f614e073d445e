"""From a claimed document to the texts in it."""

from dataclasses import replace
from functools import partial

from fhir_mapping.documents import document_reference
from worker.document_job import DocumentJob, Failure
from worker.isolate import blame, isolate_one

MEANT_TO_STAY_UNREAD = frozenset(why.code for why in document_reference.UNREAD_BY_STATUS.values())
"""A document with only such attachments is done, not failed."""


def decode_attachments(job: DocumentJob, *, max_characters: int) -> DocumentJob:
    """Return the job with its notes, or with the failure that left it without any."""
    decoded = isolate_one(
        partial(_decoded, max_characters=max_characters), job, blame=blame("open")
    )
    return job.or_failed(decoded)


def _decoded(job: DocumentJob, *, max_characters: int) -> DocumentJob:
    notes, unread = document_reference.notes(job.claim.document, max_characters=max_characters)
    return failed_without_notes(replace(job, notes=notes, unread=unread))


def failed_without_notes(job: DocumentJob) -> DocumentJob:
    """Fail a job of which nothing could be read, for the first reason; return others as is."""
    wanted = [one for one in job.unread if one.code not in MEANT_TO_STAY_UNREAD]
    if job.notes or not wanted:
        return job
    return replace(job, failure=Failure(wanted[0].code, wanted[0].reason))
