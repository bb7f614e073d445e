"""The name of a thing is the phrase that the note uses."""

from typing import Any

import pytest

from fhir_mapping.extraction import extract
from tests.golden.markup import RUN, read
from tests.validity.check import problems


def made(marked: str) -> list[dict[str, Any]]:
    note, reading = read(marked)
    found = extract([note], [reading], (), run=RUN, card="c").findings
    resources = [dict(finding.resource) for finding in found if finding.resource]
    assert [problems(resource) for resource in resources] == [[]] * len(resources)
    return resources


@pytest.mark.parametrize(
    ("marked", "name"),
    [
        ("[Chest|Biological_structure >1] [pain|Sign_symptom] at night.", "Chest pain"),
        ("[Acute|Detailed_description >1] [bronchitis|Disease_disorder].", "Acute bronchitis"),
        (
            "[Chronic|Detailed_description >2] [back|Biological_structure >2] [pain|Sign_symptom].",
            "Chronic back pain",
        ),
        ("A [hip|Biological_structure >1] [X-ray|Diagnostic_procedure] was done.", "hip X-ray"),
        ("[Worsening|Detailed_description >1] [cough|Sign_symptom].", "cough"),
        ("[New|Detailed_description >1] [rash|Sign_symptom].", "rash"),
        ("[Chest|Biological_structure >1]: [pain|Sign_symptom].", "pain"),
        ("[Chest|Biological_structure >1]\n\n[pain|Sign_symptom].", "pain"),
        ("[Chest|Biological_structure >1:0.3] [pain|Sign_symptom].", "pain"),
        ("[Severe|Severity >1] [pain|Sign_symptom].", "pain"),
        ("[Pain|Sign_symptom] in the [chest|Biological_structure >0].", "Pain"),
        ("[Enlarged|Sign_symptom] [prostate|Biological_structure >0].", "Enlarged prostate"),
        (
            "[Enlarged|Sign_symptom] [hilar|Biological_structure >0] and"
            " [aortic nodes|Biological_structure >0].",
            "Enlarged",
        ),
    ],
)
def test_what_stands_right_before_a_head_is_part_of_its_name(marked: str, name: str) -> None:
    """Its site and kind, and a part right behind it; not its course, severity, nor after a sign."""
    [resource] = made(marked)
    assert resource["code"]["text"] == name


def test_the_words_of_a_name_have_evidence() -> None:
    """The head's is the resource's, the other words' is the name's."""
    [resource] = made("[Chest|Biological_structure >1] [pain|Sign_symptom].")
    parts = {part["url"]: part for part in resource["code"]["extension"][0]["extension"]}
    assert (parts["offset"]["valueInteger"], parts["length"]["valueInteger"]) == (0, 5)


def test_a_denial_of_a_kind_denies_that_kind() -> None:
    """ "No acute bleeding" refutes acute bleeding, not bleeding."""
    [resource] = made(
        "No [acute|Detailed_description negated >1] [bleeding|Sign_symptom negated] today."
    )
    assert resource["verificationStatus"]["coding"][0]["code"] == "refuted"
    assert resource["code"]["text"] == "acute bleeding"


def test_two_names_are_two_things() -> None:
    """Pain in the chest and pain in the back are two Conditions, each with its own id."""
    found = made(
        "[Chest|Biological_structure >1] [pain|Sign_symptom] and "
        "[back|Biological_structure >3] [pain|Sign_symptom]."
    )
    assert [one["code"]["text"] for one in found] == ["Chest pain", "back pain"]
    assert len({one["id"] for one in found}) == 2


@pytest.mark.parametrize(
    ("marked", "name"),
    [
        (
            "No [pain|Sign_symptom negated] with [urination|Detailed_description negated >0].",
            "pain with urination",
        ),
        (
            "No [pain|Sign_symptom negated] or [tenderness|Sign_symptom negated] with "
            "[flexion|Detailed_description negated >0 >1].",
            "pain with flexion",
        ),
        (
            "Denies [severe|Severity negated >2] [bowel|Biological_structure negated >2] "
            "[incontinence|Sign_symptom negated].",
            "severe bowel incontinence",
        ),
    ],
)
def test_a_denial_names_all_that_narrows_it(marked: str, name: str) -> None:
    """Without the other things that stand between."""
    first = made(marked)[0]
    assert first["verificationStatus"]["coding"][0]["code"] == "refuted"
    assert first["code"]["text"] == name


@pytest.mark.parametrize(
    ("marked", "name"),
    [
        (
            "The [lung|Biological_structure >1] has no [mass|Sign_symptom negated:no].",
            "mass",
        ),
        (
            "No [goitre|Disease_disorder negated], [thyroid|Biological_structure negated >0].",
            "goitre",
        ),
    ],
)
def test_what_is_not_denied_with_it_is_no_part_of_the_name(marked: str, name: str) -> None:
    """What stands before the cue and what a comma parts from it; a site is told as the site."""
    [resource] = made(marked)
    assert resource["code"]["text"] == name
    assert "bodySite" in resource
