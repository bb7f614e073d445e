"""Tables: pipes, tabs and aligned columns."""

import pytest

from tests.unit.models.ner.text.layout.notation import units

CASES = (
    (
        "Test | Result | Units\nSodium | 140 | mmol/L\nPotassium | 4.1 | mmol/L",
        [
            "header Test | Result | Units",
            "row Sodium | 140 | mmol/L",
            "row Potassium | 4.1 | mmol/L",
        ],
    ),
    (
        "| Drug | Dose |\n|------|------|\n| aspirin | 81 mg |",
        [
            "header Drug | Dose",
            "row aspirin | 81 mg",
        ],
    ),
    (
        "Na\t140\tnormal",
        [
            "row Na 140 normal",
        ],
    ),
    (
        "Sodium      140    mmol/L\nPotassium   4.1    mmol/L",
        [
            "row Sodium 140 mmol/L",
            "row Potassium 4.1 mmol/L",
        ],
    ),
    (
        "Aspirin\t81 mg\nPlavix\t75 mg",
        [
            "row Aspirin 81 mg",
            "row Plavix 75 mg",
        ],
    ),
    (
        "Name        Result\nSodium      140\nPotassium   4.1",
        [
            "header Name Result",
            "row Sodium 140",
            "row Potassium 4.1",
        ],
    ),
    (
        "Rate Rhythm | Finding\n------------|--------\n80 regular  | normal",
        [
            "header Rate Rhythm | Finding",
            "row 80 regular | normal",
        ],
    ),
)


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_a_table_has_its_rows(text: str, expected: list[str]) -> None:
    """A row is a unit; the row that names the columns is told from the others."""
    assert units(text) == expected
