"""What a section of a note can be, and what a heading is to its section."""

from typing import Literal, NamedTuple

SectionKind = Literal[
    "chief_complaint", "present_illness", "past_history", "surgical_history", "home_medications",
    "current_medications", "inpatient_medications", "discharge_medications", "stopped_medications",
    "allergies", "family", "social", "review_of_systems", "vitals", "examination", "laboratory",
    "imaging", "procedures", "operation", "hospital_course", "assessment", "plan",
    "assessment_and_plan", "differential", "diagnosis", "discharge_diagnosis", "problems",
    "instructions", "return_precautions", "immunizations", "indication", "findings", "subjective",
    "objective", "mixed", "other",
]  # fmt: skip

# "section" is furniture; "part" names the examined part or system, "test" the test that was done.
Role = Literal["section", "part", "test"]


class Name(NamedTuple):
    """What a heading says: a kind (None: that of the section around it), its role, a system."""

    kind: SectionKind | None
    role: Role = "section"
    system: str = ""
