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
        ("Sjögren syndrome", TITLE),
        ("COPD–asthma", TITLE),
    ],
)
def test_accents_and_dashes_hide_no_name(name: str, cue: str) -> None:
    """They are written in many ways."""
    assert of(name, cue)
    assert not of(name, "resolved")


@pytest.mark.parametrize("cue", ["in the past", "previously", "in 2009"])
def test_when_it_was_ends_what_can_be_overcome(cue: str) -> None:
    """The note may mean that; heart failure stays, whenever it was found."""
    assert not any(of(name, cue) for name in ("alcoholism", "depression", "substance abuse"))
    assert all(of(name, cue) for name in ("heart failure", "CHF", "type 2 diabetes"))


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
