"""What a FHIR id may be."""

import pytest

from models.fhir_ids import is_id


@pytest.mark.parametrize(
    ("value", "wanted"),
    [("7", True), ("a-B.9", True), ("x" * 64, True), ("x" * 65, False), ("", False)],
)
def test_an_id_has_1_to_64_signs(value: str, wanted: bool) -> None:  # noqa: FBT001
    """R4 limits its length."""
    assert is_id(value) is wanted


@pytest.mark.parametrize("value", ["a/b", "a_b", "a b", "7\n", "\u0663"])
def test_other_signs_make_no_id(value: str) -> None:
    """Letters and digits of ASCII, hyphen and dot only; a line break at the end counts too."""
    assert not is_id(value)
