"""A number and its unit, where both are certain (FHIR R4, Quantity)."""

import re
from typing import Final

from fhir_mapping.datatypes import systems
from fhir_mapping.datatypes.codeable_concept import Resource
from fhir_mapping.findings.lab.units import UNITS

_MEASURE: Final = re.compile(r"(<=|>=|<|>|≤|≥)?\s*(\d+(?:\.\d+)?)\s*(\S.*)")
_COMPARATORS: Final = {"≤": "<=", "≥": ">="}
_MOST_DIGITS: Final = 9


def quantity(words: str) -> Resource | None:
    """Return the Quantity that words are: "9.1 g/dL", "< 5 mg/L"; None for all others.

    "12-15 g/dL", "120/80 mmHg", "1,200 U/L", "9.10 g/dL" and "7.4" are such others.
    """
    found = _MEASURE.fullmatch(words)
    value = exact(found[2]) if found else None
    code = UNITS.get(found[3]) if found else None
    if found is None or value is None or code is None:
        return None
    compared = {"comparator": _COMPARATORS.get(found[1], found[1])} if found[1] else {}
    return {"value": value, **compared, "unit": found[3], "system": systems.UCUM, "code": code}


def exact(digits: str) -> int | float | None:
    """Return the number that JSON writes as `digits`, or None where there is none above 0.

    FHIR's decimals keep their digits: 2.50 is not 2.5, and a float could not hold the difference.
    """
    if len(digits) > _MOST_DIGITS:
        return None
    number = float(digits) if "." in digits else int(digits)
    return number if number and str(number) == digits else None
