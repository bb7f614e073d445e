"""A name's own words say what it is of: its tag, and the head word of a History."""

from typing import Any

import pytest

from fhir_mapping.extraction import extract
from fhir_mapping.findings.assertion_status import status_of
from models.clinical import Assertion, Cue, Extraction, Mention
from tests.golden.markup import RUN, read
from tests.validity.check import problems


def made(marked: str) -> Extraction:
    one, reading = read(marked)
    return extract([one], [reading], (), run=RUN, card="# Card")


def only(marked: str) -> Any:
    """Return the one resource, or None."""
    (finding,) = made(marked).findings
    assert finding.resource is None or problems(finding.resource) == []
    return finding.resource


@pytest.mark.parametrize(
    ("marked", "kind"),
    [
        ("[chill (finding)|Diagnostic_procedure]", "Condition"),
        ("[chill|Therapeutic_procedure] (finding)", "Condition"),
        ("[asthma (disorder)|Medication]", "Condition"),
        ("[hospice care (regime/therapy)|History]", "Procedure"),
        ("[hospice care|Disease_disorder] (regime/therapy)", "Procedure"),
        ("[Lumbar puncture (Procedure)|Sign_symptom]", "Procedure"),
        ("[aspirin (product)|Disease_disorder]", "MedicationStatement"),
        # No tag, a tag that may be anything, a tag of the next name.
        ("[chill|Diagnostic_procedure]", "Procedure"),
        ("[history of stroke (situation)|History]", "Condition"),
        ("[aspirin (substance)|Medication]", "MedicationStatement"),
        ("[cough|Disease_disorder], [biopsy (procedure)|Procedure]", "Condition"),
        ("[gout|Disease_disorder] (a finding of old)", "Condition"),
    ],
)
def test_a_tag_says_more_than_a_label(marked: str, kind: str) -> None:
    """SNOMED CT's tag is the note's own word for what is named; without one the label counts."""
    assert only(marked)["resourceType"] == kind


def test_a_tagged_problem_of_a_relative_is_the_relatives() -> None:
    """A tag never puts a relative's disease on the patient."""
    found = only("[asthma (disorder)|Diagnostic_procedure family:mother]")
    assert found["resourceType"] == "FamilyMemberHistory"
    assert only("[biopsy (procedure)|Disease_disorder family:mother]") is None


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("history of warfarin use", "MedicationStatement"),
        ("prior use of methotrexate", "MedicationStatement"),
        ("previous atorvastatin therapy", "MedicationStatement"),
        ("history of appendectomy", "Procedure"),
        # May be taken now, is a problem of a drug, or is several things.
        *((one, "Condition") for one in ("warfarin", "on warfarin", "takes metformin daily")),
        ("history of warfarin toxicity", "Condition"),
        ("history of insulin overdose", "Condition"),
        ("history of aspirin and warfarin use", "Condition"),
    ],
)
def test_the_head_of_a_history(words: str, kind: str) -> None:
    """A past drug is completed, a past procedure too; all else is an inactive Condition."""
    found = only(f"[{words}|History]")
    assert found["resourceType"] == kind
    status = found.get("status") or found["clinicalStatus"]["coding"][0]["code"]
    assert status == ("inactive" if kind == "Condition" else "completed")


def self_denied(text: str, label: str, words: str) -> tuple[Mention, Assertion]:
    """Return a mention that a word of its own denies."""
    at = text.index(words)
    cue = Cue("negated", at, at + len(words), words)
    return Mention(0, len(text), text, label, 0.9), Assertion(negated=True, cues=(cue,))


@pytest.mark.parametrize(
    ("text", "words"),
    [("absence of appetite", "absence of"), ("no fever", "no"), ("no pain (finding)", "no")],
)
@pytest.mark.parametrize("label", ["Sign_symptom", "Disease_disorder", "Medication", "History"])
def test_what_denies_itself_is_not_denied_again(text: str, words: str, label: str) -> None:
    """A refuted "absence of appetite" would say that there is appetite: nothing is said."""
    assert status_of(*self_denied(text, label, words)) == "not_expressible"


def test_a_denial_outside_the_words_is_one() -> None:
    """What is read as "fever" in "no fever" is denied as ever."""
    assertion = Assertion(negated=True, cues=(Cue("negated", 0, 2, "No"),))
    assert status_of(Mention(3, 8, "fever", "Sign_symptom", 0.9), assertion) == "negated"


@pytest.mark.parametrize(
    ("label", "said"), [("History", "historical"), ("Sign_symptom", "asserted")]
)
def test_a_name_with_not_in_it_is_a_name(label: str, said: str) -> None:
    """So is a state called: the "not" in "not in labor force (finding)" denies it to nobody."""
    assert status_of(*self_denied("not in labor force (finding)", label, "not")) == said


def test_the_tag_behind_a_mention_makes_it_a_name() -> None:
    """A reader may leave the tag outside what it reads; the name is the same."""
    inside = only("[Not in labor force (finding)|Sign_symptom]")
    behind = only("[Not in labor force|Sign_symptom] (finding)")
    assert inside
    assert behind
    assert behind["clinicalStatus"] == inside["clinicalStatus"]
    assert behind["verificationStatus"] == inside["verificationStatus"]


@pytest.mark.parametrize(
    "words",
    [
        "no history of asthma (disorder)",
        "not in labor force (finding), no asthma (disorder)",
        "not a smoker",
        "never smoked tobacco (finding)",
        "normal development",
    ],
)
def test_a_history_that_denies_stays_not_expressible(words: str) -> None:
    """A tag makes a name of "not …" only; whatever else a History denies, nothing is made of it."""
    assert only(f"[{words}|History]") is None


@pytest.mark.parametrize("words", ["normal pregnancy", "two normal vaginal deliveries"])
def test_what_went_well_did_happen(words: str) -> None:
    """A normal pregnancy is one."""
    assert only(f"[{words}|History]")["code"] == {"text": words}
