"""What no test can show is no value of it."""

import pytest

from fhir_mapping.findings.lab.value_kinds import is_pending, is_value


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("cath", "22:55"),
        ("CT", "at 9:05 pm"),
        ("troponin", "x2"),
        ("troponin", "two times"),
        ("PE", "unlikely"),
        ("lactate", "repeated"),
        ("glucose", "watched closely"),
        ("sinus rhythm", "94"),
    ],
)
def test_a_time_a_count_a_doubt_and_a_deed_are_no_values(name: str, words: str) -> None:
    """Of a test that is so written the note tells no result."""
    assert not is_value(name, words)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ANA", "1:40"),
        ("orientation", "x3"),
        ("troponin", "negative"),
        ("rate and rhythm", "94"),
        ("rhythm", "regular"),
        ("BP", "120/80"),
        ("hemoglobin", "8.1"),
    ],
)
def test_a_result_is_a_value(name: str, words: str) -> None:
    """A titer is no time of day, and a rate has a number."""
    assert is_value(name, words)


def test_a_pending_result_is_none_yet() -> None:
    """Whatever else is linked to the test."""
    assert is_pending(["negative", "still pending"])
    assert not is_pending(["negative"])
