"""What a section of a note can be, what may stand within each kind, and what two are as one."""

from typing import Final, Literal, NamedTuple

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


# Within these a title of no known name stays.
NESTING: Final[frozenset[SectionKind | None]] = frozenset(
    [
        "assessment", "plan", "assessment_and_plan", "hospital_course", "examination",
        "review_of_systems", "laboratory", "imaging", "instructions", "findings", "operation",
        "discharge_diagnosis", "problems", "objective", "return_precautions", "social",
    ]
)  # fmt: skip
# Within these a title with a text beside it is a key: "PENICILLIN: rash".
KEYED: Final[frozenset[SectionKind | None]] = frozenset(
    [
        "allergies", "family", "social", "laboratory", "vitals", "home_medications",
        "current_medications", "inpatient_medications", "discharge_medications",
        "stopped_medications", "immunizations",
    ]
)  # fmt: skip
# Within these a heading of a system or part is a section of its own, and ends them.
ENDED: Final[frozenset[SectionKind]] = frozenset(
    [
        "family", "social", "allergies", "home_medications", "current_medications",
        "inpatient_medications", "discharge_medications", "stopped_medications", "immunizations",
        "surgical_history", "chief_complaint",
    ]
)  # fmt: skip
# What a system or a part is that is told within these.
AS_ANOTHER: Final[dict[SectionKind, SectionKind]] = {
    "vitals": "examination", "objective": "examination", "subjective": "review_of_systems",
}  # fmt: skip
# What a heading is that names two kinds; of any other two it is "mixed".
MERGED: Final[dict[frozenset[SectionKind | None], SectionKind]] = {
    frozenset({"past_history", "surgical_history"}): "past_history",
    frozenset({"past_history", "problems"}): "past_history",
    frozenset({"problems", "diagnosis"}): "problems",
    frozenset({"chief_complaint", "present_illness"}): "present_illness",
    frozenset({"chief_complaint", "indication"}): "present_illness",
    frozenset({"present_illness", "indication"}): "present_illness",
    frozenset({"family", "social"}): "family",
    frozenset({"assessment", "plan"}): "assessment_and_plan",
    frozenset({"assessment_and_plan", "plan"}): "assessment_and_plan",
    frozenset({"assessment", "assessment_and_plan"}): "assessment_and_plan",
    frozenset({"diagnosis", "plan"}): "assessment_and_plan",
    frozenset({"problems", "plan"}): "assessment_and_plan",
    frozenset({"assessment", "diagnosis"}): "assessment",
    frozenset({"assessment", "problems"}): "assessment",
    frozenset({"assessment", "findings"}): "assessment",
    frozenset({"diagnosis", "discharge_diagnosis"}): "diagnosis",
    frozenset({"laboratory", "imaging"}): "laboratory",
    frozenset({"procedures", "operation"}): "operation",
    frozenset({"findings", "operation"}): "operation",
    frozenset({"procedures", "findings"}): "operation",
    frozenset({"vitals", "examination"}): "examination",
    frozenset({"instructions", "plan"}): "plan",
    frozenset({"discharge_medications", "instructions"}): "mixed",
}
