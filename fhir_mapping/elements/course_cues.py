"""The words beside a mention that say its course, and those that turn it or take it back."""

import re
from typing import Final, Literal, NamedTuple

from fhir_mapping.findings.assertion_status import AssertionStatus
from fhir_mapping.findings.labels import Kind

Course = Literal[
    "active", "stopped", "on-hold", "intended", "completed", "resolved", "remission", "differential"
]


class Cues(NamedTuple):
    """Words right before a mention, and words right after it, that say one course of it."""

    rows: frozenset[AssertionStatus]
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None


_ASSERTED: Final[frozenset[AssertionStatus]] = frozenset({"asserted"})
_PAST_TOO: Final[frozenset[AssertionStatus]] = frozenset({"asserted", "historical"})
# "Was aborted" is read as a denial, which is less than the note says.
_BROKEN_OFF: Final[frozenset[AssertionStatus]] = _PAST_TOO | {"negated"}
_A: Final = r"(?:\s+(?:an?|the|his|her|their|home))?\s+\Z"
_BE: Final = r"(?:\s+(?:is|are|was|were|has been|have been|had been))"


def _cues(
    rows: frozenset[AssertionStatus], *, before: str | None = None, after: str | None = None
) -> Cues:
    made = re.compile(rf"\b(?:{before}){_A}", re.IGNORECASE) if before else None
    then = re.compile(rf"(?:{after})\b", re.IGNORECASE) if after else None
    return Cues(rows, made, then)


CUES: Final[dict[Kind, dict[Course, Cues]]] = {
    "MedicationStatement": {
        "active": _cues(
            _ASSERTED,
            before=r"(?:currently|now|still)\s+(?:on|takes|taking)|takes|(?:is|are)\s+(?:on|taking)"
            r"|continues?\s+(?:on|to take|taking)|remains?\s+on",
        ),
        "stopped": _cues(
            _PAST_TOO,
            before="stopped|discontinued|ceased",
            after=rf"{_BE}?\s+(?:stopped|discontinued|withdrawn)",
        ),
        "on-hold": _cues(
            _PAST_TOO, before="holding", after=rf"{_BE}?\s+(?:(?:put |placed )?on hold|held)"
        ),
        "intended": _cues(
            frozenset({"hypothetical"}),
            before=r"(?:will|plans? to|going to)\s+(?:start|begin|initiate|be started on|receive)",
        ),
    },
    "Procedure": {
        "completed": _cues(
            _ASSERTED,
            before=r"underwent|undergone|s/p|status post",
            after=rf"{_BE}\s+(?:successfully\s+)?(?:performed|done|completed|carried out)",
        ),
        "stopped": _cues(
            _BROKEN_OFF, before="aborted", after=rf"{_BE}\s+(?:aborted|abandoned|terminated)"
        ),
        "on-hold": _cues(_PAST_TOO, after=rf"{_BE}?\s+(?:put |placed )?on hold"),
    },
    "Condition": {
        "resolved": _cues(
            _PAST_TOO,
            before="resolved",
            after=r"(?:\s+(?:has|have|had|is|are|was|were))?(?:\s+(?:now|since|completely|fully))*"
            r"\s+resolved",
        ),
        "remission": _cues(
            _PAST_TOO,
            after=r",?(?:\s+(?:is|are|now|currently))*\s+in\s+(?:complete\s+|full\s+)?remission",
        ),
        "differential": _cues(
            frozenset({"uncertain"}), before=r"vs\.?|versus", after=r"\s+(?:vs\.?|versus)\s"
        ),
    },
    "AllergyIntolerance": {},
    "FamilyMemberHistory": {},
    "Observation": {},
}

TURNED_BEFORE: Final = re.compile(
    r"\b(?:not|never|no|nor|cannot|if|unless|should|may|might|could|consider\w*|until|almost|nearly"
    r"|partial\w*|scheduled|planned|refus\w+|declin\w+|when|once)\b|n't\b",
    re.IGNORECASE,
)
TURNED_AFTER: Final = re.compile(
    r"\b(?:if|unless|until|but|not|only|partial\w*|incomplet\w*|at\s+\d)\b", re.IGNORECASE
)
# What takes a course back, in the words up to the next mention of the same type.
_DOING: Final = re.compile(r"\b(?:re-?start|resum|reinstat|re-?init|re-?sched)", re.IGNORECASE)
_BEING: Final = re.compile(r"\b(?:recur|relaps|return|again\b|flare)", re.IGNORECASE)
TAKEN_BACK: Final[dict[Kind, re.Pattern[str]]] = {
    "MedicationStatement": _DOING,
    "Procedure": _DOING,
    "Condition": _BEING,
}
# All that follows in the sentence is one of the alternatives ("Differential diagnosis: …, …").
ALTERNATIVES: Final = re.compile(
    r"\b(?:(?:differential\s+diagnos[ie]s|ddx)\b"
    r"|differential\s+(?:(?:would|also)\s+)?(?:includ\w+|is|was|remains)\b)"
    r"(?![^.;\n]*\b(?:no|not|never|without|but|most|ruled|exclud\w+)\b)[^.;\n]*\Z",
    re.IGNORECASE,
)
