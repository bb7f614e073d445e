"""The cue tables: every phrase can be found, and none hides another by mistake."""

import re

import pytest

from models.ner.assertion.cue_search import TABLES, lexicon
from models.ner.assertion.cues.stops import STOPS
from models.ner.assertion.cues.words import SETS
from models.ner.assertion.rules import Rule
from models.ner.text.phrase_trie import expand, folded, longest, normal


def _phrases(kind: type) -> list[str]:
    entries = [entry for table in TABLES for entry in table if isinstance(entry, kind)]
    return [p for e in entries for template in e.phrases for p in expand(template, SETS)]


def test_every_phrase_finds_itself() -> None:
    """A phrase written as it stands in its table is matched whole."""
    found = lexicon()
    for phrase in found.entries:
        match = found.phrases.search(phrase.replace("#", "1"))
        assert match, phrase
        assert match.start() == 0
        assert normal(match[0]) == phrase


def test_a_phrase_is_found_across_a_line_end_and_in_capitals() -> None:
    """One space in a table stands for any white space."""
    match = lexicon().phrases.search(folded("with NO\n  EVIDENCE OF fever"))
    assert match
    assert normal(match[0]) == "no evidence of"


@pytest.mark.parametrize("text", ["NO EVIDENCE OF", "İİ no ΣΑΣ", "ſtraße K", ""])
def test_folding_moves_no_letter(text: str) -> None:
    """Cues are found in the folded text and cut out of the text itself."""
    assert len(folded(text)) == len(text)
    assert folded(folded(text)) == folded(text)


def test_no_stop_begins_with_a_cue_that_it_would_hide() -> None:
    """A stop such as "with a history of" would swallow the cue "history of".

    A double denial swallows one on purpose: "does not mean absence of infection".
    """
    double = {"not mean absence of", "not mean lack of"}
    cues = {p for p in _phrases(Rule) if len(p.split()) > 1}
    inside = re.compile(longest(cues))
    stops = {p for stop in STOPS for template in stop.phrases for p in expand(template, SETS)}
    hiding = {s: m[0] for s in stops - cues if (m := inside.search(s))}
    assert hiding.keys() == double


@pytest.mark.parametrize("table", TABLES)
def test_guards_compile(table: tuple[object, ...]) -> None:
    """Left and right conditions are regular expressions."""
    for rule in table:
        if isinstance(rule, Rule):
            re.compile(rule.left)
            re.compile(rule.right)


def test_the_longest_phrase_wins() -> None:
    """ "No change in" is not read as "no"."""
    pattern = re.compile(longest(["no", "no change in", "no change"]))
    assert [m[0] for m in pattern.finditer("no change in no know no")] == [
        "no change in",
        "no",
        "no",
    ]
