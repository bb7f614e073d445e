"""The resource types that are served, and what can be done with each."""

from typing import Final

READ_ONLY = (
    "Condition",
    "MedicationStatement",
    "Procedure",
    "FamilyMemberHistory",
    "Observation",
    "Provenance",
    "Device",
)
CREATED = "DocumentReference"
SERVED = (*READ_ONLY, CREATED)

# Search parameters and their FHIR types. `reason` is our own: R4 defines none for it.
_USUAL: Final = {"patient": "reference"}
_OF_PROVENANCE: Final = {**_USUAL, "target": "reference", "reason": "token"}
SEARCHED: Final[dict[str, dict[str, str]]] = {
    kind: _OF_PROVENANCE if kind == "Provenance" else _USUAL for kind in SERVED
}
