"""Which entity types can be denied, doubted or remembered, and in what way.

An attribute (a dose, a date, a body part) shares the assertion of the thing it belongs to and has
none of its own, so it is in no group.
"""

from typing import Literal

from models.clinical import CueKind

Group = Literal["condition", "drug", "procedure", "test"]

ANYTHING: frozenset[Group] = frozenset({"condition", "drug", "procedure", "test"})
FINDING: frozenset[Group] = frozenset({"condition", "drug", "procedure"})
CONDITION: frozenset[Group] = frozenset({"condition"})
DRUG: frozenset[Group] = frozenset({"drug"})
DONE: frozenset[Group] = frozenset({"procedure", "test"})
ACTION: frozenset[Group] = DONE | DRUG

GROUPS: dict[str, Group] = {
    "Medication": "drug",
    "Therapeutic_procedure": "procedure",
    "Diagnostic_procedure": "test",
    "Clinical_event": "procedure",
    "Activity": "procedure",
}

ATTRIBUTES = frozenset(
    {
        "Administration", "Age", "Area", "Biological_attribute", "Biological_structure", "Color",
        "Coreference", "Date", "Detailed_description", "Distance", "Dosage", "Duration",
        "Frequency", "Height",
        "Lab_value", "Mass", "Nonbiological_location", "Occupation", "Personal_background",
        "Qualitative_concept", "Quantitative_concept", "Severity", "Sex", "Shape", "Subject",
        "Texture", "Time", "Volume", "Weight",
    }
)  # fmt: skip

OWN: dict[str, CueKind] = {"History": "historical", "Family_history": "family"}


def group_of(label: str) -> Group | None:
    """Return the group of an entity type, None for an attribute; an unknown type is a condition."""
    return None if label in ATTRIBUTES else GROUPS.get(label, "condition")
