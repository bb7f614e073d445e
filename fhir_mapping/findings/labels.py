"""The FHIR resource type that each label of the model becomes."""

import re
from collections.abc import Mapping
from typing import Final, Literal

from fhir_mapping.findings.policy import Policy, SignSymptom
from models.clinical import ModelIdentity
from models.errors import LabelsWithoutResource

Kind = Literal[
    "Condition",
    "MedicationStatement",
    "AllergyIntolerance",
    "Procedure",
    "FamilyMemberHistory",
    "Observation",
]
Kinds = Mapping[str, Kind]

KINDS: Final[Kinds] = {
    "Disease_disorder": "Condition",
    "History": "Condition",
    "Medication": "MedicationStatement",
    "Therapeutic_procedure": "Procedure",
    "Diagnostic_procedure": "Procedure",
    "Family_history": "FamilyMemberHistory",
}

SIGNS: Final[dict[SignSymptom, Kinds]] = {
    "condition": {"Sign_symptom": "Condition"},
    "observation": {"Sign_symptom": "Observation"},
    "nothing": {},
}
PROBLEMS: Final = frozenset({"Disease_disorder", "Sign_symptom"})
ACTS: Final = frozenset({"Therapeutic_procedure", "Diagnostic_procedure"})
MAY_LAST: Final = PROBLEMS | {"History"}


def kinds(policy: Policy) -> Kinds:
    """Return the resource type of each label that becomes a finding."""
    return {**KINDS, **SIGNS[policy.sign_symptom]}


def require_resources(model: ModelIdentity, policy: Policy) -> None:
    """Refuse a model that finds nothing of which a resource is made.

    Raises:
        LabelsWithoutResource: it would read every note, and say nothing.
    """
    if not kinds(policy).keys() & set(model.types):
        raise LabelsWithoutResource(name=model.name, labels=", ".join(model.labels))


# Annotated as whole clauses in MACCROBAT, negation and all ("no history of smoking").
CLAUSES: Final = frozenset({"History", "Family_history"})

DOSAGE_ATTRIBUTES: Final = frozenset({"Dosage", "Administration", "Frequency", "Duration"})

# What a clause says did not happen cannot be a finding of it, and a negation around the clause is
# read for its words: "refuted: no history of smoking" would say the opposite of the note. A normal
# pregnancy did happen.
DENIAL: Final = re.compile(
    r"""\b(?: no | not | none | nil | never | neither | nor | without | absent | absence
      | den(?:y|ies|ied|ying) | negative | unremarkable | non[- ]?contributory | unaffected
      | asymptomatic | healthy | free\ of | non[- ]?smok\w+ | \w+n't
      | normal(?!\ (?:pressure\ hydrocephalus | (?:\w+\ ){0,2}(?:pregnanc|deliver))) )\b""",
    re.VERBOSE | re.IGNORECASE,
)
