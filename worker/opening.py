"""From a claimed document to the texts in it."""

from dataclasses import replace
from functools import partial

from fhir_mapping.documents import document_reference
from worker.bisect import alone, blame
from worker.case import Case, Failure

MEANT_TO_STAY_UNREAD = frozenset(why.code for why in document_reference.UNREAD_BY_STATUS.values())
"""A document with only such attachments is done, not failed."""


def open_case(case: Case, *, max_characters: int) -> Case:
    """Return the case with its notes, or with the failure that left it without any."""
    opened = alone(partial(_opened, max_characters=max_characters), case, blame=blame("open"))
    return case.or_failed(opened)


def _opened(case: Case, *, max_characters: int) -> Case:
    notes, unread = document_reference.notes(case.claim.document, max_characters=max_characters)
    return failed_without_notes(replace(case, notes=notes, unread=unread))


def failed_without_notes(case: Case) -> Case:
    """Fail a case of which nothing could be read, for the first reason; return others as is."""
    wanted = [one for one in case.unread if one.code not in MEANT_TO_STAY_UNREAD]
    if case.notes or not wanted:
        return case
    return replace(case, failure=Failure(wanted[0].code, wanted[0].reason))
