import pytest

from fhir_mapping.findings.ages import age, ages, tells_age


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("age 45", (45, "years", "a")),
        ("at the age of 45", (45, "years", "a")),
        ("aged 31 years", (31, "years", "a")),
        ("age of 30 months", (30, "months", "mo")),
        ("14 months old", (14, "months", "mo")),
        ("3 weeks of age", (3, "weeks", "wk")),
        ("10 days old", (10, "days", "d")),
        ("36 hours of age", (36, "hours", "h")),
        ("45-year-old", (45, "years", "a")),
        ("38 years of age", (38, "years", "a")),
        ("45 years", None),
        ("age 0", None),
        ("age 130", None),
        ("age 5.6 years", None),
        ("about 40 years old", None),
        ("over age 40", None),
        ("age 30-35", None),
        ("2014", None),
    ],
)
def test_an_age_says_that_it_is_one(words: str, expected: object) -> None:
    """Years without "old" or "age" may be a duration; no one is 130 or 0; "about" is no age."""
    assert age(words) == expected


def test_an_age_mention_needs_no_old() -> None:
    """Where the reader says that it is an age, "45 years" is."""
    assert age("45 years", bare=True) == (45, "years", "a")


@pytest.mark.parametrize(
    ("words", "low", "high", "code"),
    [
        ("his 40s", 40, 49, "a"),
        ("in her 40's", 40, 49, "a"),
        ("their forties", 40, 49, "a"),
        ("between 30 and 35 years of age", 30, 35, "a"),
        ("between the ages of 30 and 35", 30, 35, "a"),
        ("between age 6 and 12 months", 6, 12, "mo"),
        ("age 30-35", 30, 35, "a"),
        ("aged 30 to 35 years", 30, 35, "a"),
        ("at the ages of 30–35", 30, 35, "a"),
        ("30-35-year-old", 30, 35, "a"),
        ("6 to 12 months old", 6, 12, "mo"),
        ("2-3 weeks of age", 2, 3, "wk"),
        ("3-5 days old", 3, 5, "d"),
        ("24-36 hours of age", 24, 36, "h"),
    ],
)
def test_a_span_of_ages_has_two_ends(words: str, low: int, high: int, code: str) -> None:
    """From the first to the last completed year, month, week, day or hour that the words name."""
    found = ages(words)
    assert found is not None
    assert [(end.value, end.code) for end in found] == [(low, code), (high, code)]


@pytest.mark.parametrize(
    "words",
    [
        "2-3 weeks",
        "30-35 years",
        "between 30 and 35 years",
        "between 30 and 35",
        "40s",
        "the 80s",
        "1940s",
        "his early 40s",
        "his mid-40s",
        "about his 40s",
        "his teens",
        "childhood",
        "age 35-30",
        "age 30-30",
        "age 0-5",
        "age 100-130",
        "age 6 months to 2 years",
        "30 or 35 years old",
        "over 40 years old",
        "his 45s",
    ],
)
def test_what_is_no_one_span_of_ages_is_none(words: str) -> None:
    """How long, a decade of the calendar, one end only, or ends turned round: no span of ages."""
    assert ages(words) is None


@pytest.mark.parametrize(
    ("words", "low", "high"),
    [
        ("40s", 40, 49),
        ("the sixties", 60, 69),
        ("30-35 years", 30, 35),
        ("between 30 and 35 years", 30, 35),
    ],
)
def test_an_age_mention_is_a_span_by_itself(words: str, low: int, high: int) -> None:
    """Where the reader says that it is an age, "40s" is no decade and "30-35 years" no duration."""
    found = ages(words, bare=True)
    assert found is not None
    assert [end.value for end in found] == [low, high]
    assert ages(words) is None


@pytest.mark.parametrize("words", ["early 40s", "mid-teens", "about age 45", "old age"])
def test_blurred_ages_are_still_ages(words: str) -> None:
    """They are told in words, as ages and not as times of the day."""
    assert tells_age(words)
    assert not tells_age("10 a.m.")
