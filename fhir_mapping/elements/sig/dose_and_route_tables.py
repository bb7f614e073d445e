"""The words of a sig as tables: numbers, units of a dose, routes, "as needed" and its reasons.

Amounts are in UCUM, counts HL7 v3-orderableDrugForm, routes SNOMED CT.
"""

from dataclasses import dataclass
from typing import Final

from fhir_mapping.datatypes import systems

NUMBER_WORDS: Final[dict[str, int]] = {
    word: number
    for number, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), start=1
    )
}


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: how people write it, and its code."""

    name: str
    system: str
    code: str


def _named(unit: Unit, words: str) -> dict[str, Unit]:
    return dict.fromkeys(words.split(), unit)


# Left out on purpose, so that a dose in them stays text (ISMP's list of error-prone abbreviations):
# U, IU and units (of insulin, heparin, vitamins: which unit depends on the drug), cc, gr, gtt.
AMOUNTS: Final[dict[str, Unit]] = {
    **_named(Unit("mg", systems.UCUM, "mg"), "mg milligram milligrams"),
    **_named(Unit("g", systems.UCUM, "g"), "g gm gram grams"),
    **_named(Unit("mcg", systems.UCUM, "ug"), "mcg ug μg microgram micrograms"),
    **_named(Unit("mL", systems.UCUM, "mL"), "ml milliliter milliliters"),
    **_named(Unit("mEq", systems.UCUM, "meq"), "meq"),
    **_named(Unit("mmol", systems.UCUM, "mmol"), "mmol"),
}
FORMS: Final[dict[str, Unit]] = {
    **_named(Unit("tablet", systems.DRUG_FORM, "TAB"), "tab tabs tablet tablets"),
    **_named(Unit("capsule", systems.DRUG_FORM, "CAP"), "cap caps capsule capsules"),
    **_named(Unit("puff", systems.DRUG_FORM, "PUFF"), "puff puffs"),
    **_named(Unit("patch", systems.DRUG_FORM, "PATCH"), "patch patches"),
    **_named(Unit("spray", systems.DRUG_FORM, "SPRY"), "spray sprays"),
    **_named(Unit("drop", systems.DRUG_FORM, "DROP"), "drop drops"),
    **_named(Unit("suppository", systems.DRUG_FORM, "SUPP"), "suppository suppositories"),
    **_named(Unit("application", systems.UCUM, "{application}"), "appl application applications"),
}

# A larger count is a package, not a dose.
LARGEST_COUNT: Final = 12
# "5-10 mg" of a combination may be 5 mg of one drug and 10 mg of the other; ranges written so of an
# injected drug are not, unless they are as wide as no range is.
WIDEST_RANGE: Final = 4

# Left out on purpose: OD, OS, OU, AD, AS, AU (eye or ear or overdose), IN, IT, "per os" (read as an
# eye), "sub q" (its q is read as "every"), IVP and IVPB (a method, not only a route).
_ROUTE_CODES: Final[dict[str, tuple[str, ...]]] = {
    "26643006": ("po", "by mouth", "oral", "orally"),
    "47625008": ("iv", "intravenous", "intravenously"),
    "78421000": ("im", "intramuscular", "intramuscularly"),
    "34206005": ("sc", "subcu", "subcut", "subq", "subcutaneous", "subcutaneously"),
    "37839007": ("sl", "sublingual", "sublingually", "under the tongue"),
    "37161004": ("pr", "per rectum", "rectal", "rectally"),
    "447694001": ("inhaled", "inhalation", "by inhalation"),
    "6064005": ("topical", "topically"),
    "45890007": ("transdermal", "transdermally"),
    "46713006": ("nasal", "intranasal", "intranasally"),
    "54485002": ("ophthalmic",),
}

ROUTES: Final[dict[str, str]] = {
    phrase: code for code, phrases in _ROUTE_CODES.items() for phrase in phrases
}
INJECTED: Final = frozenset({"47625008", "78421000", "34206005"})

AS_NEEDED: Final = frozenset({"prn", "as needed", "as required", "when needed", "when required"})

# A reason is taken only from this list: any other word after "prn" may be a condition.
REASONS: Final = frozenset(
    {
        *("pain", "mild pain", "moderate pain", "severe pain", "breakthrough pain", "chest pain"),
        *("abdominal pain", "back pain", "headache", "headaches", "migraine", "fever"),
        *("nausea", "vomiting", "nausea and vomiting", "constipation", "diarrhea", "heartburn"),
        *("indigestion", "anxiety", "agitation", "insomnia", "sleep", "itching", "pruritus"),
        *("rash", "cough", "congestion", "wheezing", "dyspnea", "shortness of breath", "sob"),
        *("muscle spasm", "muscle spasms", "spasm", "spasms", "seizure", "seizures", "allergies"),
    }
)
