"""The resource types that are served, and what can be done with each."""

from typing import Final

from models.clinical import DOCUMENT_TYPES

READ_ONLY = (
    "Condition",
    "MedicationStatement",
    "AllergyIntolerance",
    "Procedure",
    "FamilyMemberHistory",
    "Observation",
    "Provenance",
    "Device",
)
CREATED = DOCUMENT_TYPES
SERVED = (*READ_ONLY, *CREATED)

# Search parameters and their FHIR types. `reason` is our own: R4 defines none for it.
_USUAL: Final = {"_id": "token", "patient": "reference"}
_OF_SUBJECT: Final = {**_USUAL, "subject": "reference"}
_OF_PROVENANCE: Final = {**_USUAL, "target": "reference", "reason": "token"}

SEARCHED: Final[dict[str, dict[str, str]]] = {
    "Condition": _OF_SUBJECT,
    "MedicationStatement": _OF_SUBJECT,
    "AllergyIntolerance": _USUAL,
    "Procedure": _OF_SUBJECT,
    "FamilyMemberHistory": _USUAL,
    "Observation": _OF_SUBJECT,
    "Provenance": _OF_PROVENANCE,
    "Device": _USUAL,
    "DocumentReference": _OF_SUBJECT,
    "DiagnosticReport": _OF_SUBJECT,
}
"""What a search of each type can be narrowed down by, as FHIR R4 names it for the type."""
