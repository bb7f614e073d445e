"""Mentions without the signs that are no part of them."""

import pytest

from models.clinical import Mention
from models.ner.edges import trimmed


def words(marked: str) -> list[str]:
    """Return the words of the mentions that become of the one in guillemets."""
    before, _, rest = marked.partition("«")
    inside, _, after = rest.partition("»")
    text, start = before + inside + after, len(before)
    mention = Mention(start, start + len(inside), inside, "Sign_symptom", 0.9)
    found = trimmed(text, [mention])
    assert all(one.text == text[one.start : one.end] for one in found)
    assert all((one.label, one.score) == ("Sign_symptom", 0.9) for one in found)
    return [one.text for one in found]


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        # The sign of a list.
        ("Plan:\n«- aspirin»\n", ["aspirin"]),
        ("«• aspirin»", ["aspirin"]),
        ("«# Assessment»", ["Assessment"]),
        # Loose punctuation.
        ("«cough,» fever", ["cough"]),
        ("«heart failure (»HFrEF)", ["heart failure"]),
        ("(«CEA)» rose", ["CEA"]),
        # Half a pair of brackets.
        ("«acute bronchitis (disorder»), cough", ["acute bronchitis (disorder)"]),
        ("«AFP (-»)", ["AFP (-)"]),
        ("«asthma (disorder),» cough", ["asthma (disorder)"]),
        # Two items of a list.
        ("- «gout\n- asthma»\n", ["gout", "asthma"]),
        ("1. «gout\n2. asthma»", ["gout", "asthma"]),
        ("(«procedure)\n- dialysis»", ["procedure", "dialysis"]),
        ("«2.5 mg daily\n-» Metformin", ["2.5 mg daily"]),
        ("«2.5 mg daily\n2.» Metformin", ["2.5 mg daily"]),
        # A wrapped line is no list.
        ("«heart\nfailure»", ["heart\nfailure"]),
        ("«heart\n  failure»", ["heart\n  failure"]),
        # What stays.
        ("«+»", ["+"]),
        ("«-»", ["-"]),
        ("«(+)»", ["(+)"]),
        ("«-5 °C»", ["-5 °C"]),
        ("«t(9;22)»", ["t(9;22)"]),
        ("«< 7 g/dL»", ["< 7 g/dL"]),
        ("«x-ray»", ["x-ray"]),
        ("«HER2 (2+)» was", ["HER2 (2+)"]),
        ("«left ventricular ((»", ["left ventricular"]),
    ],
)
def test_edges(marked: str, expected: list[str]) -> None:
    """Signs at the edges go, signs inside stay, and no item of a list is lost."""
    assert words(marked) == expected


def test_mentions_never_overlap_by_it() -> None:
    """A bracket that is taken in is no word of the next mention."""
    text = "AFP (-) rose"
    found = trimmed(text, [Mention(0, 6, "AFP (-", "a", 1.0), Mention(8, 12, "rose", "b", 1.0)])
    assert [(one.start, one.end) for one in found] == [(0, 7), (8, 12)]
