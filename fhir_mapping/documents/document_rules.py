"""Rules for a DocumentReference that fhir.resources does not check.

It takes an empty `content`, JSON in a string for an object, and any status code.
Sources: FHIR R4 DocumentReference, value sets document-reference-status and composition-status.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

STATUSES: Final = ("current", "superseded", "entered-in-error")
DOCUMENT_STATUSES: Final = ("preliminary", "final", "amended", "entered-in-error")


def complaints(resource: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with the shape of a DocumentReference; no complaint quotes a value."""
    checks = {
        "content: not objects with an attachment whose data is text": _has_contents(resource),
        "subject: not an object": _is_object(resource.get("subject", {})),
        "context: not an object": _is_object(resource.get("context", {})),
        "identifier: not a list of objects": is_objects(resource.get("identifier", [])),
        "status: not a code of document-reference-status": resource.get("status") in STATUSES,
        "docStatus: not a code of composition-status": (
            resource.get("docStatus", "final") in DOCUMENT_STATUSES
        ),
    }
    return [complaint for complaint, passed in checks.items() if not passed]


def _has_contents(resource: Mapping[str, Any]) -> bool:
    contents = resource.get("content")
    return (
        is_objects(contents)
        and bool(contents)
        and all(is_attachment(content.get("attachment")) for content in contents or ())
    )


def without_data(attachments: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return attachments that have lost their data: whether it is base64 is found out later."""
    return [{name: part for name, part in one.items() if name != "data"} for one in attachments]


def is_attachment(value: object) -> bool:
    """Return whether it is an object; fhir.resources is not shown the data, hence this look."""
    return isinstance(value, dict) and isinstance(value.get("data", ""), str)


def _is_object(value: object) -> bool:
    return isinstance(value, dict)


def is_objects(value: object) -> bool:
    """Return whether it is a list of objects."""
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)
