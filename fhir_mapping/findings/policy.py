"""What an operator chooses: what a denial becomes, what a sign becomes, and the least scores.

The settings of these names are in `worker/settings.py`; what becomes of a denial that is told, and
under which code, is in `status_tables`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal

Negated = Literal["refuted", "nothing"]
SignSymptom = Literal["condition", "observation", "nothing"]

OTHERS: Final = ""  # the key of the types that are not named
TYPES: Final = frozenset(
    [
        "AllergyIntolerance",
        "Condition",
        "FamilyMemberHistory",
        "MedicationStatement",
        "Observation",
        "Procedure",
    ]
)
DENIALS_LEFT_OUT: Final = frozenset({"Condition", "AllergyIntolerance", "Observation"})
# Chosen on 64 ward notes: below these, no more resources are right than are harmful (docs/ward.md
# has the curve).
USUAL_LEAST_SCORES: Final = "0.5,Procedure=0.7"


@dataclass(frozen=True, slots=True)
class Policy:
    """What a denied problem becomes, and what a sign or symptom becomes (docs/fhir.md).

    Of what was read with no score of at least `least_scores` of its resource type (0 to 1) no
    resource is made; the mentions stay, for the auditor.
    """

    negated: Negated = "refuted"
    sign_symptom: SignSymptom = "condition"
    least_scores: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))

    def least_score(self, kind: str) -> float:
        """Return the least score of which a resource of a type is made."""
        return self.least_scores.get(kind, self.least_scores.get(OTHERS, 0.0))

    def leaves_out(self, kind: str, score: float, *, denied: bool) -> bool:
        """Return whether no resource is made: of what is denied, or was too unsurely read."""
        unwanted = denied and self.negated == "nothing" and kind in DENIALS_LEFT_OUT
        return unwanted or score < self.least_score(kind)


def least_scores(said: str) -> Mapping[str, float]:
    """Read least scores by type: "0.5,Procedure=0.7"; a score alone is that of the others.

    Raises:
        ValueError: a score is no number from 0 to 1, or a type is none that is made.
    """
    found = dict(map(_one, said.split(",")))
    return MappingProxyType(found)


def _one(said: str) -> tuple[str, float]:
    kind, _, score = said.rpartition("=")
    kind = kind.strip()
    if kind and kind not in TYPES:
        raise ValueError(f"{kind!r} is no resource type that is made")
    if not 0 <= float(score) <= 1:
        raise ValueError(f"{score!r} is no score from 0 to 1")
    return kind or OTHERS, float(score)


DEFAULT: Final = Policy()
