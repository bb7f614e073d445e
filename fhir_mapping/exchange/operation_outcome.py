"""An error to an OperationOutcome (FHIR R4, OperationOutcome; value set issue-type)."""

from typing import Final

from fhir_mapping.datatypes.codeable_concept import Resource
from models.errors import BiomedError

ISSUE_TYPES: Final[dict[str, str]] = {
    "not-a-document-reference": "structure",
    "input-too-large": "too-long",
    "not-json": "structure",
    "too-complex": "too-costly",
    "slow-body": "timeout",
    "busy": "throttled",
    "superseded": "business-rule",
    "base64-twice": "value",
    "not-as-declared": "not-supported",
    "missing-subject": "required",
    "unusable-subject": "value",
    "entered-in-error": "business-rule",
    "no-attachment-data": "required",
    "unsupported-content-type": "not-supported",
    "bad-base64": "value",
    "unknown-charset": "not-supported",
    "wrong-charset": "value",
    "nul-character": "value",
    "unstorable-text": "value",
    "too-long-to-store": "too-long",
    "note-too-large": "too-long",
    "document-too-complex": "too-costly",
    "malformed-document": "structure",
    "forbidden-doctype": "security",
    "encrypted-document": "not-supported",
    "no-text-in-document": "not-supported",
    "pages-unread": "incomplete",
    "same-text": "duplicate",
    "conversion-timed-out": "timeout",
    "converter-unavailable": "transient",
    "url-not-allowed": "forbidden",
    "not-fetched": "not-found",
    "fetch-delayed": "transient",
    "not-found": "not-found",
    "unknown-path": "not-found",
    "method-not-allowed": "not-supported",
    "unsupported-media-type": "not-supported",
    "not-acceptable": "not-supported",
    "bad-request": "invalid",
    "unknown-host": "forbidden",
    "unusable-parameter": "invalid",
    "not-a-resource": "structure",
    "server-owned": "conflict",
    "version-conflict": "conflict",
    "several-matches": "multiple-matches",
    "no-match": "not-found",
    "not-offered": "not-supported",
    "named-twice": "invalid",
    "no-presented-form": "required",
    "not-yet-reported": "business-rule",
    "cancelled": "business-rule",
    "database-unavailable": "transient",
    "broker-unavailable": "transient",
    "reader-broken": "transient",
    "no-credentials": "login",
    "unauthenticated": "login",
    "forbidden": "forbidden",
    "too-many-requests": "throttled",
    "keys-unavailable": "transient",
    "unusable-api-keys": "transient",
    "purged": "deleted",
}
OTHERWISE: Final = "exception"


def outcome(*errors: BiomedError) -> Resource:
    """Return the OperationOutcome of one or more errors; their messages hold no text of a note."""
    return {"resourceType": "OperationOutcome", "issue": [_issue(error) for error in errors]}


def accepted(message: str) -> Resource:
    """Return the OperationOutcome that says what was done."""
    issue = {"severity": "information", "code": "informational", "details": {"text": message}}
    return {"resourceType": "OperationOutcome", "issue": [issue]}


def _issue(error: BiomedError) -> Resource:
    where = list(getattr(error, "__notes__", ()))  # such as Bundle.entry[3]
    return {
        "severity": "error",
        "code": ISSUE_TYPES.get(error.code, OTHERWISE),
        "details": {"coding": [{"code": error.code}], "text": str(error)},
        **({"expression": where} if where else {}),
    }
