"""Which FHIR resource the labels of the model become, and the clauses that deny themselves."""

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

# A History whose last word before a preposition is one of these names something that was done.
PROCEDURE_HEAD: Final = re.compile(
    r"""(?: \w+(?:ectomy|plasty|ostomy|otomy|rrhaphy|scopy|pexy|centesis|embolization|desis)
      | amputation | angiography | biopsy | bypass | catheterization | chemotherapy | dialysis
      | drainage | grafting | implantation | irradiation | operation | radiotherapy | repair
      | replacement | resection | stenting | surgery | transfusion | transplant
      | transplantation )s?""",
    re.VERBOSE | re.IGNORECASE,
)
# Drugs by name or by stem (WHO, The use of stems in the selection of INN).
DRUG_HEAD: Final = re.compile(
    r"""\w+(?:statin|sartan|pril|olol|prazole|gliptin|gliflozin|mab|nib|cillin|mycin|floxacin
      |azepam)s? | anticoagulants? | antibiotics? | antidepressants? | aspirin | clopidogrel
      | contraceptives? | corticosteroids? | heparin | ibuprofen | insulin | isoniazid | lithium
      | metformin | methotrexate | opioids? | paracetamol | prednisone | steroids? | tamoxifen
      | warfarin""",
    re.VERBOSE | re.IGNORECASE,
)
# Without words for the past a drug in a History may well be taken now.
PAST_DRUG: Final = re.compile(
    r"^(?:(?:past|prior|previous|remote|former)\s+(?:use\s+of\s+)?"
    r"|(?:past\s+|prior\s+|previous\s+|remote\s+)?(?:history|hx)\s+of\s+(?:use\s+of\s+)?)",
    re.IGNORECASE,
)
DRUG_TAIL: Final = re.compile(r"(?<!\s)\s++(?:use|therapy|treatment)\Z", re.IGNORECASE)
LEAD_IN: Final = re.compile(
    r"^(?:(?:past|prior|previous|remote|surgical|medical)\s+)*(?:(?:history|hx)\s+of|s/p"
    r"|status\s+post)\s+",
    re.IGNORECASE,
)
TAIL: Final = re.compile(
    r"(?<!\s)\s++(?:of|for|in|on|at|with|by|due|after|before|during|to|using|twice|once)\s.*$"
    r"|[,;(].*$|(?<!\s)\s++\w++\s++(?:days?|weeks?|months?|years?)\s++(?:ago|earlier|prior)$",
    re.IGNORECASE | re.DOTALL,
)
SEVERAL_THINGS: Final = re.compile(r"\b(?:and|or)\b|/", re.IGNORECASE)
