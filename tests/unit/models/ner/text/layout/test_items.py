"""Lists, run-on items and lines that were only wrapped."""

import pytest

from tests.unit.models.ner.text.layout.notation import units

CASES = (
    (
        "She denied any fever, chills or\nsweats over the past two weeks and\ncame in today.",
        [
            (
                "paragraph She denied any fever, chills or / sweats over the past two weeks "
                "and / came in today."
            ),
        ],
    ),
    (
        "No fever\nNo cough",
        [
            "paragraph No fever",
            "paragraph No cough",
        ],
    ),
    (
        "1. Aspirin 81 mg by mouth\n   daily\n2. Metformin",
        [
            "item 1. Aspirin 81 mg by mouth / daily",
            "item 2. Metformin",
        ],
    ),
    (
        "Potassium at discharge was\n4. He went home.",
        [
            "paragraph Potassium at discharge was / 4. He went home.",
        ],
    ),
    (
        "- Cough\n  - dry\n    - worse at night\n- Fever",
        [
            "item - Cough",
            "item 2 - dry",
            "item 3 - worse at night",
            "item - Fever",
        ],
    ),
    (
        "• fever • cough • chills",
        [
            "item • fever",
            "item • cough",
            "item • chills",
        ],
    ),
    (
        "1. Aspirin 81 mg daily 2. Diabetes type 2. Metformin 3. Plavix",
        [
            "item 1. Aspirin 81 mg daily",
            "item 2. Diabetes type 2. Metformin",
            "item 3. Plavix",
        ],
    ),
    (
        "Denies: 1) fever 2) cough 3) chills",
        [
            "paragraph Denies:",
            "item 1) fever",
            "item 2) cough",
            "item 3) chills",
        ],
    ),
    (
        "#1 Hypertension\n#2 Gout",
        [
            "item #1 Hypertension",
            "item #2 Gout",
        ],
    ),
    (
        "a. Low salt diet\nb. Daily weights",
        [
            "item a. Low salt diet",
            "item b. Daily weights",
        ],
    ),
    (
        "E. coli grew in the urine",
        [
            "paragraph E. coli grew in the urine",
        ],
    ),
    (
        "o nausea\no vomiting",
        [
            "item o nausea",
            "item o vomiting",
        ],
    ),
    (
        "-cough\n-fever",
        [
            "item -cough",
            "item -fever",
        ],
    ),
    (
        "BP 120/80, hemoglobin and hematocrit of 16 and 46",
        [
            "paragraph BP 120/80, hemoglobin and hematocrit of 16 and 46",
        ],
    ),
    (
        "Take 40 mg 2 tabs",
        [
            "paragraph Take 40 mg 2 tabs",
        ],
    ),
    (
        "- fever\n- cough",
        [
            "item - fever",
            "item - cough",
        ],
    ),
    (
        "Pt with cough, HIV +ve, no rash",
        [
            "paragraph Pt with cough, HIV +ve, no rash",
        ],
    ),
    (
        "He has pain.  It is worse.\nShe is well.  It is better.",
        [
            "paragraph He has pain. It is worse.",
            "paragraph She is well. It is better.",
        ],
    ),
    (
        "(1) gout\n(2) asthma",
        [
            "item (1) gout",
            "item (2) asthma",
        ],
    ),
    (
        "Plan of care reviewed with patient.",
        [
            "paragraph Plan of care reviewed with patient.",
        ],
    ),
    (
        "The history was obtained from his wife.",
        [
            "paragraph The history was obtained from his wife.",
        ],
    ),
    (
        "1) Sepsis\n   - cultures drawn\n2) Gout",
        [
            "item 1) Sepsis",
            "item 2 - cultures drawn",
            "item 2) Gout",
        ],
    ),
    (
        "i. rest\nii. ice",
        [
            "item i. rest",
            "item ii. ice",
        ],
    ),
    (
        "The drain put out 20 mL on day\n2. It was removed.",
        [
            "paragraph The drain put out 20 mL on day / 2. It was removed.",
        ],
    ),
    (
        "Lidocaine with 1:100,000 epinephrine",
        [
            "paragraph Lidocaine with 1:100,000 epinephrine",
        ],
    ),
    (
        "Edema +2, pulses +2",
        [
            "paragraph Edema +2, pulses +2",
        ],
    ),
    (
        "- quit smoking -2010",
        [
            "item - quit smoking -2010",
        ],
    ),
    (
        (
            "He has a history of gout, asthma and stroke. He takes\nallopurinol for the "
            "first and was given an inhaler for\nthe second one. He walks with a cane."
        ),
        [
            (
                "paragraph He has a history of gout, asthma and stroke. He takes / "
                "allopurinol for the first and was given an inhaler for / the second one. He "
                "walks with a cane."
            ),
        ],
    ),
    (
        "Feels well\nEating and drinking",
        [
            "paragraph Feels well",
            "paragraph Eating and drinking",
        ],
    ),
)


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_a_list_has_its_items(text: str, expected: list[str]) -> None:
    """An item ends where the next begins, and goes on where its line was wrapped."""
    assert units(text) == expected
