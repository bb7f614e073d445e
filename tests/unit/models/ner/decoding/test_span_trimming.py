"""Mentions without the signs that are no part of them."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.clinical import Mention
from models.ner.decoding.span_trimming import trimmed


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
        # A blank line.
        ("«atrial\n\nfibrillation»", ["atrial"]),
        ("«gout,\n \t\r\n- asthma» was", ["gout", "asthma"]),
        ("«gout\n\n\n»asthma", ["gout"]),
        ("«a\n\nb\n\nc»", ["a"]),
        ("«142.\n\nMDM»", ["142."]),
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


@pytest.mark.parametrize("between", ["\n" * 6000, " " * 6000, " \n" * 6000, "\r\n" * 6000])
def test_white_space_in_a_mention_is_read_once(between: str) -> None:
    """Six thousand signs between two words take no longer than their number: it took minutes."""
    whole = f"atrial{between}fibrillation"
    assert words(f"«{whole}»") == (["atrial"] if "\n" in between else [whole])


SIGNS = ["gout", *"71-*#.)(,; \n", "\r\n", "\n\n", "\n- "]


@given(st.lists(st.sampled_from(SIGNS), min_size=1, max_size=14))
def test_no_mention_spans_a_blank_line(signs: list[str]) -> None:
    """Whatever a mention was, its parts are words of the text, in order, in one paragraph each."""
    text = "".join(signs)
    found = trimmed(text, [Mention(0, len(text), text, "Sign_symptom", 0.9)])
    assert all(one.text == text[one.start : one.end] for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert not any(re.search(r"\n[^\S\n]*\n", one.text) for one in found)


def test_mentions_never_overlap_by_it() -> None:
    """A bracket that is taken in is no word of the next mention."""
    text = "AFP (-) rose"
    found = trimmed(text, [Mention(0, 6, "AFP (-", "a", 1.0), Mention(8, 12, "rose", "b", 1.0)])
    assert [(one.start, one.end) for one in found] == [(0, 7), (8, 12)]


def test_a_name_that_ends_with_an_and_goes_on_with_the_next_mention_of_its_type() -> None:
    """Two modifiers of one head are one name; before any other word the "and" goes."""
    text = "hereditary breast and ovarian cancer and stones"
    first = Mention(0, 21, text[:21], "Disease_disorder", 0.8)
    second = Mention(22, 36, text[22:36], "Disease_disorder", 0.9)
    other = Mention(22, 36, text[22:36], "Sign_symptom", 0.9)
    assert [(one.text, one.score) for one in trimmed(text, [first, second])] == [
        ("hereditary breast and ovarian cancer", 0.8)
    ]
    assert [one.text for one in trimmed(text, [first, other])] == [
        "hereditary breast",
        "ovarian cancer",
    ]
