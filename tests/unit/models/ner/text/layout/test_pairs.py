"""Keys and values, measurements in a row, check boxes and signs."""

import pytest

from tests.unit.models.ner.text.layout.notation import units

CASES = (
    (
        "He was told the following: rest.",
        [
            "pair He was told the following: rest.",
        ],
    ),
    (
        "Time: 10:30",
        [
            "pair Time: 10:30",
        ],
    ),
    (
        "BP: 120/80\nSmoking - no\nAlcohol: none",
        [
            "pair BP: 120/80",
            "pair unchecked Smoking - no",
            "pair unchecked Alcohol: none",
        ],
    ),
    (
        "Temp 98.6",
        [
            "pair Temp 98.6",
        ],
    ),
    (
        "T 98.2 HR 104 BP 158/92 RR 24 SpO2 89%",
        [
            "pair T 98.2",
            "pair HR 104",
            "pair BP 158/92",
            "pair RR 24",
            "pair SpO2 89%",
        ],
    ),
    (
        "WBC 12.1, Hgb 9.8, total bilirubin 2.4, CO2 24",
        [
            "pair WBC 12.1",
            "pair Hgb 9.8",
            "pair total bilirubin 2.4",
            "pair CO2 24",
        ],
    ),
    (
        "[x] fever\n[ ] cough",
        [
            "item checked [x] fever",
            "item unchecked [ ] cough",
        ],
    ),
    (
        "☒ Fever ☐ Cough ☑ Rash",
        [
            "item checked ☒ Fever",
            "item unchecked ☐ Cough",
            "item checked ☑ Rash",
        ],
    ),
    (
        "(+) fever (-) cough",
        [
            "item checked (+) fever",
            "item unchecked (-) cough",
        ],
    ),
    (
        "fever (+), cough (-)",
        [
            "item checked fever (+)",
            "item unchecked cough (-)",
        ],
    ),
    (
        "+SOB, +orthopnea, -CP, edema",
        [
            "item checked +SOB",
            "item checked +orthopnea",
            "item unchecked -CP",
            "paragraph edema",
        ],
    ),
    (
        "+ fever\n- cough",
        [
            "item checked + fever",
            "item unchecked - cough",
        ],
    ),
    (
        "Fever: N\nChills: Y\nRash: Y/N",
        [
            "pair unchecked Fever: N",
            "pair checked Chills: Y",
            "pair unknown Rash: Y/N",
        ],
    ),
    (
        "Tobacco use: [ ] Yes [x] No",
        [
            "pair unchecked Tobacco use: [ ] Yes [x] No",
        ],
    ),
    (
        "Fall risk [x] yes [ ] no",
        [
            "pair checked Fall risk [x] yes [ ] no",
        ],
    ),
    (
        "Cough [x], fever [ ]",
        [
            "item checked Cough [x]",
            "item unchecked fever [ ]",
        ],
    ),
    (
        "TOBACCO: never\nALCOHOL: daily",
        [
            "pair unchecked TOBACCO: never",
            "pair ALCOHOL: daily",
        ],
    ),
    (
        "NEGATIVE: fever, cough",
        [
            "pair NEGATIVE: fever, cough",
        ],
    ),
    (
        "Chest pain: for two days",
        [
            "pair Chest pain: for two days",
        ],
    ),
    (
        "Weight: 70 kg",
        [
            "pair Weight: 70 kg",
        ],
    ),
    (
        "[ ] fever [ ] chills\n[x] nausea",
        [
            "item unchecked [ ] fever",
            "item unchecked [ ] chills",
            "item checked [x] nausea",
        ],
    ),
    (
        "✓ hearing aid\n✗ glasses",
        [
            "item checked ✓ hearing aid",
            "item unchecked ✗ glasses",
        ],
    ),
    (
        "(-) wheeze",
        [
            "item unchecked (-) wheeze",
        ],
    ),
    (
        "[?] latex allergy",
        [
            "item unknown [?] latex allergy",
        ],
    ),
)


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_a_value_stands_with_its_name(text: str, expected: list[str]) -> None:
    """Each name has its own value, each box its own words."""
    assert units(text) == expected
