from typing import Any

import pytest

from fhir_mapping.exchange.operation_outcome import ISSUE_TYPES, OTHERWISE, accepted, outcome
from models import errors
from models.errors import BiomedError, DatabaseUnavailable, MissingSubject, NotADocument
from tests.validity.check import problems


def codes() -> set[str]:
    """Return the code of every error there is."""
    found = [BiomedError]
    for kind in found:
        found += kind.__subclasses__()
    return {kind.code for kind in found if kind.__module__ == errors.__name__}


def test_an_error_says_its_type_code_and_sentence() -> None:
    """One issue: the FHIR issue type, our code, and the message."""
    made: dict[str, Any] = outcome(NotADocument(reason="status: missing"))
    (issue,) = made["issue"]
    assert issue["code"] == "structure"
    assert issue["details"]["coding"] == [{"code": "not-a-document-reference"}]
    assert "status: missing" in issue["details"]["text"]


def test_several_errors_are_several_issues() -> None:
    """Every error is its own issue."""
    made: dict[str, Any] = outcome(MissingSubject(), DatabaseUnavailable(kind="x"))
    assert [issue["code"] for issue in made["issue"]] == ["required", "transient"]


@pytest.mark.parametrize("code", sorted(codes()))
def test_every_error_is_a_valid_outcome(code: str) -> None:
    """Whatever fails, the OperationOutcome is valid R4."""
    kind = type("Some", (BiomedError,), {"code": code, "__doc__": "Something."})
    assert problems(outcome(kind())) == []


def test_the_table_names_only_errors_there_are() -> None:
    """No row is left over from an error that is gone."""
    assert set(ISSUE_TYPES) <= codes()
    assert OTHERWISE == "exception"


def test_what_was_done_is_an_outcome_too() -> None:
    """An information issue is valid."""
    assert problems(accepted("2 documents stored")) == []
