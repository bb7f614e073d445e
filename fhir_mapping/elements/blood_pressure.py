"""The two numbers of a blood pressure (FHIR R4, Observation.component).

A pressure written as one number over another is in mmHg, whether the note says so or not: in
kilopascal its numbers would be below 40. Only numbers that a cuff can show are taken apart.
"""

import re
from collections.abc import Mapping
from typing import Final

from fhir_mapping.datatypes import systems
from fhir_mapping.datatypes.codeable_concept import Resource, concept
from fhir_mapping.findings.lab.names import is_blood_pressure

_PRESSURE: Final = re.compile(
    r"(?P<systolic>\d{2,3})\s*(?:/|over)\s*(?P<diastolic>\d{2,3})(?:\s*mm\s?Hg)?", re.IGNORECASE
)
_LOINC: Final = {
    "systolic": ("8480-6", "Systolic blood pressure"),
    "diastolic": ("8462-4", "Diastolic blood pressure"),
}
_LEAST, _MOST = 20, 300


def components(name: str, words: str, evidence: Mapping[str, object]) -> Resource:
    """Return the components of a blood pressure of some words, nothing of any other test."""
    found = _PRESSURE.fullmatch(words) if is_blood_pressure(name) else None
    if found is None or not _plausible(int(found["systolic"]), int(found["diastolic"])):
        return {}
    return {"component": [_component(half, int(found[half]), evidence) for half in _LOINC]}


def _plausible(systolic: int, diastolic: int) -> bool:
    return _LEAST <= diastolic < systolic <= _MOST and systolic > 2 * _LEAST


def _component(half: str, value: int, evidence: Mapping[str, object]) -> Resource:
    code, display = _LOINC[half]
    measure = {"value": value, "unit": "mmHg", "system": systems.UCUM, "code": "mm[Hg]"}
    return {
        "code": {**concept(systems.LOINC, code, display), "text": display},
        "valueQuantity": {**evidence, **measure},
    }
