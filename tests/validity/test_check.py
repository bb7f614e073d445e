"""The checker checked: it passes what is right and catches every planted error."""

import copy
from typing import Any

import pytest

from fhir_mapping.extraction import extract
from tests.golden.markup import RUN, read
from tests.validity.check import problems
from tests.validity.planted import PLANTED, Change

Json = dict[str, Any]


def valid() -> dict[str, Json]:
    """Return one valid resource of each type."""
    one, reading = read(
        "[gout|Disease_disorder] [aspirin|Medication] [5 mg|Dosage >1]"
        " [biopsy|Diagnostic_procedure] [asthma|Disease_disorder family:mother]"
        " [sodium|Diagnostic_procedure] [high|Lab_value >5], [150 mmol/L|Lab_value >5]"
        " on [3 May 2019|Date >5]. Allergic to [latex|Medication]: [hives|Sign_symptom]"
    )
    made = extract([one], [reading], (), run=RUN, card="# Card")
    resources = [*(f.resource for f in made.findings if f.resource), *made.records]
    return {str(each["resourceType"]): copy.deepcopy(dict(each)) for each in resources}


@pytest.mark.parametrize("kind", sorted(valid()))
def test_what_is_right_passes(kind: str) -> None:
    """A valid resource of each type has no problem, so that a planted error is the only one."""
    assert problems(valid()[kind]) == []


@pytest.mark.parametrize(
    ("kind", "changes", "said"), [row[1:] for row in PLANTED], ids=[row[0] for row in PLANTED]
)
def test_a_planted_error_is_caught(kind: str, changes: tuple[Change, ...], said: str) -> None:
    """Each planted error is reported, by what it is or where it lies."""
    resource = valid()[kind]
    for change in changes:
        change(resource)
    assert any(said in problem for problem in problems(resource))


def test_an_unknown_type_is_a_problem() -> None:
    """What is no R4 resource is said to be none."""
    assert "resourceType is no R4 resource" in problems({"resourceType": "Wish", "id": "1"})
