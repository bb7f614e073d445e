import pytest

from fhir_mapping.extraction import extract
from tests.golden.markup import RUN, read


def value(words: str) -> object:
    """Return value and meaning of `test …`, or None where it is no Observation."""
    marked = words.replace("]", "|Lab_value >0]")
    one, reading = read(f"[Test|Diagnostic_procedure] {marked}")
    made = extract([one], [reading], (), run=RUN, card="c").findings[0].resource
    if not made or made["resourceType"] != "Observation":
        return None
    meaning = made.get("interpretation")
    code = meaning[0]["coding"][0]["code"] if isinstance(meaning, list) else None
    return made.get("valueString") or "quantity", code


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("[9.1] g/dL", ("quantity", None)),
        ("[9.1 g]/dL", ("quantity", None)),
        ("of [9.1 g/dL].", ("quantity", None)),
        ("over [9.1 g/dL]", ("over 9.1 g/dL", None)),
        ("was less than [9.1 g/dL]", ("less than 9.1 g/dL", None)),
        ("approximately [9.1 g/dL]", ("approximately 9.1 g/dL", None)),
        ("120/[80 mmHg]", ("120/80 mmHg", None)),
        ("3 to [5 mg/L]", ("3 to 5 mg/L", None)),
        ("~[5 mg/L]", ("~5 mg/L", None)),
        ("[5 mg/L]-7", ("5 mg/L-7", None)),
        ("[5 mg/L] to 7", None),
        ("[5 mg/L] or above", None),
        ("[normal]", ("normal", "N")),
        ("[within normal limits]", ("within normal limits", "N")),
        ("mildly [elevated]", ("mildly elevated", None)),
        ("not [elevated]", ("not elevated", None)),
        ("borderline [high]", ("borderline high", None)),
        ("[increased]", ("increased", None)),
        ("[normal], except for calcium", None),
        ("[positive] for tuberculosis", None),
        ("[high] to normal", None),
        ("[high] and [low]", None),
        ("[high], [9.1 g/dL]", ("quantity", "H")),
        ("[9.1 g/dL], [10.2 g/dL]", None),
        ("3 and [5 mg/L]", ("3 and 5 mg/L", None)),
        ("3 x [normal]", ("3 x normal", None)),
        ("about [90] and [regular]", ("about 90", None)),
        ("[slightly elevated] at [81 mg/dL]", ("quantity", None)),
        ("[1-2] [per field]", None),
        ("[regular], [strong]", None),
    ],
)
def test_a_result_says_what_the_words_say(words: str, expected: object) -> None:
    """Words that change a value stay with it; a value that goes on elsewhere is none."""
    assert value(words) == expected
