import pytest

from fhir_mapping.extraction import extract
from tests.golden.markup import RUN, read


def kinds(marked: str) -> list[str]:
    one, reading = read(marked)
    findings = extract([one], [reading], (), run=RUN, card="c").findings
    return [str(each.resource["resourceType"]) for each in findings if each.resource]


@pytest.mark.parametrize(
    "sentence",
    [
        "Hold for [SBP|Diagnostic_procedure] < [90|Lab_value >0].",
        "Hold for [SBP|Diagnostic_procedure] <90",
        "Call for [temperature|Diagnostic_procedure] > [38.5|Lab_value >0].",
        "Transfuse if [Hgb|Diagnostic_procedure] less than [7|Lab_value >0]",
        "[Hemoglobin|Diagnostic_procedure] goal above [8|Lab_value >0]",
        "[Blood pressure goal|Diagnostic_procedure] less than [130/80|Lab_value >0].",
        "[Target INR|Diagnostic_procedure] [2-3|Lab_value >0].",
        "Normal [creatinine|Diagnostic_procedure] is [0.6 to 1.2|Lab_value >0]; hers is worse.",
        "Goal [INR|Diagnostic_procedure] [2-3|Lab_value >0].",
        "target of the [blood pressure|Diagnostic_procedure] is [130/80|Lab_value >0]",
        "Oxygen to keep [SpO2|Diagnostic_procedure] > [92%|Lab_value >0]",
        "Titrate to [MAP|Diagnostic_procedure] above [65|Lab_value >0]",
        "until [glucose|Diagnostic_procedure] drops below [200|Lab_value >0]",
        "Unless [LDL|Diagnostic_procedure] remains over [100|Lab_value >0], nothing more.",
        "Return with [temperature|Diagnostic_procedure] over [101|Lab_value >0].",
    ],
)
def test_a_goal_or_a_limit_is_no_fact(sentence: str) -> None:
    """Neither a result nor a test that was done, with the value linked to it or not."""
    assert kinds(sentence) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Was transfused for a [hemoglobin|Diagnostic_procedure] of [6.4|Lab_value >0].",
        "Was given insulin for [glucose|Diagnostic_procedure] [> 400|Lab_value >0].",
        "Admitted with [glucose|Diagnostic_procedure] above [600|Lab_value >0]",
        "Held. [SBP|Diagnostic_procedure] < [90|Lab_value >0] on arrival.",
        "[BP|Diagnostic_procedure] at goal, [128/76|Lab_value >0]",
        "At goal: [BP|Diagnostic_procedure] [128/76|Lab_value >0]",
        "Goal is 2 to 3; [INR|Diagnostic_procedure] [2.4|Lab_value >0]",
        "Goal 130/80, today [BP|Diagnostic_procedure] [128/76|Lab_value >0]",
        "Normal [creatinine|Diagnostic_procedure] of [0.9|Lab_value >0].",
        "[CRP|Diagnostic_procedure] [< 5|Lab_value >0].",
        "Met 2 of 3 goals. [Blood pressure|Diagnostic_procedure] now [128/76|Lab_value >0].",
        "His goals are to walk and the [INR|Diagnostic_procedure] was [2.4|Lab_value >0].",
        "The [attention|Diagnostic_procedure] goal was met, [fair|Lab_value >0].",
        "Keep the drain. [WBC|Diagnostic_procedure] > [20|Lab_value >0].",
    ],
)
def test_what_was_found_stays_a_fact(sentence: str) -> None:
    """A value that somebody measured is told, however near a goal or an order stands."""
    assert kinds(sentence) == ["Observation"]
