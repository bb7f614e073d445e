"""What of the words before and around a time is part of it."""

from typing import Any

import pytest

from fhir_mapping.extraction import extract
from tests.golden.markup import RUN, read
from tests.validity.check import problems


def told(marked: str, element: str) -> Any:
    """Return what the first resource says under a choice (`onset`): its type and its value."""
    note, reading = read(marked)
    resource = extract([note], [reading], (), run=RUN, card="#").findings[0].resource
    assert resource is not None
    assert problems(resource) == []
    found: Any = dict(resource)
    found = found["condition"][0] if element == "relative" else found
    stem = "onset" if element == "relative" else element
    values = {name: value for name, value in found.items() if name.startswith(stem)}
    return {name.removeprefix(stem): short(value) for name, value in values.items()}


def short(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    ends = [value[end] for end in ("low", "high") if end in value] or [value]
    return "-".join(str(end["value"]) for end in ends) + ends[0]["code"]


@pytest.mark.parametrize(
    ("marked", "onset"),
    [
        ("[X|Disease_disorder] since his [40s|Age >0]", {"Range": "40-49a"}),
        ("[X|Disease_disorder] since [his forties|Date >0]", {"Range": "40-49a"}),
        ("[X|Disease_disorder] with onset in her [40s|Date >0]", {"Range": "40-49a"}),
        (
            "[X|Disease_disorder], onset between [30 and 35 years of age|Age >0]",
            {"Range": "30-35a"},
        ),
        (
            "[X|Disease_disorder], onset between the ages of [30 and 35|Date >0]",
            {"Range": "30-35a"},
        ),
        ("[X|Disease_disorder] since the [age of 6-12 months|Age >0]", {"Range": "6-12mo"}),
        ("[X|Disease_disorder] since the [80s|Date >0]", {"String": "since 80s"}),
        ("[X|Disease_disorder] since about [age 40|Age >0]", {"String": "since about age 40"}),
        (
            "[X|Disease_disorder] since about the [age of 4|Age >0]",
            {"String": "since about the age of 4"},
        ),
        ("[X|Disease_disorder] since his early [40s|Age >0]", {"String": "since his early 40s"}),
        (
            "[X|Disease_disorder] since age [6 months to 2 years|Age >0]",
            {"String": "since age 6 months to 2 years"},
        ),
        ("[X|Disease_disorder] since early [2014|Date >0]", {"String": "since early 2014"}),
        ("[X|Disease_disorder] since 30 or [35 years of age|Age >0]", {}),
        ("[X|Disease_disorder] since [30|Age >0] or 35 years of age", {}),
        ("[X|Disease_disorder] in her [40s|Age >0]", {}),
        ("[X|Disease_disorder] for [2-3 weeks|Duration >0]", {}),
        ("[X|Disease_disorder] since [2-3 weeks|Duration >0]", {"String": "since 2-3 weeks"}),
        (
            "[X|Disease_disorder] over the [last one month|Duration >0]",
            {"String": "over the last one month"},
        ),
        (
            "[X|Disease_disorder] over the past [two days|Duration >0]",
            {"String": "over the past two days"},
        ),
        (
            "About a [3-week|Duration >1] history of [X|Disease_disorder]",
            {"String": "About a 3-week history"},
        ),
    ],
)
def test_when_a_problem_began(marked: str, onset: object) -> None:
    """A span of ages is a Range; whatever blurs an age or says how long stays words."""
    assert told(marked, "onset") == onset


@pytest.mark.parametrize(
    ("marked", "performed"),
    [
        ("[X|Therapeutic_procedure] in his [40s|Age >0]", {"Range": "40-49a"}),
        ("[X|Therapeutic_procedure] at age [45|Age >0]", {"Age": "45a"}),
        ("[X|Therapeutic_procedure] at [age 30-35|Date >0]", {"Range": "30-35a"}),
        ("[X|Therapeutic_procedure] at [36 hours of age|Age >0]", {"Age": "36h"}),
        ("[X|Therapeutic_procedure] at [2-3 weeks of age|Age >0]", {"Range": "2-3wk"}),
        ("[X|Therapeutic_procedure] at about [age 45|Age >0]", {"String": "about age 45"}),
        ("[X|Therapeutic_procedure] in his early [40s|Age >0]", {"String": "his early 40s"}),
        (
            "[X|Therapeutic_procedure] at [35 to 30 years of age|Age >0]",
            {"String": "35 to 30 years of age"},
        ),
        ("[X|Therapeutic_procedure] in about [2004|Date >0]", {"String": "about 2004"}),
        (
            "[X|Therapeutic_procedure] between [2004 and 2006|Date >0]",
            {"String": "between 2004 and 2006"},
        ),
        ("[X|Therapeutic_procedure] between [2004|Date >0] and discharge", {}),
        ("[X|Therapeutic_procedure] before [age 45|Age >0]", {}),
        ("[X|Therapeutic_procedure] by about [age 45|Age >0]", {}),
        ("[X|Therapeutic_procedure] for about [3 hours|Duration >0]", {"String": "about 3 hours"}),
        ("[X|Therapeutic_procedure] for [2-3 weeks|Duration >0]", {"String": "2-3 weeks"}),
        ("[X|Therapeutic_procedure] since about [2012|Date >0]", {}),
        ("The [X|Therapeutic_procedure] was performed [2014|Date >0]", {"DateTime": "2014"}),
        ("The [X|Therapeutic_procedure] was performed \n [2014|Date >0]", {"DateTime": "2014"}),
        ("The [X|Therapeutic_procedure] was outperformed [2014|Date >0]", {}),
    ],
)
def test_when_something_was_done(marked: str, performed: object) -> None:
    """An age or a span of ages where the words are one; what stands before them is not lost."""
    assert told(marked, "performed") == performed


@pytest.mark.parametrize(
    ("marked", "age"),
    [
        (
            "His brother, [30 years old|Age], has [X|Disease_disorder family:brother]",
            {"Age": "30a"},
        ),
        ("His brother, aged [30|Age], has [X|Disease_disorder family:brother]", {"Age": "30a"}),
        ("His [30-year-old|Age] brother has [X|Disease_disorder family:brother]", {"Age": "30a"}),
        (
            "His brother is in his [40s|Age] with [X|Disease_disorder family:brother]",
            {"Range": "40-49a"},
        ),
        ("Sister ([30-35 years|Age]) has [X|Disease_disorder family:sister]", {"Range": "30-35a"}),
        (
            "Her sister, in her early [40s|Age], has [X|Disease_disorder family:sister]",
            {"String": "her early 40s"},
        ),
        (
            "Her sister, about [30 years old|Age], has [X|Disease_disorder family:sister]",
            {"String": "about 30 years old"},
        ),
        ("His brother, [30 years old|Age], had [X|Disease_disorder family:brother]", {}),
        ("His late father, [60 years old|Age], [X|Disease_disorder family:father]", {}),
        ("Father died, [60 years old|Age], of [X|Disease_disorder family:father]", {}),
        ("Mother was [60 years old|Age] with [X|Disease_disorder family:mother]", {}),
        ("Mother has [X|Disease_disorder family:mother]. He is [60 years old|Age].", {}),
        ("A [60-year-old|Age] man. Mother has [X|Disease_disorder family:mother]", {}),
        ("Relatives, [60 years old|Age], have [X|Disease_disorder family:relatives]", {}),
        ("His brother, [2014|Date], has [X|Disease_disorder family:brother]", {}),
    ],
)
def test_how_old_a_relative_is(marked: str, age: object) -> None:
    """The age that stands beside the word for one relative, in a sentence about now."""
    assert told(marked, "age") == age


@pytest.mark.parametrize(
    ("words", "onset"),
    [
        ("in her [40s|Age >0]", {"Range": "40-49a"}),
        ("diagnosed in her [forties|Date >0]", {"Range": "40-49a"}),
        ("between [30 and 35 years of age|Age >0]", {"Range": "30-35a"}),
        ("between 30 and [35 years of age|Age >0]", {}),
        ("at 30 to [35 years of age|Age >0]", {}),
        ("at age [45|Age >0]", {"Age": "45a"}),
        ("at about [age 45|Age >0]", {"String": "about age 45"}),
        ("in her early [40s|Age >0]", {"String": "her early 40s"}),
        ("at [10 a.m.|Date >0]", {}),
        ("and died in her [40s|Age >0]", {}),
        ("for [2-3 years|Duration >0]", {}),
    ],
)
def test_when_a_relatives_problem_began(words: str, onset: object) -> None:
    """The same of a relative, right behind the disease alone: no age at death, no time of day."""
    assert told(f"[X|Disease_disorder family:mother] {words}", "relative") == onset


def test_an_age_in_a_clause_is_an_onset_and_two_are_none() -> None:
    """The clause is its own evidence; two ages for one disease of one relative are left out."""
    clause = "[Mother had gout at 45|Family_history]"
    assert told(clause, "relative") == {"Age": "45a"}
    again = "[gout|Disease_disorder family:mother] at [age 50|Age >1]"
    assert told(f"{clause}. Mother had {again}", "relative") == {}
    assert told("[Mother died of gout at 45|Family_history]", "relative") == {}
    assert told("[Mother had gout at 200|Family_history]", "relative") == {"String": "at 200"}
    assert told("[aunt had gout in her late 40s|Family_history]", "relative") == {
        "String": "in her late 40s"
    }
