"""What is stored of documents, readings and resources: all of it text that a database can keep."""

from collections.abc import Mapping
from typing import Any

from models.clinical import Document, Extraction
from models.db.resources.stamping import search_values
from models.errors import Unstorable
from models.storable_text import is_storable


def check_document(document: Document) -> None:
    """Make sure that a document can be stored.

    Raises:
        Unstorable: a text of it cannot.
    """
    fields = (document.key, document.id, document.subject, document.encounter, document.date)
    _check(document.type, document.resource, *(field or "" for field in fields))


def check_extraction(extraction: Extraction) -> None:
    """Make sure that the notes of an extraction, and so all spans of them, can be stored.

    Raises:
        Unstorable: a text of it cannot.
    """
    for note in extraction.notes:
        _check(f"text of content[{note.content_index}]", note.text)
    _check("text of a finding", *(finding.text for finding in extraction.findings))


def check_values(resource: Mapping[str, Any]) -> None:
    """Make sure that what is kept of a resource outside its JSON can be stored.

    Raises:
        Unstorable: it cannot.
    """
    _check(
        str(resource["resourceType"]), *(value or "" for value in search_values(resource).values())
    )


def _check(what: str, *texts: str) -> None:
    if not all(map(is_storable, texts)):
        raise Unstorable(what=what)
