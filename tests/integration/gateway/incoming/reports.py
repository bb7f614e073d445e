"""DiagnosticReports and Bundles for tests of what comes in."""

import base64
from typing import Any


def attachment(text: str) -> dict[str, Any]:
    """Return a text as an attachment."""
    data = base64.b64encode(text.encode()).decode()
    return {"contentType": "text/plain; charset=utf-8", "data": data}


def report(*texts: str, status: str = "final", **changes: Any) -> dict[str, Any]:
    """Return a DiagnosticReport of these texts; a change to None leaves an element out."""
    made = {
        "resourceType": "DiagnosticReport",
        "identifier": [{"system": "urn:test", "value": "report"}],
        "status": status,
        "code": {"text": "Radiology report"},
        "subject": {"reference": "Patient/1"},
        "presentedForm": [attachment(text) for text in texts] or None,
        **changes,
    }
    return {name: value for name, value in made.items() if value is not None}


def bundle(kind: str, *entries: dict[str, Any]) -> dict[str, Any]:
    """Return a Bundle."""
    return {"resourceType": "Bundle", "type": kind, "entry": list(entries)}


def posted(resource: dict[str, Any], full_url: str = "", **request: Any) -> dict[str, Any]:
    """Return the entry of a Bundle that creates a resource."""
    url = {"fullUrl": full_url} if full_url else {}
    asked = {"method": "POST", "url": resource["resourceType"], **request}
    return {**url, "resource": resource, "request": asked}
