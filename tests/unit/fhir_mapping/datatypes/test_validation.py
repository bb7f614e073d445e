"""What is wrong with a resource although fhir.resources takes it."""

from typing import Any

import pytest

from fhir_mapping.datatypes import json_values
from fhir_mapping.datatypes.json_values import DEEPEST, LONGEST_NAME, WORST_SHOWN
from fhir_mapping.datatypes.validation import fhir_complaints

NAME = "Zebediah"


def complaints(resource: dict[str, Any]) -> list[str]:
    """Return what is wrong with a Condition, asked as the doors ask."""
    return json_values.complaints(resource) or fhir_complaints("Condition", resource)


def condition(**changes: Any) -> dict[str, Any]:
    return {"resourceType": "Condition", "subject": {"reference": "Patient/1"}, **changes}


def extension(**value: Any) -> dict[str, Any]:
    return {"extension": [{"url": "urn:x", **value}]}


def deep(levels: int) -> dict[str, Any]:
    made: dict[str, Any] = {"url": "urn:x", "valueString": "x"}
    for _ in range(levels):
        made = {"url": "urn:x", "extension": [made]}
    return {"extension": [made]}


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"meta": None}, "meta: null"),
        ({"code": {"text": None}}, "code.text: null"),
        ({"note": [None]}, "note.0: null"),
        ({"note": [{"text": "x"}, None]}, "note.1: null"),
        ({"recordedDate": 1704067200}, "recordedDate: another"),
        ({"onsetPeriod": {"start": 20260101}}, "onsetPeriod.start: another"),
        ({"meta": {"lastUpdated": 5}}, "meta.lastUpdated: another"),
        (extension(valueDecimal="1.2"), "extension.0.valueDecimal: another"),
        (extension(valueInteger="1"), "extension.0.valueInteger: another"),
        (extension(valueInteger=True), "extension.0.valueInteger: another"),
        (extension(valueBoolean="true"), "extension.0.valueBoolean: another"),
        (extension(valueBoolean=1), "extension.0.valueBoolean: another"),
        (extension(valueTime=45), "extension.0.valueTime: another"),
        ({"code": {"text": "a\0b"}}, "code.text: holds a NUL"),
        ({"a\0b": 1}, "?: a name"),
        ({"code": {"text": "a\ud800"}}, "code.text: holds a NUL character or half"),
        ({"subject": {"reference": "Patient/" + "1" * LONGEST_NAME}}, "subject.reference: longer"),
        ({"identifier": [{"value": "ü" * LONGEST_NAME}]}, "identifier.0.value: longer"),
        (deep(130), "nested more than"),
        ({"id": ""}, "id: "),
        ({"id": "a" * 65}, "id: "),
        ({"id": 5}, "id: "),
        ({"id": ".."}, "id: not an id"),
    ],
)
def test_what_breaks_later_is_a_complaint(changes: dict[str, Any], place: str) -> None:
    """Null, one JSON type for another, NUL, depth and overlong names are told by their place."""
    found = complaints(condition(**changes))
    assert place in "; ".join(found)


@pytest.mark.parametrize(
    "changes",
    [
        {"meta": {}},
        {"code": {"text": "😀 fever, \U0010ffff"}},
        {"note": [{"text": "x" * 100_000}]},
        extension(valueDecimal=1),
        extension(valueDecimal=1.25),
        extension(valueBoolean=False),
        {"recordedDate": "2026"},
        {"onsetAge": {"value": 7, "unit": "a", "_unit": {"extension": [{"url": "urn:x"}]}}},
        {"contained": [{"resourceType": "Patient", "name": [
            {"given": ["A", None], "_given": [None, {"extension": [{"url": "urn:x"}]}]}]}]},
        deep((DEEPEST - 4) // 2),
    ],
)  # fmt: skip
def test_what_is_right_is_no_complaint(changes: dict[str, Any]) -> None:
    """Legal FHIR passes: nulls that keep a place, whole decimals, partial dates, long texts."""
    assert complaints(condition(**changes)) == []


def test_complaints_are_few_and_quote_nothing() -> None:
    """Of many faults the first are told, and no name or value that was sent."""
    many = [{f"{NAME} Doe": None, "text": NAME + "\0"}] * 500
    worst: list[dict[str, Any]] = [{"note": many}, {"extension": [{}] * 500}, {NAME + " x": 1}]
    for changes in worst:
        found = complaints(condition(**changes))
        assert 0 < len(found) <= WORST_SHOWN
        assert NAME not in "".join(found)
