"""If-None-Exist: which document must not be there."""

import pytest

from fhir_mapping.exchange.conditional import unless
from models.errors import BadRequest


@pytest.mark.parametrize(
    ("query", "name"),
    [
        (None, None),
        ("identifier=urn:s|7", "urn:s|7"),
        ("?identifier=urn%3As%7C7%2B1", "urn:s|7+1"),
        ("identifier=|7", "|7"),
        ("_id=a-1", "id:a-1"),
    ],
)
def test_a_condition_names_a_document(query: str | None, name: str | None) -> None:
    """It is named as its sender names it, or by its FHIR id."""
    assert unless(query) == name


@pytest.mark.parametrize(
    "query",
    ["", "patient=1", "identifier=7", "identifier=urn:s|7&patient=1", "identifier=a|b,c|d",
     "_id=", "_id=a b", "identifier:not=a|b", "identifier=a|", 5, {}],
)  # fmt: skip
def test_a_condition_is_never_ignored(query: object) -> None:
    """What is not understood is refused: to ignore it would store what must not be."""
    with pytest.raises(BadRequest):
        unless(query)
