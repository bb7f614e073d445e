"""Which diseases of a past history the patient still has."""

import pytest

from fhir_mapping.findings.chronic_diseases import EPISODES, LASTING, lasts
from models.clinical import Assertion, Cue, Mention

TITLE = "Past Medical History: "


def of(name: str, cue: str = TITLE) -> bool:
    text = cue + name
    mention = Mention(len(cue), len(text), name, "Disease_disorder", 1.0)
    said = Assertion(historical=True, cues=(Cue("historical", 0, len(cue), cue),))
    return lasts(mention, said)


@pytest.mark.parametrize(
    ("name", "cue"),
    [
        ("heart failure", "previously"),
        ("CHF", "in the past"),
        ("type 2 diabetes", "in 1983"),
        ("Sjögren syndrome", TITLE),
    ],
)
def test_when_a_lasting_disease_was_told_does_not_end_it(name: str, cue: str) -> None:
    """What is found in 1983, or was there in the past, is there; accents hide no name."""
    assert of(name, cue)
    assert not of(name, "resolved")


@pytest.mark.parametrize(
    "name",
    [
        "diabetes mellitus type 2",
        "COPD",
        "essential hypertension",
        "Crohn's disease",
        "chronic kidney disease stage 3",
        "epilepsy",
        "alcohol use disorder",
        "overactive bladder",
        "endometriosis",
        "cervical dystonia",
        "Systolic\nheart failure",
    ],
)
def test_a_lasting_disease_of_the_past_history_is_still_there(name: str) -> None:
    """A list of what a patient has does not end what it lists."""
    assert of(name)


@pytest.mark.parametrize(
    "name",
    [
        "myocardial infarction",
        "appendicitis",
        "pneumonia",
        "fracture",
        "childhood asthma",
        "diabetic ketoacidosis",
        "gestational diabetes",
        "asthma exacerbation",
        "breast cancer",
        "kidney stones",
    ],
)
def test_an_event_of_the_past_history_is_over(name: str) -> None:
    """What ends by itself, and an episode of what lasts, stays in the past."""
    assert not of(name)


@pytest.mark.parametrize("cue", ["previously had ", "resolved ", "remote history of ", "former "])
def test_a_cue_that_says_more_than_that_it_was_listed_has_the_word(cue: str) -> None:
    """A lasting disease is past where the note says so by more than a list."""
    assert not of("asthma", cue)


def test_no_name_stands_in_both_tables() -> None:
    """A name cannot both last and be an episode."""
    assert not set(LASTING) & set(EPISODES)
