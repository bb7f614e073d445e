"""Words that name nothing a chart lists make no resource; the finding stays."""

import pytest

from fhir_mapping.extraction import extract
from tests.golden.markup import RUN, read


def resources(marked: str) -> list[object]:
    note, reading = read(marked)
    found = extract([note], [reading], (), run=RUN, card="c").findings
    assert len(found) == 1
    return [finding.resource for finding in found if finding.resource]


@pytest.mark.parametrize(
    "marked",
    [
        "Her [symptoms|Sign_symptom] began then.",
        "No [other complications|Disease_disorder negated].",
        "He is [doing well|Sign_symptom].",
        "She was [alert and oriented|Sign_symptom].",
        "Abdomen [soft|Sign_symptom].",
        "[Well-developed|Sign_symptom] man.",
        "Takes her [medications|Medication] daily.",
        "On [physical examination|Diagnostic_procedure] nothing was found.",
        "[Evaluation|Diagnostic_procedure] was done.",
        "A [#10 blade|Therapeutic_procedure] was used.",
        "By [blunt dissection|Therapeutic_procedure] it was freed.",
        "She [looks younger than her stated age|Sign_symptom].",
        "His father is [alive at 70|Family_history family:father].",
        "Mother: [53|Family_history family:mother].",
        "Placed in the [dorsal lithotomy position|Therapeutic_procedure].",
        "A 28-year-old [G2P2|Diagnostic_procedure].",
        "Adhesions were [taken down|Therapeutic_procedure].",
        "In [stable condition|Sign_symptom].",
        "To the laboratory in [guarded|Sign_symptom] condition.",
        "Depression in I and [aVL|Sign_symptom].",
        "[Sinus rhythm|Diagnostic_procedure] was seen.",
        "[Soft|Sign_symptom] [abdomen|Biological_structure >0].",
        "PROCEDURE IN DETAIL: The artery was [clamped|Therapeutic_procedure] at once.",
    ],
)
def test_what_names_nothing_makes_no_resource(marked: str) -> None:
    """Generic words, states, normal findings, acts as words, instruments and steps."""
    assert resources(marked) == []


@pytest.mark.parametrize(
    "marked",
    [
        "Has [withdrawal symptoms|Sign_symptom].",
        "Is [unable to swallow|Sign_symptom].",
        "He [appears dehydrated|Sign_symptom].",
        "A [radical neck dissection|Therapeutic_procedure] was done.",
        "[PFO closure|Therapeutic_procedure] in May.",
        "He [looked|Sign_symptom] away.",
        "Takes [pain medication|Medication].",
        "[Psychiatric evaluation|Diagnostic_procedure] was done.",
        "He was [intubated|Therapeutic_procedure] in the street.",
        "A [wire fixation|Therapeutic_procedure] was done.",
        "His father had [gout at 70|Family_history family:father].",
        "Had [normal pressure hydrocephalus|Disease_disorder].",
        "Went into [VF|Disease_disorder].",
    ],
)
def test_what_names_something_makes_one(marked: str) -> None:
    """A generic word with what makes it a kind, a verb outside an operation's description."""
    assert len(resources(marked)) == 1
