"""What a resource says, for whoever reads it raw (FHIR R4, Narrative).

It is made of the finished resource alone, so it says no more: each line is the words of an element,
and what has no line here has none. XHTML of two elements; every word of the note is escaped.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from html import escape
from typing import Any, Final

import orjson

from fhir_mapping.datatypes import systems
from fhir_mapping.datatypes.codeable_concept import Resource

_Part = Mapping[str, Any]

_OPEN: Final = '<div xmlns="http://www.w3.org/1999/xhtml">'
_NEXT: Final = "\0"  # between the lines while they are escaped together
_HEAD: Final = ("resourceType", "id", "meta")
# What XML 1.0 does not allow, escaped or not.
_BARRED: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# The elements of each type that are told, in order, and what they are called.
_CODE: Final = ("Code", "code")
_WHO_AND_WHERE: Final = (("Subject", "subject"), ("Encounter", "encounter"))
_STATUS: Final = ("Status", "status")
LINES: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "Condition": (
        _CODE,
        ("Verification status", "verificationStatus"),
        ("Clinical status", "clinicalStatus"),
        ("Severity", "severity"),
        ("Body site", "bodySite"),
        ("Onset", "onsetDateTime"),
        ("Onset", "onsetAge"),
        ("Onset", "onsetRange"),
        ("Onset", "onsetString"),
        *_WHO_AND_WHERE,
    ),
    "MedicationStatement": (
        ("Medication", "medicationCodeableConcept"),
        _STATUS,
        ("Dosage", "dosage"),
        ("Effective", "effectiveDateTime"),
        ("Effective", "effectivePeriod"),
        ("Subject", "subject"),
        ("Context", "context"),
    ),
    "AllergyIntolerance": (
        _CODE,
        ("Verification status", "verificationStatus"),
        ("Clinical status", "clinicalStatus"),
        ("Type", "type"),
        ("Category", "category"),
        ("Reaction", "reaction"),
        ("Patient", "patient"),
        ("Encounter", "encounter"),
    ),
    "Procedure": (
        _CODE,
        _STATUS,
        ("Performed", "performedDateTime"),
        ("Performed", "performedPeriod"),
        ("Performed", "performedAge"),
        ("Performed", "performedRange"),
        ("Performed", "performedString"),
        ("Body site", "bodySite"),
        *_WHO_AND_WHERE,
    ),
    "FamilyMemberHistory": (
        ("Relationship", "relationship"),
        ("Age", "ageAge"),
        ("Age", "ageRange"),
        ("Age", "ageString"),
        ("Condition", "condition"),
        _STATUS,
        ("Patient", "patient"),
    ),
    "Observation": (
        _CODE,
        _STATUS,
        ("Category", "category"),
        ("Value", "valueQuantity"),
        ("Value", "valueString"),
        ("Value", "valueBoolean"),
        ("Component", "component"),
        ("Interpretation", "interpretation"),
        ("Effective", "effectiveDateTime"),
        ("Body site", "bodySite"),
        *_WHO_AND_WHERE,
    ),
    "Provenance": (
        ("Activity", "activity"),
        ("Recorded", "recorded"),
        ("Agent", "agent"),
        ("Entity", "entity"),
    ),
    "Device": (("Name", "deviceName"), ("Type", "type"), ("Version", "version"), _STATUS),
    "DocumentReference": (("Description", "description"), ("Type", "type"), _STATUS),
}


def narrated(resource: Mapping[str, Any]) -> Resource:
    """Return a resource with the narrative of what it says now, in the place of any other."""
    head = {name: resource[name] for name in _HEAD if name in resource}
    text = {"text": {"status": "generated", "div": div(resource)}}
    return {**head, **text, **resource, **text}


def div(resource: Mapping[str, Any]) -> str:
    """Return the XHTML of a resource."""
    names, values = zip(*_lines(resource), strict=True)
    escaped = escape(_NEXT.join([one.replace(_NEXT, " ") for one in values]), quote=False)
    parts = zip(names, escaped.split(_NEXT), strict=True)
    lines = "".join([f"<p><b>{name}</b>: {words}</p>" for name, words in parts])
    return f"{_OPEN}{lines if lines.isprintable() else _BARRED.sub(' ', lines)}</div>"


def _lines(resource: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    kind = resource["resourceType"]
    yield "Resource", kind
    for name, element in LINES[kind]:
        if element in resource:
            yield name, _shown(resource[element])
    if "target" in resource:
        yield "Target", _counted(resource["target"])
    for label in resource["meta"].get("security", ()):
        yield "Label", _shown(label)
    yield from _evidence(resource.get("extension", ()))


def _counted(targets: list[Resource]) -> str:
    """Return of how many resources of each type a Provenance is."""
    kinds = Counter(str(target["reference"]).split("/")[0] for target in targets)
    return ", ".join(f"{count} {kind}" for kind, count in kinds.items())


def _evidence(extensions: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for extension in extensions:
        if extension["url"] == systems.DERIVATION_REFERENCE:
            yield "Derived from", _derivation(*extension["extension"])
        elif extension["url"] == systems.AI_CONFIDENCE:
            yield "Confidence", _shown(extension["valueDecimal"])


def _derivation(reference: _Part, path: _Part, offset: _Part, length: _Part) -> str:
    """Return where words stand, from the four parts that `evidence.derivation` writes."""
    return (
        f"reference {reference['valueReference']['reference']}, path {path['valueString']},"
        f" offset {_shown(offset['valueInteger'])}, length {_shown(length['valueInteger'])}"
    )


def _shown(value: Any) -> str:
    """Return the words of an element; a number has the digits that JSON writes."""
    if isinstance(value, str):
        return value
    if type(value) is int:
        return str(value)
    if isinstance(value, list):
        return "; ".join(map(_shown, value))
    if isinstance(value, dict):
        for shape, words in _SHAPES.items():
            if shape in value:
                return words(value)
    return orjson.dumps(value).decode()


def _quantity(value: Mapping[str, Any]) -> str:
    parts = (value.get("comparator"), value["value"], value.get("unit"))
    return " ".join(_shown(part) for part in parts if part is not None)


def _range(value: Mapping[str, Any]) -> str:
    ends = (_shown(value[end]) for end in ("low", "high") if end in value)
    return " to ".join(ends)


def _named(name: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda value: _shown(value[name])


def _noted(value: Mapping[str, Any]) -> str:
    rest = {name: part for name, part in value.items() if name != "note"}
    return f"{_shown(rest)}; {_shown(value['note'])}"


def _typed(value: Mapping[str, Any]) -> str:
    return f"{_shown(value['type'])} {_shown(value['value'])}"


# A datatype is known by an element that only it has, among those we write; the first one counts.
_SHAPES: Final[dict[str, Callable[[Mapping[str, Any]], str]]] = {
    "text": _named("text"),
    "coding": _named("coding"),
    "reference": _named("reference"),
    "display": _named("display"),
    "note": _noted,
    "manifestation": _named("manifestation"),
    "valueQuantity": lambda value: f"{_shown(value['code'])} {_shown(value['valueQuantity'])}",
    "onsetAge": lambda value: f"{_shown(value['code'])}, onset {_shown(value['onsetAge'])}",
    "onsetRange": lambda value: f"{_shown(value['code'])}, onset {_shown(value['onsetRange'])}",
    "onsetString": lambda value: f"{_shown(value['code'])}, onset {value['onsetString']}",
    "who": _named("who"),
    "what": lambda value: f"{value['role']} {_shown(value['what'])}",
    "name": _named("name"),
    "type": _typed,
    "value": _quantity,
    "low": _range,
    "high": _range,
    "start": lambda value: f"from {value['start']}",
    "code": _named("code"),
}
