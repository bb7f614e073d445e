import pytest

from fhir_mapping.findings.lab.names import LABORATORY, VITAL_SIGNS, category, is_blood_pressure


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("BP", "vital-signs"),
        ("Oxygen  saturation", "vital-signs"),
        ("resting heart rate", "vital-signs"),
        ("systolic blood pressure", "vital-signs"),
        ("WBC", "laboratory"),
        ("fasting blood glucose", "laboratory"),
        ("Serum total\nbilirubin", "laboratory"),
        ("glucose tolerance", None),
        ("ejection fraction", None),
        ("T", None),
        ("serum", None),
        ("blood blood blood blood blood blood glucose", None),
        ("", None),
    ],
)
def test_a_category_is_that_of_a_known_name(name: str, expected: str | None) -> None:
    """A name is known whole, behind at most a few qualifiers, whatever its letters and blanks."""
    assert category(name) == expected


def test_no_name_is_of_both_categories() -> None:
    """A name means one thing; the table is in lower case, as it is asked."""
    assert not set(VITAL_SIGNS) & set(LABORATORY)
    assert all(name == name.casefold() for name in (*VITAL_SIGNS, *LABORATORY))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Blood Pressure", True),
        ("sitting BP", True),
        ("systolic BP", False),
        ("Diastolic blood pressure", False),
        ("pulse pressure", False),
        ("heart rate", False),
    ],
)
def test_half_a_pressure_is_no_blood_pressure(name: str, expected: bool) -> None:  # noqa: FBT001
    """Of "systolic BP 140/90" nobody knows what it is."""
    assert is_blood_pressure(name) is expected
