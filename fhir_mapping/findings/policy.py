"""What an operator chooses about the resources that are made."""

from dataclasses import dataclass
from typing import Final, Literal

Negated = Literal["refuted", "nothing"]
SignSymptom = Literal["condition", "observation", "nothing"]


@dataclass(frozen=True, slots=True)
class Policy:
    """What a denied problem becomes, and what a sign or symptom becomes (docs/fhir.md).

    Of what was read with no score of at least `least_score` (0 to 1) no resource is made; the
    mentions stay, for the auditor.
    """

    negated: Negated = "refuted"
    sign_symptom: SignSymptom = "condition"
    least_score: float = 0.0


DEFAULT: Final = Policy()
