"""The invariants of FHIR R4 that our resources can break, in the FHIRPath of its pages.

con-3 is written by what its sentence says: the published expression compares a concept with a
string and is always true.
"""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, Final

import fhirpathpy
from fhirpathpy.models import models

from tests.validity import walk

_VER: Final = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
_CLIN: Final = "http://terminology.hl7.org/CodeSystem/condition-clinical"
_IN_ERROR: Final = (
    f"verificationStatus.coding.where(system = '{_VER}' and code = 'entered-in-error')"
)
_ALLERGY: Final = "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification"
_ALLERGY_IN_ERROR: Final = (
    f"verificationStatus.coding.where(system = '{_ALLERGY}' and code = 'entered-in-error')"
)

OF_RESOURCES: Final[dict[str, dict[str, str]]] = {
    "Condition": {
        "con-3": f"Condition.clinicalStatus.exists() or Condition.{_IN_ERROR}.exists() or "
        "Condition.category.coding.where(code = 'problem-list-item').empty()",
        "con-4": "Condition.abatement.empty() or Condition.clinicalStatus.coding.where("
        f"system = '{_CLIN}' and (code = 'resolved' or code = 'remission' or code = 'inactive'))"
        ".exists()",
        "con-5": f"Condition.{_IN_ERROR}.empty() or Condition.clinicalStatus.empty()",
    },
    "AllergyIntolerance": {
        "ait-1": f"AllergyIntolerance.{_ALLERGY_IN_ERROR}.exists() or "
        "AllergyIntolerance.clinicalStatus.exists()",
        "ait-2": f"AllergyIntolerance.{_ALLERGY_IN_ERROR}.empty() or "
        "AllergyIntolerance.clinicalStatus.empty()",
    },
    "Observation": {
        "obs-6": "Observation.dataAbsentReason.empty() or Observation.value.empty()",
        "obs-7": "Observation.value.empty() or Observation.component.code.where("
        "coding.intersect(%root.code.coding).exists()).empty()",
    },
    "FamilyMemberHistory": {
        "fhs-1": "FamilyMemberHistory.age.empty() or FamilyMemberHistory.born.empty()",
        "fhs-2": "FamilyMemberHistory.age.exists() or FamilyMemberHistory.estimatedAge.empty()",
    },
}


_OF_TIME: Final = "code in ('min' | 'h' | 'd' | 'wk' | 'mo' | 'a')"


def _is_repeat(name: str, _: object) -> bool:
    return name == "repeat"


# Invariants of datatypes, by what makes an object one.
OF_OBJECTS: Final[dict[str, tuple[Callable[[str, dict[str, Any]], bool], str]]] = {
    "der-1": (
        lambda _, o: str(o.get("url", "")).endswith("/derivation-reference"),
        "extension.where(url = 'length').exists() implies extension.where(url = 'offset').exists()",
    ),
    "att-1": (lambda name, _: name == "attachment", "data.empty() or contentType.exists()"),
    "qty-3": (lambda name, _: name.endswith("Quantity"), "code.empty() or system.exists()"),
    "drt-1": (
        lambda name, _: name.endswith("Duration"),
        "value.empty() or (code.exists() and system = 'http://unitsofmeasure.org')",
    ),
    "age-1": (
        lambda name, _: name.endswith("Age"),
        "(code.exists() or value.empty()) and (system.empty() or"
        " system = 'http://unitsofmeasure.org') and (value.empty() or value > 0)",
    ),
    # Of the binding age-units, since an age in kilograms fulfils age-1 as it is published.
    "age-units": (
        lambda name, _: name.endswith("Age"),
        f"code.empty() or {_OF_TIME}",
    ),
    "sqty-1": (
        lambda name, _: name in {"low", "high"} or name.startswith("dose"),
        "comparator.empty()",
    ),
    "rng-2": (
        lambda name, _: name.endswith("Range"),
        "low.empty() or high.empty() or (low.value <= high.value)",
    ),
    # R4 says it in words only (Range: "the unit of the low and the high").
    "one-unit": (
        lambda name, _: name.endswith("Range"),
        "low.empty() or high.empty() or (low.code = high.code and low.system = high.system)",
    ),
    "range-of-ages": (
        lambda name, _: name in {"onsetRange", "performedRange", "ageRange"},
        f"(low | high).all(system = 'http://unitsofmeasure.org' and value > 0 and {_OF_TIME})",
    ),
    "tim-2": (_is_repeat, "period.empty() or periodUnit.exists()"),
    "tim-5": (_is_repeat, "period.empty() or period >= 0"),
    "tim-6": (_is_repeat, "periodMax.empty() or period.exists()"),
    # What the pages of periodMax and frequencyMax say in words.
    "period-max": (_is_repeat, "periodMax.empty() or period < periodMax"),
    "frequency-max": (
        _is_repeat,
        "frequencyMax.empty() or (frequency.exists() and frequency < frequencyMax)",
    ),
    "tim-10": (_is_repeat, "timeOfDay.empty() or when.empty()"),
    "per-1": (
        lambda name, _: name.endswith("Period"),
        "start.empty() or end.empty() or (start <= end)",
    ),
}
_REF_1: Final = "reference.startsWith('#').not() or (reference.substring(1) in %root.contained.id)"


def broken(resource: dict[str, Any]) -> Iterator[str]:
    """Return `invariant at place` for every invariant that a resource breaks."""
    for key, expression in OF_RESOURCES.get(str(resource.get("resourceType")), {}).items():
        if not _holds(expression, resource, resource):
            yield f"{key} is broken"
    for place, name, value in walk.objects(resource):
        for key in _broken_in(name, value, resource):
            yield f"{place}: {key} is broken"


def _broken_in(name: str, value: dict[str, Any], root: dict[str, Any]) -> Iterator[str]:
    for key, (applies, expression) in OF_OBJECTS.items():
        if applies(name, value) and not _holds(expression, value, root):
            yield key
    if isinstance(value.get("reference"), str) and not _holds(_REF_1, value, root):
        yield "ref-1"


def _holds(expression: str, node: dict[str, Any], root: dict[str, Any]) -> bool:
    return bool(_compiled(expression)(node, {"root": root}) == [True])


@cache
def _compiled(expression: str) -> Callable[..., list[Any]]:
    compiled: Callable[..., list[Any]] = fhirpathpy.compile(expression, models["r4"])
    return compiled
