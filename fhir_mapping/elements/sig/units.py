"""Units of a dose by the words for them: amounts in UCUM, counts as HL7 v3-orderableDrugForm.

Left out on purpose, so that a dose in them stays text (ISMP's list of error-prone abbreviations):
U, IU and units (of insulin, heparin, vitamins: which unit depends on the drug), cc, gr, gtt.
"""

from dataclasses import dataclass
from typing import Final

from fhir_mapping.datatypes import systems


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: how people write it, and its code."""

    name: str
    system: str
    code: str


def _named(unit: Unit, words: str) -> dict[str, Unit]:
    return dict.fromkeys(words.split(), unit)


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
