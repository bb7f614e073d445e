import pytest

from fhir_mapping.elements.blood_pressure import components


def numbers(name: str, words: str) -> list[object]:
    """Return the two numbers of a pressure, none where it is not taken apart."""
    parts = components(name, words, {}).get("component", [])
    assert isinstance(parts, list)
    assert all(part["valueQuantity"]["code"] == "mm[Hg]" for part in parts)
    return [part["valueQuantity"]["value"] for part in parts]


@pytest.mark.parametrize(
    ("name", "words", "expected"),
    [
        ("BP", "120/80", [120, 80]),
        ("Blood pressure", "158 / 92 mmHg", [158, 92]),
        ("blood pressure", "120 over 80", [120, 80]),
        ("B/P", "118/60 mm Hg", [118, 60]),
        ("BP", "80/120", []),
        ("BP", "16/10", []),
        ("BP", "16/10 kPa", []),
        ("BP", "120/80 kPa", []),
        ("BP", "120", []),
        ("BP", "120/80/70", []),
        ("BP", "120-130/80", []),
        ("BP", "> 180/100", []),
        ("BP", "400/200", []),
        ("systolic BP", "120/80", []),
        ("visual acuity", "40/20", []),
    ],
)
def test_a_blood_pressure_is_two_numbers(name: str, words: str, expected: list[int]) -> None:
    """Only what a cuff can show, under the name of the blood pressure, is taken apart."""
    assert numbers(name, words) == expected
