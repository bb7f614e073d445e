"""Names of measurements as notes write them, and the category of their Observations.

A name counts whole, in lower case, without the words of QUALIFIERS before it: "fasting glucose" is
known, "glucose tolerance" is not, and a test that is not here has no category. Left out are names
that are something else, too ("T" a score, "P" phosphorus, "CO" cardiac output).
"""

import re
from typing import Final, Literal

Category = Literal["vital-signs", "laboratory"]

# FHIR R4, Vital Signs: what its profiles are of, in the words of notes.
VITAL_SIGNS: Final = (
    "bp", "blood pressure", "blood pressures", "b/p", "sbp", "dbp", "systolic", "diastolic",
    "systolic pressure", "diastolic pressure", "systolic blood pressure", "systolic bp",
    "diastolic blood pressure", "diastolic bp", "pulse pressure", "map", "mean arterial pressure",
    "arterial pressure",
    "temp", "temperature", "tmax", "tcurrent", "t max", "hr", "heart rate", "pulse", "pulse rate",
    "ventricular rate", "rr", "resp", "resps", "respirations", "respiration", "resp rate",
    "respiratory rate", "breathing rate", "spo2", "sp02", "sao2", "o2 sat", "o2 sats", "o2sat",
    "o2 saturation", "o2 saturations", "oxygen saturation", "oxygen saturations", "saturation",
    "saturations", "sat", "sats", "pulse ox", "pulse oximetry", "pox", "wt", "weight", "ht",
    "height", "length", "bmi", "body mass index", "head circumference", "ofc", "bsa",
    "body surface area",
)  # fmt: skip
LABORATORY: Final = (
    # Blood count
    "wbc", "wbcs", "wbc count", "white count", "white blood count", "white blood cell count",
    "white cell count", "leukocyte count", "leukocytes", "rbc", "rbcs", "red blood cell count",
    "red blood count", "hgb", "hb", "hemoglobin", "haemoglobin", "h&h", "hct", "hematocrit",
    "haematocrit", "plt", "plts", "platelets", "platelet count", "platelet", "mcv", "mch", "mchc",
    "rdw", "neutrophils", "lymphocytes", "lymphs", "monocytes", "monos", "eosinophils", "eos",
    "basophils", "basos", "bands", "segs", "polys", "anc", "absolute neutrophil count",
    "reticulocyte count", "retic",
    # Electrolytes, kidney, sugar
    "na", "sodium", "k", "potassium", "cl", "chloride", "hco3", "bicarb", "bicarbonate", "bun",
    "blood urea nitrogen", "urea nitrogen", "urea", "cr", "creat", "creatinine", "egfr", "gfr",
    "glomerular filtration rate", "creatinine clearance", "anion gap", "calcium", "ca", "magnesium",
    "mg", "phosphorus", "phosphate", "phos", "po4", "uric acid", "osmolality", "glu", "glucose",
    "sugar", "blood sugar", "blood sugars", "blood glucose", "fingerstick glucose", "fsbs", "a1c",
    "hba1c", "hgba1c", "hemoglobin a1c", "glycohemoglobin", "lactate", "lactic acid", "ammonia",
    # Liver, pancreas, proteins, fats, iron
    "ast", "alt", "sgot", "sgpt", "alk phos", "alkaline phosphatase", "alp", "ggt", "bilirubin",
    "bili", "tbili", "t bili", "albumin", "alb", "protein", "total protein", "prealbumin",
    "amylase", "lipase", "ldh", "cholesterol", "ldl", "hdl", "vldl", "ldl cholesterol",
    "hdl cholesterol", "triglycerides", "triglyceride", "tg", "ferritin", "iron", "tibc",
    "transferrin", "b12", "vitamin b12", "vitamin d", "folate",
    # Clotting, heart, inflammation, hormones, markers
    "inr", "pt", "ptt", "aptt", "pt/inr", "prothrombin time", "fibrinogen", "d-dimer", "ddimer",
    "troponin", "troponins", "troponin i", "troponin t", "trop", "ck", "cpk", "ck-mb", "ckmb",
    "creatine kinase", "bnp", "nt-probnp", "pro-bnp", "esr", "sed rate", "sedimentation rate",
    "crp", "c-reactive protein", "procalcitonin", "tsh", "t4", "ft4", "free t4", "t3", "cortisol",
    "pth", "testosterone", "prolactin", "psa", "prostate-specific antigen", "cea", "ca-125", "afp",
    "hcg", "bhcg", "beta hcg", "cd4", "cd4 count", "viral load",
    # Blood gas, urine, fluids, drugs
    "ph", "pco2", "paco2", "po2", "pao2", "base excess", "specific gravity", "digoxin level",
    "vancomycin trough", "dilantin level", "lithium level", "tacrolimus level", "ethanol level",
)  # fmt: skip
QUALIFIERS: Final = (
    "serum", "plasma", "blood", "urine", "fasting", "random", "total", "direct", "indirect", "free",
    "ionized", "corrected", "initial", "repeat", "admission", "admitting", "discharge", "baseline",
    "peak", "last", "latest", "recent", "current", "preoperative", "postoperative", "oral",
    "rectal", "tympanic", "axillary", "resting", "body", "birth", "sitting", "standing",
    "supine", "arterial", "venous", "fetal", "maximum", "average",
    "estimated", "absolute", "high-sensitivity", "point-of-care", "her", "his", "the", "a",
)  # fmt: skip
BLOOD_PRESSURES: Final = frozenset(
    ("bp", "b/p", "b.p.", "blood pressure", "blood pressures", "arterial pressure", "bp's")
)

CATEGORIES: Final[dict[str, Category]] = {
    **dict.fromkeys(LABORATORY, "laboratory"),
    **dict.fromkeys(VITAL_SIGNS, "vital-signs"),
}
_QUALIFIED: Final = re.compile(
    rf"(?:(?:{'|'.join(map(re.escape, QUALIFIERS))})\s+)(?=\S)", re.IGNORECASE
)
_MOST_QUALIFIERS: Final = 4


def category(name: str) -> Category | None:
    """Return the category of a measurement, None where its name is not in the table."""
    return next((CATEGORIES[one] for one in _plainer(name) if one in CATEGORIES), None)


def is_blood_pressure(name: str) -> bool:
    """Return whether a name is that of the blood pressure, and not of one half of it."""
    return any(one in BLOOD_PRESSURES for one in _plainer(name))


def _plainer(name: str) -> list[str]:
    """Return a name in lower case, and without one, two … of the qualifiers before it."""
    plain = " ".join(name.casefold().split())
    found = [plain]
    for _ in range(_MOST_QUALIFIERS):
        qualified = _QUALIFIED.match(plain)
        if not qualified:
            break
        plain = plain[qualified.end() :]
        found.append(plain)
    return found
