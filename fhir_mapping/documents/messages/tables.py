"""The codes of HL7 v2 that decide what becomes of a document (HL7 v2.9, chapters 2.C, 7 and 9)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal


@dataclass(frozen=True, slots=True)
class Event:
    """What an event does: how its document stands to its parent (TXA-13), whether it cancels."""

    relation: Literal["appends", "replaces"] | None = None
    cancels: bool = False


MDM: Final[Mapping[str, Event]] = {
    "T02": Event(),  # original
    "T04": Event(),  # change of status
    "T06": Event(relation="appends"),  # addendum
    "T08": Event(),  # edit
    "T10": Event(relation="replaces"),  # replacement
    "T11": Event(cancels=True),  # cancellation
}
ORU: Final = frozenset({"R01"})

DELETED: Final = "CA"
OBSOLETE: Final = "OB"
"""Availability of a document (TXA-19, table 0273)."""

AMENDING: Final = frozenset({"T08", "T10"})

DOC_STATUS: Final = {
    **dict.fromkeys(("AU", "LA"), "final"),
    **dict.fromkeys(("DI", "DO", "IN", "IP", "PA"), "preliminary"),
}
"""Completion status of a document (TXA-17, table 0271) as composition-status."""

RESULT_STATUS: Final = {
    "F": "final",
    "C": "amended",
    **dict.fromkeys(("A", "I", "P", "R", "S"), "preliminary"),
}
"""Status of a result (OBR-25, table 0123) as composition-status."""

CODE_SYSTEMS: Final = {"LN": "http://loinc.org", "SCT": "http://snomed.info/sct"}
"""Code systems (table 0396) that FHIR names too."""
