"""That no allergy is known, and of which kind."""

from typing import Any

import pytest

from fhir_mapping.extraction import extract
from tests.golden.markup import RUN, read
from tests.validity.check import problems

ANY, DRUG, FOOD = "716186003", "409137002", "429625007"


def made(marked: str) -> list[dict[str, Any]]:
    one, reading = read(marked)
    findings = extract([one], [reading], (), run=RUN, card="card").findings
    return [dict(finding.resource) for finding in findings if finding.resource]


@pytest.mark.parametrize(
    ("sentence", "code", "words"),
    [
        ("[NKDA|Disease_disorder negated]", DRUG, "NKDA"),
        ("[N.K.D.A.|Sign_symptom]", DRUG, "N.K.D.A."),
        ("[NKA|Medication]", ANY, "NKA"),
        ("No known [allergies|Disease_disorder negated].", ANY, "No known allergies"),
        ("[No known drug allergies|History negated]", DRUG, "No known drug allergies"),
        ("no medication or drug [allergies|Disease_disorder]", DRUG, None),
        ("She has no allergies to any [medications|Medication negated].", DRUG, None),
        ("not allergic to any [foods|Medication negated]", FOOD, None),
        ("No known medical [allergies|Disease_disorder negated]", None, None),
        ("No known food or drug [allergies|Disease_disorder negated]", None, None),
        ("NOT KNOWN [DRUG ALLERGIES|Disease_disorder negated]", DRUG, "NOT KNOWN DRUG ALLERGIES"),
        ("NO KNOWN\nDRUG [ALLERGIES|Disease_disorder negated]", DRUG, "NO KNOWN DRUG ALLERGIES"),
    ],
)
def test_none_known_has_the_code_of_its_kind(
    sentence: str, code: str | None, words: str | None
) -> None:
    """One AllergyIntolerance says it; what names two kinds, or none that has a code, has none."""
    (one,) = made(sentence)
    assert one["resourceType"] == "AllergyIntolerance"
    assert [each["code"] for each in one["code"].get("coding", [])] == ([code] if code else [])
    assert words is None or one["code"]["text"] == words
    assert problems(one) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "No allergies except [penicillin|Medication negated].",
        "No allergy to [penicillin|Medication negated].",
        "No other [allergies|Disease_disorder negated].",
        "Has [allergies|Disease_disorder].",
        "Mother: [NKDA|Disease_disorder family:mother].",
        "No latex [allergy|Disease_disorder negated].",
    ],
)
def test_less_is_not_none_known(sentence: str) -> None:
    """An exception, one allergen, another one or another's: no code says that none is known."""
    assert "coding" not in str([one.get("code") for one in made(sentence)])


def test_the_same_in_other_words_is_one_resource() -> None:
    """NKDA and "no known drug allergies" of one note are one, with both places as evidence."""
    (one,) = made("[NKDA|Disease_disorder]. No known [drug allergies|Disease_disorder negated].")
    assert len(one["extension"]) == 4
