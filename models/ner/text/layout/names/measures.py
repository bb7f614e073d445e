"""Names of measurements and of tests that stand with their numbers in a row."""

from typing import Final

VITALS: Final = (
    "t", "temp", "temperature", "tmax", "tmp", "tm", "tc", "tcurrent", "hr", "heart rate", "p",
    "pulse", "pulse rate", "bp", "blood pressure", "b/p", "map", "rr", "r", "resp", "resps",
    "respirations", "respiratory rate", "respiration", "resp rate", "spo2", "sp02", "sao2",
    "o2 sat", "o2 sats", "o2sat", "o2", "pox", "pulse ox", "pulse oximetry", "sat", "sats",
    "oxygen saturation", "o2 saturation", "wt", "weight", "ht", "height", "bmi", "body mass index",
    "pain", "pain score", "fio2", "gcs", "cvp", "peep", "head circumference", "hc", "bsa", "i/o",
    "uop", "tv", "ofc", "afebrile", "sbp", "dbp", "ra",
)  # fmt: skip
# What may stand before the name of a measurement and goes with it.
QUALIFIERS: Final = frozenset(
    [
        "body", "arterial", "venous", "blood", "birth", "ionic", "irregular", "regular",
        "total", "direct", "indirect", "free", "serum", "plasma", "oral", "rectal", "tympanic",
        "axillary", "decreased", "increased", "elevated", "low", "high", "normal", "resting",
        "systolic", "diastolic", "initial", "repeat", "admission", "mean", "peak", "ionized",
        "random", "fasting", "corrected", "a", "an", "the", "his", "her", "of", "with", "white",
        "estimated",
    ]
)  # fmt: skip
LABS: Final = (
    "wbc", "white count", "white blood count", "white blood cell count", "white cell count",
    "wbc count", "blood count", "red blood count", "rbc", "hgb", "hb", "hemoglobin", "hct",
    "hematocrit", "plt", "plts", "platelets", "platelet count", "mcv", "mch", "rdw", "na",
    "sodium", "k", "potassium", "cl", "chloride", "co2", "hco3", "bicarb", "bicarbonate", "bun",
    "urea", "cr", "creat", "creatinine", "glu", "gluc", "glucose", "blood sugar", "bg", "fsbs",
    "ca", "calcium", "mg", "magnesium", "phos", "phosphorus", "po4", "ast", "alt", "sgot", "sgpt",
    "alk phos", "alkaline phosphatase", "alp", "ap", "tbili", "t bili", "total bilirubin",
    "bilirubin", "bili", "dbili", "albumin", "alb", "total protein", "lipase", "amylase", "inr",
    "pt", "ptt", "aptt", "troponin", "trop", "tnt", "ck", "ckmb", "ck-mb", "cpk", "bnp",
    "ntprobnp", "nt-probnp", "d-dimer", "ddimer", "esr", "crp", "lactate", "lactic acid", "tsh",
    "t4", "ft4", "free t4", "t3", "hba1c", "a1c", "hgba1c", "hemoglobin a1c", "ldl", "hdl",
    "triglycerides", "tg", "cholesterol", "total cholesterol", "ferritin", "iron", "tibc", "b12",
    "folate", "ph", "pco2", "po2", "paco2", "pao2", "psa", "cea", "ca-125", "afp", "hcg", "bhcg",
    "ammonia", "nh3", "uric acid", "ldh", "anion gap", "ag", "egfr", "gfr", "neutrophils",
    "lymphs", "lymphocytes", "monos", "monocytes", "eos", "eosinophils", "basos", "bands", "polys",
    "segs", "anc", "retic", "fibrinogen", "sg", "specific gravity", "vancomycin trough",
    "dig level", "digoxin level", "ef", "lvef", "fev1", "fvc", "fev1/fvc", "tlc", "dlco", "qtc",
    "pr", "qrs", "qt", "pap", "pcwp", "ci", "co",
)  # fmt: skip
# Between what numbers the value of a name lies that is also something else ("T10", "CK 7").
PLAUSIBLE: Final[dict[str, tuple[float, float]]] = {
    "t": (33, 110), "p": (30, 250), "r": (6, 60), "k": (1, 9.9), "ck": (21, 1_000_000),
}  # fmt: skip
# The heads of the columns of tables.
COLUMNS: Final = frozenset(
    [
        "test", "tests", "result", "results", "value", "values", "unit", "units", "reference",
        "range", "flag", "flags", "date", "time", "normal", "name", "drug", "medication",
        "medications", "dose", "route", "frequency", "start", "stop", "status", "specimen",
        "component", "analyte", "collected", "ref", "interval", "last", "taken", "indication",
        "sig", "quantity", "refills", "onset", "allergen", "reaction", "severity", "problem",
        "diagnosis", "procedure", "comments", "comment", "vaccine", "site", "day",
    ]
)  # fmt: skip
