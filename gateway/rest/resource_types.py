"""The resource types that are served, and what can be done with each."""

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
