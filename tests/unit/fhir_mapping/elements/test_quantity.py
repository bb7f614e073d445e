from typing import Any

import pytest

from fhir_mapping.elements.quantity import quantity
from fhir_mapping.findings.lab.units import UNITS


@pytest.mark.parametrize(
    ("words", "value", "code"),
    [
        ("9.1 g/dL", 9.1, "g/dL"),
        ("9.1 g/dl", 9.1, "g/dL"),
        ("60%", 60, "%"),
        ("140 mEq/L", 140, "meq/L"),
        ("120 mmHg", 120, "mm[Hg]"),
        ("37.5 °C", 37.5, "Cel"),
        ("12 µg/L", 12, "ug/L"),
        ("250 K/uL", 250, "10*3/uL"),
    ],
)
def test_number_and_unit_are_a_quantity(words: str, value: float, code: str) -> None:
    """The number as written, the unit in UCUM."""
    made: dict[str, Any] | None = quantity(words)
    assert made is not None
    assert (made["value"], made["code"]) == (value, code)
    assert words.endswith(made["unit"])


@pytest.mark.parametrize(
    "words",
    [
        "7.4",
        "9.10 g/dL",
        "1,200 U/L",
        "12-15 g/dL",
        "120/80 mmHg",
        "9,1 g/dL",
        "38.5 C",
        "5 IU",
        "5 MG/DL",
        "about 5 mg/L",
        "5 mg/L or so",
        "×109/L",
        "0 mg/L",
        "-3 mmol/L",
        "1:160",
        "",
    ],
)
def test_anything_else_stays_text(words: str) -> None:
    """A range, a lost digit, a unit in doubt or a word besides is no quantity."""
    assert quantity(words) is None


@pytest.mark.parametrize(("sign", "comparator"), [("<", "<"), (">=", ">="), ("≤", "<=")])
def test_a_comparator_is_kept(sign: str, comparator: str) -> None:
    """Less than 5 is not 5."""
    made = quantity(f"{sign}5 mg/L")
    assert made is not None
    assert made["comparator"] == comparator


def test_units_are_apart_from_numbers() -> None:
    """No unit could be read as a part of a number or begin with a digit that is one."""
    assert all(unit == unit.strip() for unit in UNITS)
    assert "x" not in UNITS
