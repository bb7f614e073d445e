"""Where the clause of a drug's sig ends: read to the end, so that no condition there is missed.

A line end is only a wrap, unless something new begins behind it; a full stop may belong to an
abbreviation, unless a new sentence begins behind it. Where that is unclear the clause goes on, and
what is then left over keeps the dosage text.
"""

import re
from bisect import bisect_left
from functools import cached_property
from typing import Final, NamedTuple

from fhir_mapping.elements.sig.sig_words import WORDS
from fhir_mapping.findings.neighbours import InOrder
from models.clinical import Span

_ITEM: Final = r"(?:[-*•#]|\d{1,2}[.)])\s"
_END: Final = re.compile(
    rf";|\n(?=[^\S\n]*\n)|\n(?=[^\S\n]*{_ITEM})|\n(?=[^\S\n]*(?!Sig:)[A-Z][A-Za-z /]{{2,40}}:)"
    r"|(?<=[a-z).])[^\S\n]+(?=\d{1,2}[.)]\s+[A-Z][a-z])"  # a list that runs on: "daily 2. Digoxin"
    r"|(?<!\.[A-Za-z])\.(?=\s*\Z|\s+([A-Z][A-Za-z]*))"
)
_JOINT: Final = re.compile(rf"(?:[\s,.]|\band\b|(?<!\S){_ITEM})*\Z")
_SHARES: Final = re.compile(r",|\band\b")
# So that a note of nothing but drugs takes no longer than its length: what is behind is left over.
_REACH: Final = 600
_MOST_NAMED: Final = 12


class Step(NamedTuple):
    """The words after one drug: all of its clause, and those that are its own.

    `own` ends before the drug at `following`, None where none follows in the clause; `named` is
    where that drug ends if it is named with the one before, else None.
    """

    end: int
    own: Span
    following: int | None = None
    named: int | None = None


class Clauses:
    """The clauses of a text and the drugs in them, each looked for once."""

    def __init__(self, text: str, drugs: InOrder) -> None:
        """Take a text and all its drugs."""
        self._text, self._drugs = text, drugs
        self._steps: dict[int, Step] = {}

    @cached_property
    def _ends(self) -> list[int]:
        return [one.start() for one in _END.finditer(self._text) if not _goes_on(one)]

    def end_of(self, start: int) -> int:
        """Return where the clause that holds `start` ends, drugs not looked at."""
        i = bisect_left(self._ends, start)
        reach = min(start + _REACH, len(self._text))
        return min(self._ends[i], reach) if i < len(self._ends) else reach

    def segments(self, start: int) -> tuple[list[Span], int]:
        """Return the words after a drug, those after each drug named with it, where all end.

        "81 mg daily and [drug] 25 mg BID." is two segments; a drug on a line of its own is not
        named with the one before.
        """
        found: list[Span] = []
        while True:
            step = self._step(start)
            if step.following is None or len(found) == _MOST_NAMED:
                return [*found, Span(start, step.end)], step.end
            found.append(step.own)
            if step.named is None:
                return found, step.following
            start = step.named

    def _step(self, start: int) -> Step:
        if start not in self._steps:
            self._steps[start] = self._looked_for(start)
        return self._steps[start]

    def _looked_for(self, start: int) -> Step:
        end, i = self.end_of(start), self._drugs.first_from(start)
        following = self._drugs.next_start(start, end)
        if following >= end:
            return Step(end, Span(start, end))
        joint = _JOINT.search(self._text, start, following)
        cut = joint.start() if joint else following
        between = self._text[cut:following]
        apart = not _SHARES.search(between) and ("\n" in between or "." in between)
        named = None if apart else self._drugs.mentions[i].end
        return Step(end, Span(start, cut), following, named)


def _goes_on(stop: re.Match[str]) -> bool:
    """Return whether a capital behind a full stop only begins another word of the sig."""
    return stop[1] is not None and stop[1].casefold() in WORDS
