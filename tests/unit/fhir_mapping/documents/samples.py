"""DocumentReferences for tests."""

import base64
import json
from typing import Any

from fhir_mapping.documents.document_reference import loaded, notes, parse
from models.clinical import Document, Note, Unread

LIMIT = 1000


def attachment(data: bytes | str | None, content_type: str | None = "text/plain") -> dict[str, Any]:
    """Return a content[] item; text is sent as UTF-8."""
    raw = data.encode() if isinstance(data, str) else data
    made = {"contentType": content_type} if content_type else {}
    if raw is not None:
        made["data"] = base64.b64encode(raw).decode()
    return {"attachment": made}


def resource(*contents: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return a DocumentReference; a change to None leaves the element out."""
    made = {
        "resourceType": "DocumentReference",
        "id": "doc",
        "status": "current",
        "subject": {"reference": "Patient/1"},
        "content": list(contents or (attachment("No fever."),)),
        **changes,
    }
    return {name: value for name, value in made.items() if value is not None}


def parsed(*contents: dict[str, Any], **changes: Any) -> Document:
    """Return the Document of a DocumentReference."""
    return parse(json.dumps(resource(*contents, **changes)), tenant="default")


def read(*contents: dict[str, Any], **changes: Any) -> tuple[tuple[Note, ...], tuple[Unread, ...]]:
    """Return what can and cannot be read of a DocumentReference."""
    document = parsed(*contents, **changes)
    return notes(document, loaded(document), max_characters=LIMIT)
