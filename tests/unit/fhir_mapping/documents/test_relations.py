"""Which documents a DocumentReference replaces."""

import json
from typing import Any

import pytest

from fhir_mapping.documents.document_reference import loaded, parse
from fhir_mapping.documents.relations import replaces

ATTACHMENT = {"attachment": {"contentType": "text/plain", "data": ""}}


def replaced(*targets: dict[str, Any], code: str = "replaces", **changes: str) -> tuple[str, ...]:
    relations = [{"code": code, "target": target} for target in targets]
    resource = {
        "resourceType": "DocumentReference",
        "status": "current",
        "content": [ATTACHMENT],
        "relatesTo": relations,
        **changes,
    }
    return replaces(loaded(parse(json.dumps(resource), tenant="default")))


@pytest.mark.parametrize(
    ("target", "names"),
    [
        ({"reference": "DocumentReference/a"}, ("id:a",)),
        ({"reference": "http://ehr/fhir/DocumentReference/a/_history/2"}, ("id:a",)),
        (
            {"reference": "urn:uuid:6f0c1c5e-1d1f-5b2a-9a55-0d5f8a1f7c11"},
            ("id:6f0c1c5e-1d1f-5b2a-9a55-0d5f8a1f7c11",),
        ),
        ({"identifier": {"system": "urn:s", "value": "7"}}, ("urn:s|7",)),
        ({"identifier": {"value": "7"}}, ("|7",)),
        ({"reference": "DocumentReference/a", "identifier": {"value": "7"}}, ("id:a", "|7")),
        ({"display": "the old letter"}, ()),
        ({"reference": "#inside"}, ()),
    ],
)
def test_a_target_is_named_as_documents_are(target: dict[str, Any], names: tuple[str, ...]) -> None:
    """References give ids, identifiers give keys; what names no document outside gives nothing."""
    assert replaced(target) == names


def test_each_target_counts_once() -> None:
    """A document that is named twice is replaced once."""
    assert replaced({"reference": "DocumentReference/a"}, {"reference": "DocumentReference/a"}) == (
        "id:a",
    )


@pytest.mark.parametrize("code", ["appends", "transforms", "signs"])
def test_other_relations_replace_nothing(code: str) -> None:
    """An addendum, a translation and a signature leave their parent alone."""
    assert replaced({"reference": "DocumentReference/a"}, code=code) == ()


@pytest.mark.parametrize("place", ["status", "docStatus"])
def test_an_error_replaces_nothing(place: str) -> None:
    """A document entered in error takes nobody's place."""
    target = {"reference": "DocumentReference/a"}
    assert replaced(target, **{place: "entered-in-error"}) == ()
