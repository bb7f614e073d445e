"""Units of a result by the words for them: UCUM codes, upper and lower case apart where it matters.

Left out on purpose, so that a value in them stays text: C and F alone, mg% and IU (which unit
depends on the test), and powers of ten that lost their superscript ("×109/L").
"""

from typing import Final

_CODES: Final[dict[str, str]] = {
    "%": "%",
    "g/dL": "g/dL|g/dl|gm/dL|gm/dl",
    "g/L": "g/L|g/l",
    "mg/dL": "mg/dL|mg/dl",
    "mg/L": "mg/L|mg/l",
    "ug/dL": "µg/dL|µg/dl|μg/dL|μg/dl|ug/dL|mcg/dL",
    "ug/L": "µg/L|µg/l|μg/L|μg/l|ug/L|mcg/L",
    "ug/mL": "µg/mL|µg/ml|μg/mL|μg/ml|ug/mL|mcg/mL",
    "ng/mL": "ng/mL|ng/ml",
    "ng/dL": "ng/dL|ng/dl",
    "ng/L": "ng/L|ng/l",
    "pg/mL": "pg/mL|pg/ml",
    "mmol/L": "mmol/L|mmol/l",
    "umol/L": "µmol/L|µmol/l|μmol/L|μmol/l|umol/L",
    "nmol/L": "nmol/L|nmol/l",
    "pmol/L": "pmol/L|pmol/l",
    "meq/L": "mEq/L|mEq/l|meq/L",
    "U/L": "U/L|U/l",
    "U/mL": "U/mL|U/ml",
    "mm/h": "mm/h|mm/hr|mm/hour",
    "mm[Hg]": "mmHg|mm Hg|mm hg",
    "/min": "bpm|beats/min|beats per minute|breaths/min|breaths per minute|/min",
    "Cel": "°C|° C|ºC|℃|degrees Celsius",
    "[degF]": "°F|° F|ºF|℉|degrees Fahrenheit",
    "kg": "kg",
    "g": "g",
    "cm": "cm",
    "mm": "mm",
    "mL": "mL|ml",
    "kg/m2": "kg/m2|kg/m²",
    "fL": "fL|fl",
    "mL/min": "mL/min|ml/min",
    "10*9/L": "×10⁹/L|×10^9/L|x10^9/L|x 10^9/L|× 10^9/L|10^9/L|× 10⁹/L|10⁹/L",
    "10*12/L": "×10¹²/L|×10^12/L|x10^12/L|x 10^12/L|10^12/L",
    "10*3/uL": "K/uL|K/µL|K/μL|×10^3/µL|×10^3/μL|x10^3/uL|x 10^3/uL|10^3/uL",
    "/mm3": "/mm3|/mm³|cells/mm3|cells/mm³",
    "/uL": "/µL|/μL|/uL|cells/µL|cells/μL|cells/uL",
}

UNITS: Final[dict[str, str]] = {
    words: code for code, written in _CODES.items() for words in written.split("|")
}
