"""The pipeline for files: from documents to FHIR resources, without a database."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from fhir_mapping.datatypes.json_text import MOST_ELEMENTS
from fhir_mapping.documents import document_reference
from fhir_mapping.findings.policy import DEFAULT, Policy
from models.clinical import Extraction, Note, Unread
from worker.attachments import Attachments
from worker.reading import Recogniser, extraction, now

Resource = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Opened:
    """A document with the texts in it, and the parts that are none."""

    notes: tuple[Note, ...]
    unread: tuple[Unread, ...]


def opened(
    raw: bytes, attachments: Attachments, *, tenant: str, most_elements: int = MOST_ELEMENTS
) -> Opened:
    """Open the JSON of a DocumentReference.

    Outside the memory nothing counts versions, so every document is its own first one.

    Raises:
        NotADocument, TooComplex, MissingSubject, UnusableSubject: nothing of it can be read.
    """
    document, resource = document_reference.parsed(raw, tenant=tenant, most_elements=most_elements)
    numbered = replace(document, version="1")
    return Opened(*attachments.notes(numbered, resource))


def extracted(
    documents: Sequence[Opened], recogniser: Recogniser, policy: Policy = DEFAULT
) -> Iterator[Extraction]:
    """Read the texts of several documents together; give the extraction of each, in order."""
    started = now()
    texts = [note.text for document in documents for note in document.notes]
    readings = iter(recogniser.read(texts))
    for document in documents:
        own = [next(readings) for _ in document.notes]
        read = document.notes, own, document.unread
        yield extraction(recogniser, *read, started=started, policy=policy)


def written(
    documents: Sequence[Opened], recogniser: Recogniser, policy: Policy
) -> list[list[Resource]]:
    """Return the resources of each of several documents, which are read together."""
    return [list(resources(one)) for one in extracted(documents, recogniser, policy)]


def resources(found: Extraction) -> Iterator[Resource]:
    """Give the resources of an extraction: what was found, then what documents the run."""
    yield from (one.resource for one in found.findings if one.resource)
    yield from found.records
