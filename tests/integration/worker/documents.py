"""DocumentReferences for these tests."""

import base64
import json

from fhir_mapping.documents.document_reference import parse
from models.clinical import Document


def document(text: str, *, key: str, **changes: object) -> Document:
    """Return a document with one plain text; `key` is its identifier."""
    resource: dict[str, object] = {
        "resourceType": "DocumentReference",
        "status": "current",
        "identifier": [{"system": "urn:test", "value": key}],
        "subject": {"reference": f"Patient/{key}"},
        "content": [attachment(text)],
        **changes,
    }
    wanted = {name: value for name, value in resource.items() if value is not None}
    return parse(json.dumps(wanted), tenant="default")


def attachment(text: str) -> dict[str, object]:
    """Return one `content[]` with a plain text."""
    data = base64.b64encode(text.encode()).decode()
    return {"attachment": {"contentType": "text/plain; charset=utf-8", "data": data}}


BROKEN_ATTACHMENT: dict[str, object] = {
    "attachment": {"contentType": "text/plain", "data": "%%% no base64 %%%"}
}
