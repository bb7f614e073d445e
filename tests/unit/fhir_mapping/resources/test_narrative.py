"""The narrative says what the resource says, escaped, and changes with it."""

import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

import orjson
import pytest

from fhir_mapping.extraction import extract
from fhir_mapping.resources.narrative import LINES
from fhir_mapping.resources.retraction import nullified, retracted
from models.db.resources.stamping import verbatim
from tests.golden.markup import RUN, read
from tests.validity.check import problems

Json = dict[str, Any]
WARD = (
    "No [severe|Severity >1] [pneumonia|Disease_disorder negated @0.87], [gout|Disease_disorder]"
    " of the [toe|Biological_structure >2] since [2014|Date >2], [aspirin|Medication]"
    " [81 mg|Dosage >5] on [3 May 2019|Date >5], [biopsy|Diagnostic_procedure] in [2015|Date >8],"
    " [sodium|Diagnostic_procedure] [high|Lab_value >10], [150 mmol/L|Lab_value >10],"
    " [asthma|Disease_disorder family:mother] at [age 45|Age >13],"
    " [lupus|Disease_disorder family:aunt] in her [40s|Age >15],"
    " [psoriasis|Disease_disorder family:sister] in her early [40s|Age >17],"
    " [migraine|Disease_disorder] since his [40s|Age >19],"
    " [colectomy|Therapeutic_procedure] in his [40s|Age >21]."
    " Allergies: [codeine|Medication hypothetical] - [nausea|Sign_symptom hypothetical],"
    " [wheezing|Sign_symptom]. Allergic to [latex|Medication hypothetical]."
    " [BP|Diagnostic_procedure] [120/80|Lab_value >27]"
)
# Elements that are told otherwise, or that only say how the resource is to be read.
APART = {"resourceType", "id", "meta", "text", "extension", "target", "reason", "occurredPeriod"}
CONTENT_OF_CARD = {"category", "content"}


def made(marked: str) -> list[Json]:
    one, reading = read(marked)
    extraction = extract([one], [reading], (), run=RUN, card="# Card")
    found = (finding.resource for finding in extraction.findings if finding.resource)
    return [dict(each) for each in (*found, *extraction.records)]


def lines(resource: Json) -> list[str]:
    """Return the lines of a narrative as a browser shows them."""
    root = ET.fromstring(resource["text"]["div"])  # noqa: S314 - our own words
    return ["".join(line.itertext()) for line in root]


def test_a_narrative_in_full() -> None:
    """What a clinician reads in a raw resource: a denied disease is denied in the third line."""
    assert lines(made(WARD)[0]) == [
        "Resource: Condition",
        "Code: severe pneumonia",
        "Verification status: refuted",
        "Severity: severe",
        "Subject: Patient/1",
        "Encounter: Encounter/2",
        "Label: Artificial Intelligence asserted",
        "Derived from: reference DocumentReference/doc/_history/1, path"
        " DocumentReference.content[0].attachment, offset 10, length 9",
        "Confidence: 0.87",
    ]


def test_a_span_of_ages_is_told_with_both_ends() -> None:
    """What a Range says is said in the words of the narrative, of the patient and of a relative."""
    told = [line for each in made(WARD) for line in lines(each)]
    assert "Onset: 40 years to 49 years" in told
    assert "Performed: 40 years to 49 years" in told
    assert "Condition: lupus, onset 40 years to 49 years" in told
    assert "Condition: psoriasis, onset her early 40s" in told


def test_an_allergy_is_told_with_what_it_did() -> None:
    """The reactions of an allergen in one line, and what the words call it."""
    told = [lines(each) for each in made(WARD) if each["resourceType"] == "AllergyIntolerance"]
    assert told[0][1:5] == [
        "Code: codeine",
        "Verification status: unconfirmed",
        "Clinical status: active",
        "Reaction: nausea; wheezing",
    ]
    assert "Type: allergy" in told[1]


def test_a_blood_pressure_is_told_with_both_numbers() -> None:
    """Category, the words of the value, and each half with its unit."""
    (told,) = (lines(each) for each in made(WARD) if "component" in each)
    assert told[3:6] == [
        "Category: vital-signs",
        "Value: 120/80",
        "Component: Systolic blood pressure 120 mmHg; Diastolic blood pressure 80 mmHg",
    ]


def test_every_resource_has_a_generated_one() -> None:
    """What was found and what documents the run: each type has its narrative, and it is valid."""
    resources = made(WARD)
    assert {each["resourceType"] for each in resources} == set(LINES)
    for each in resources:
        assert each["text"]["status"] == "generated"
        assert problems(each) == []


@pytest.mark.parametrize("resource", made(WARD), ids=lambda each: str(each["id"]))
def test_no_element_is_left_out(resource: Json) -> None:
    """An element that is added to a resource has to be told: a reader sees no half of it."""
    told = {element for _, element in LINES[resource["resourceType"]]}
    plain = {name for name in resource if not name.startswith("_")} - APART
    assert plain - told == (
        CONTENT_OF_CARD if resource["resourceType"] == "DocumentReference" else set()
    )


@pytest.mark.parametrize("resource", made(WARD), ids=lambda each: str(each["id"]))
def test_it_says_no_more_than_the_resource(resource: Json) -> None:
    """Without the words of the resource nothing is left of a line but what joins them."""
    leaves = sorted({*leaves_of({**resource, "text": None})}, key=len, reverse=True)
    for line in lines(resource):
        name, _, rest = line.partition(": ")
        for leaf in leaves:
            rest = rest.replace(leaf, "")
        assert name == "Target" or not re.sub(r"[\s;,]|\b(?:from|onset|to)\b", "", rest)


def leaves_of(node: Any) -> Iterator[str]:
    """Return every word and number in a resource."""
    if isinstance(node, dict | list):
        for part in node.values() if isinstance(node, dict) else node:
            yield from leaves_of(part)
    elif node is not None and node != "":
        yield node if isinstance(node, str) else orjson.dumps(node).decode()


def test_words_of_a_note_are_words() -> None:
    """Markup in a note is shown, never obeyed; what XML cannot hold is a space."""
    (condition, *_) = made("[</p><script>x('&amp;')</script>\ufffe|Disease_disorder]")
    assert lines(condition)[1] == "Code: </p><script>x('&amp;')</script> "
    assert "<script" not in condition["text"]["div"]
    assert problems(condition) == []


def test_a_retracted_resource_says_so() -> None:
    """The narrative of what was entered in error is made anew: nothing in it is active."""
    gout = next(each for each in made(WARD) if each.get("code") == {"text": "gout"})
    assert "Clinical status: active" in lines(gout)
    gone = dict(retracted(gout))
    assert "Verification status: entered-in-error" in lines(gone)
    assert not [line for line in lines(gone) if "active" in line]
    assert retracted(gone) == gone
    assert problems(gone) == []


def test_a_stored_resource_is_retracted_with_its_digits() -> None:
    """Numbers that are kept as they were written are told as they were written."""
    gout = made("[gout|Disease_disorder @0.9]")[0]
    stored = orjson.dumps(gout).decode().replace('"valueDecimal":0.9}', '"valueDecimal":0.90}')
    gone = orjson.loads(orjson.dumps(retracted(verbatim(stored))))
    assert lines(gone)[-1] == "Confidence: 0.90"
    assert lines(gone)[-2].endswith("offset 0, length 4")


def test_the_record_of_a_retraction_is_told_too() -> None:
    """A Provenance NULLIFY counts what it retracts."""
    targets = ["Condition/1", "Condition/2", "Procedure/3"]
    told = dict(nullified(RUN, targets=targets, source="DocumentReference/doc/_history/2"))
    assert "Activity: nullify" in lines(told)
    assert "Target: 2 Condition, 1 Procedure" in lines(told)
    assert problems(told) == []
