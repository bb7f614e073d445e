"""All cue tables together, so that a note is searched once."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import NamedTuple

from models.clinical import CueKind
from models.ner.assertion.cues.experiencer import EXPERIENCER
from models.ner.assertion.cues.historical import HISTORICAL
from models.ner.assertion.cues.hypothetical import HYPOTHETICAL
from models.ner.assertion.cues.negated import NEGATED
from models.ner.assertion.cues.stops import STOPS
from models.ner.assertion.cues.uncertain import UNCERTAIN
from models.ner.assertion.cues.words import SETS
from models.ner.assertion.rules import Entry, Rule, Side, Stop
from models.ner.text.phrase_trie import Phrases, expand, folded, normal

TABLES: tuple[tuple[Entry, ...], ...] = (
    NEGATED, UNCERTAIN, HISTORICAL, HYPOTHETICAL, EXPERIENCER, STOPS,
)  # fmt: skip
NEAR = 60


class Cued(NamedTuple):
    """A cue of a rule, found at `start` to `end` of a text."""

    start: int
    end: int
    rule: Rule


class Stopped(NamedTuple):
    """The start of a word that ends the scope of cues of some kinds and sides."""

    start: int
    keys: tuple[tuple[CueKind, Side], ...]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What finds every phrase in a folded text, and the entries that each phrase belongs to."""

    phrases: Phrases
    entries: dict[str, tuple[Entry, ...]]

    def hits(self, text: str) -> Iterator[Cued | Stopped]:
        """Yield the cues and stops of a text in order; a longer phrase hides those within it."""
        searched = folded(text)
        match = self.phrases.search(searched)
        while match:
            known = self.entries.get(match[0]) or self.entries.get(normal(match[0]), ())
            entries = [entry for entry in known if _fits(entry, text, match)]
            for entry in entries:
                if isinstance(entry, Stop):
                    yield Stopped(match.start(), _keys(entry.kinds, entry.sides))
                elif isinstance(entry, Rule):
                    yield Cued(match.start(), match.end(), entry)
            match = self.phrases.search(searched, match.end() if entries else match.start() + 1)


@cache
def lexicon() -> Lexicon:
    """Lay the cue tables out, once."""
    entries: dict[str, tuple[Entry, ...]] = {}
    for entry in (entry for table in TABLES for entry in table):
        for phrase in (found for p in entry.phrases for found in expand(p, SETS)):
            entries[phrase] = (*(e for e in entries.get(phrase, ()) if e is not entry), entry)
    return Lexicon(Phrases(entries), entries)


@cache
def _keys(kinds: frozenset[CueKind], sides: frozenset[Side]) -> tuple[tuple[CueKind, Side], ...]:
    return tuple(product(kinds, sides))


@cache
def _guard(source: str) -> re.Pattern[str]:
    return re.compile(source, re.IGNORECASE)


def _fits(rule: Entry, text: str, match: re.Match[str]) -> bool:
    if not isinstance(rule, Rule):
        return True
    left = text[max(0, match.start() - NEAR) : match.start()]
    right = text[match.end() : match.end() + NEAR]
    return bool(
        (not rule.left or _guard(rule.left).search(left))
        and (not rule.right or _guard(rule.right).match(right))
    )
