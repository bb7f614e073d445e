"""What stands around a sig and may be a condition of it, though outside its clause."""

import re
from typing import Final

from fhir_mapping.elements.sig.sig_words import TELLING
from fhir_mapping.elements.sig.vetoes import AFTERWARDS, BEFOREHAND
from fhir_mapping.findings.neighbours import InOrder

_REACH: Final = 200
_SENTENCE_START: Final = re.compile(
    r"[.;\n](?:(?<=[.;])\s|(?<=\n)[^\S\n]*(?:\n|(?:[-*•#]|\d{1,2}[.)])\s))"
)
_NEW_PARAGRAPH: Final = re.compile(r"\n[^\S\n]*\n")
_HEADING: Final = re.compile(r"[^\n:]{1,60}:[^\S\n]*")
_HEADING_REACH: Final = 2000
_COUNT: Final = re.compile(r"[0-9½¼¾⅓⅔]\s*\Z")
_OPENING: Final = re.compile(r"[\s;.,•*#-]*+(?:\d{1,2}[.)]\s+)?+(?:([0-9½])|([A-Za-zµμ]+))")
_LETTERS: Final = re.compile(r"[A-Za-zµμ]+")


def conditioned_before(text: str, start: int, drugs: InOrder) -> bool:
    """Return whether the sentence before `start`, or the heading above it, may bear on the sig.

    `drugs` are all drugs of the text: the words before the first of the same sentence bear on all
    of them ("daily: [drug] 5 mg, [drug] 10 mg").
    """
    opening = _sentence_start(text, start)
    before = text[opening:start]
    first = _first_drug(drugs, opening, start)
    heading = _heading_above(text, start)
    return (
        BEFOREHAND.within(f"{before}\n{heading}")
        or _COUNT.search(before) is not None
        or _tells(f"{text[opening:first]}\n{heading}")
    )


def _first_drug(drugs: InOrder, opening: int, end: int) -> int:
    """Return where the first drug between two places starts; `end` where there is none."""
    near = drugs.mentions[drugs.first_from(opening) : drugs.first_from(end)]
    return next((one.start for one in near if one.end <= end), end)


def _heading_above(text: str, start: int) -> str:
    """Return the last line before `start` that is a heading, "" where none is near."""
    floor = max(0, start - _HEADING_REACH)
    first, *lines = text[floor:start].split("\n")
    whole = [first, *lines] if floor == 0 or text[floor - 1] == "\n" else lines
    return next((one for one in reversed(whole) if ":" in one and _HEADING.fullmatch(one)), "")


def _sentence_start(text: str, start: int) -> int:
    """Return where the sentence begins; at most one line end is taken for a wrap."""
    floor = max(0, start - _REACH)
    breaks = [one.end() for one in _SENTENCE_START.finditer(text, floor, start)]
    wrap = text.rfind("\n", floor, start)
    line = text.rfind("\n", floor, max(wrap, floor)) + 1
    return max([floor, *breaks[-1:], line])


def _tells(words: str) -> bool:
    """Return whether words hold one of a sig: "daily: [drug]", "oral [drug]"."""
    return any(word.casefold() in TELLING for word in _LETTERS.findall(words))


def conditioned_after(text: str, end: int, next_drug: int) -> bool:
    """Return whether what follows the clause, up to the next drug, may bear on the sig."""
    stop = min(next_drug, end + _REACH)
    paragraph = _NEW_PARAGRAPH.search(text, end, stop)
    stop = paragraph.start() if paragraph else stop
    after = text[end:stop]
    return AFTERWARDS.within(after) or _carries_on(after)


def _carries_on(after: str) -> bool:
    """Return whether the next sentence begins with more of the sig: "; 2.5 mg on Sunday"."""
    opening = _OPENING.match(after)
    if opening is None:
        return False
    return opening[1] is not None or opening[2].casefold() in TELLING
