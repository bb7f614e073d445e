from typing import Any, get_args

import pytest

from fhir_mapping.extraction import extract
from fhir_mapping.findings.labels import Kind
from fhir_mapping.findings.policy import TYPES, Negated, Policy, SignSymptom, least_scores
from tests.golden.markup import RUN, read
from tests.validity.check import problems

WARD = (
    "[Fever|Sign_symptom], no [cough|Sign_symptom negated], perhaps"
    " [nausea|Sign_symptom uncertain], no [gout|Disease_disorder negated], never took"
    " [aspirin|Medication negated], her mother has a [rash|Sign_symptom family:mother]."
)


def made(policy: Policy) -> list[dict[str, Any]]:
    one, reading = read(WARD)
    found = extract([one], [reading], (), run=RUN, card="c", policy=policy).findings
    resources = [dict(finding.resource) for finding in found if finding.resource]
    assert [problems(resource) for resource in resources] == [[]] * len(resources)
    return resources


def names(policy: Policy) -> list[tuple[str, str | None]]:
    """Return type and words of each resource."""
    return [
        (one["resourceType"], one.get("code", one.get("medicationCodeableConcept", {})).get("text"))
        for one in made(policy)
    ]


@pytest.mark.parametrize("negated", ["refuted", "nothing"])
def test_what_is_denied_is_refuted_or_nothing(negated: Negated) -> None:
    """The setting is for problems; a drug not taken stays one."""
    found = names(Policy(negated=negated))
    assert (("Condition", "gout") in found) == (negated == "refuted")
    assert (("Condition", "cough") in found) == (negated == "refuted")
    assert ("MedicationStatement", "aspirin") in found


@pytest.mark.parametrize(
    ("choice", "kind"), [("condition", "Condition"), ("observation", "Observation")]
)
def test_a_sign_is_what_was_chosen(choice: SignSymptom, kind: str) -> None:
    """A sign or symptom becomes a Condition or an Observation, a relative's always a history."""
    found = names(Policy(sign_symptom=choice))
    assert (kind, "Fever") in found
    assert (kind, "cough") in found
    assert ("FamilyMemberHistory", None) in found
    assert ("Condition", "gout") in found


def test_a_sign_can_be_nothing() -> None:
    """Then nothing of it is found, not even that it was denied."""
    words = [name for _, name in names(Policy(sign_symptom="nothing"))]
    assert words == ["gout", "aspirin"]


def test_an_observed_sign_is_there_or_not() -> None:
    """Its value is whether it is there; a doubt has no place in an Observation."""
    found = made(Policy(sign_symptom="observation"))
    signs = {one["code"]["text"]: one for one in found if one["resourceType"] == "Observation"}
    assert {name: one["valueBoolean"] for name, one in signs.items()} == {
        "Fever": True,
        "cough": False,
    }
    assert {one["status"] for one in signs.values()} == {"unknown"}


def test_an_unsure_reading_makes_no_resource() -> None:
    """Below the least score the finding and its mentions stay, without a resource."""
    one, reading = read("[Gout|Disease_disorder @0.4]. [Sepsis|Disease_disorder @0.6].")
    policy = Policy(least_scores=least_scores("0.5"))
    found = extract([one], [reading], (), run=RUN, card="c", policy=policy)
    assert [(each.text, each.resource is None) for each in found.findings] == [
        ("Gout", True),
        ("Sepsis", False),
    ]


def test_every_type_that_is_made_can_have_a_least_score() -> None:
    """The types that the setting knows are those of the mapping."""
    assert frozenset(get_args(Kind)) == TYPES


def test_each_type_has_its_least_score() -> None:
    """A score alone is that of the types that are not named."""
    policy = Policy(least_scores=least_scores("0.3, Procedure=0.4"))
    assert (policy.least_score("Procedure"), policy.least_score("Condition")) == (0.4, 0.3)
    assert Policy().least_score("Condition") == 0.0


@pytest.mark.parametrize("said", ["", "high", "1.5", "Procedures=0.4", "Procedure=", "nan"])
def test_what_says_no_scores_is_refused(said: str) -> None:
    """A misspelt type would else be ignored, and its resources made."""
    with pytest.raises(ValueError, match=r"score|float|type"):
        least_scores(said)
