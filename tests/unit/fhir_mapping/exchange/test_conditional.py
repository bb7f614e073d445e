"""Conditions: which document is meant."""

import pytest

from fhir_mapping.exchange.conditional import MOST_VALUES, unless
from models.clinical import Criteria
from models.errors import BadRequest

KIND = "DocumentReference"


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("identifier=urn:s|7", {"identifiers": ((("urn:s", "7"),),)}),
        ("?identifier=urn%3As%7C7%2B1", {"identifiers": ((("urn:s", "7+1"),),)}),
        ("identifier=|7", {"identifiers": ((("", "7"),),)}),
        ("identifier=7", {"identifiers": (((None, "7"),),)}),
        ("identifier=a|b,c", {"identifiers": ((("a", "b"), (None, "c")),)}),
        (r"identifier=a|b\,c\|d", {"identifiers": ((("a", "b,c|d"),),)}),
        ("identifier=a|b&identifier=c", {"identifiers": ((("a", "b"),), ((None, "c"),))}),
        ("_id=a-1", {"ids": (("a-1",),)}),
        ("patient=7", {"subjects": (("Patient/7",),)}),
        ("subject=7", {"subjects": (("Patient/7", "Group/7"),)}),
        (f"{KIND}?subject=Group/7&_id=a", {"subjects": (("Group/7",),), "ids": (("a",),)}),
    ],
)
def test_a_condition_means_a_document(query: str, meant: dict[str, tuple[object, ...]]) -> None:
    """By its identifiers, its id and whom it is about, as a search would."""
    assert unless(KIND, query) == Criteria(KIND, **meant)  # type: ignore[arg-type]


def test_there_may_be_no_condition() -> None:
    """Then nothing stands in the way."""
    assert unless(KIND, None) is None


@pytest.mark.parametrize(
    "query",
    ["", "status=current", "DiagnosticReport?_id=1", "identifier=urn:s|7&date=1",
     "_id=", "_id=a b", "identifier:not=a|b", "identifier=a|", "identifier=a,", "patient=Group/1/2",
     "identifier=a%00b", "_id=a," * MOST_VALUES + "a", "_id=a&" * MOST_VALUES + "_id=a", 5, {}],
)  # fmt: skip
def test_a_condition_is_never_ignored(query: object) -> None:
    """What is not understood is refused: to ignore it would store what must not be."""
    with pytest.raises(BadRequest):
        unless(KIND, query)
