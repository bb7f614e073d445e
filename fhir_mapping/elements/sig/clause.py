"""Where the clause of a drug's sig ends: read to the end, so that no condition there is missed.

A line end is only a wrap, unless something new begins behind it; a full stop may belong to an
abbreviation, unless a new sentence begins behind it. Where that is unclear the clause goes on, and
what is then left over keeps the dosage text.
"""

import re
from typing import Final

from fhir_mapping.elements.sig.vocabulary import WORDS
from fhir_mapping.findings.neighbours import InOrder
from models.clinical import Span

_ITEM: Final = r"(?:[-*•#]|\d{1,2}[.)])\s"
_END: Final = re.compile(
    rf";|\n[^\S\n]*\n|\n(?=[^\S\n]*{_ITEM})|\n(?=[^\S\n]*(?!Sig:)[A-Z][A-Za-z /]{{2,40}}:)"
    r"|(?<!\.[A-Za-z])\.(?=\s*\Z|\s+([A-Z][A-Za-z]*))"
)
_JOINT: Final = re.compile(rf"(?:[\s,.]|\band\b|(?<!\S){_ITEM})*\Z")
_SHARES: Final = re.compile(r",|\band\b")
# So that a note of nothing but drugs takes no longer than its length: what is behind is left over.
_REACH: Final = 600
_MOST_NAMED: Final = 12


def end_of(text: str, start: int) -> int:
    """Return where the clause that holds `start` ends, other drugs not looked at."""
    reach = min(start + _REACH, len(text))
    ends = _END.finditer(text, start, reach)
    return next((one.start() for one in ends if not _goes_on(one)), reach)


def _goes_on(stop: re.Match[str]) -> bool:
    """Return whether a capital behind a full stop only begins another word of the sig."""
    return stop[1] is not None and stop[1].casefold() in WORDS


def segments(text: str, start: int, drugs: InOrder) -> tuple[list[Span], int]:
    """Return the words after a drug, those after each drug named with it, and where all end.

    `drugs` are all drugs of the text. "81 mg daily and [drug] 25 mg BID." is
    two segments; a drug on a line of its own is not named with the one before.
    """
    found: list[Span] = []
    while True:
        end = end_of(text, start)
        i = drugs.first_from(start)
        if drugs.next_start(start, end) >= end or len(found) == _MOST_NAMED:
            return [*found, Span(start, end)], end
        following = drugs.starts[i]
        joint = _JOINT.search(text, start, following)
        cut = joint.start() if joint else following
        found.append(Span(start, cut))
        between = text[cut:following]
        if not _SHARES.search(between) and ("\n" in between or "." in between):
            return found, following
        start = drugs.mentions[i].end
