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
        ("[9.1 g/dL], [10.2 g/dL]", ("9.1 g/dL, 10.2 g/dL", None)),
        ("[12.9], then it [dropped] to [8.1]", ("12.9, then it dropped to 8.1", None)),
        ("[decreased] from [20/20] to [20/64]", ("decreased from 20/20 to 20/64", None)),
        ("[9.1], PMNs [68]", None),
        ("[9.1], Hgb [8.2]", None),
        ("[158/98], [16RPM]", None),
        ("fell from [5.1 g/L] to [4.0 g/L]", ("fell from 5.1 g/L to 4.0 g/L", None)),
        ("[slightly low at] [12.5]", ("12.5", None)),
        ("[increase] to [20.2]", ("20.2", None)),
        ("[209 pounds], which is [down 22 pounds]", ("209 pounds", None)),
        ("[13],[780]", ("13,780", None)),
        ("3 and [5 mg/L]", ("3 and 5 mg/L", None)),
        ("3 x [normal]", ("3 x normal", None)),
        ("about [90] and [regular]", ("about 90", None)),
        ("[slightly elevated] at [81 mg/dL]", ("quantity", None)),
        ("[1-2] [per field]", ("1-2 per field", None)),
        ("[regular], [strong]", None),
    ],
)
def test_a_result_says_what_the_words_say(words: str, expected: object) -> None:
    """Words that change a value stay with it; a value that goes on elsewhere is none."""
    assert value(words) == expected


@pytest.mark.parametrize(
    ("words", "values"),
    [
        (
            "[hemoglobin|{t}] and [hematocrit|{t}] of [9.8|{v} >0] and [29.1|{v} >1]",
            ["9.8", "29.1"],
        ),
        ("[hemoglobin|{t}] and [hematocrit|{t}] of [9.8|{v} >0 >1] and [29.1|{v} >0 >1]", []),
        ("[BP|{t}] [158/98|{v} >0], [16RPM|{v} >0]", ["158/98"]),
    ],
)
def test_no_number_goes_to_another_name(words: str, values: list[str]) -> None:
    """Of two tests each has its own number, and one that may be either's is nobody's."""
    one, reading = read(words.format(t="Diagnostic_procedure", v="Lab_value"))
    made = [found.resource for found in extract([one], [reading], (), run=RUN, card="c").findings]
    assert [each["valueString"] for each in made if each and "valueString" in each] == values
