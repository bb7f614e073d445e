"""Several numbers of one test, in the note's own words: "8 and 9", "12.9, then it dropped to 8.1".

None of them may be another test's: a name between them, a number that is linked to another test
too, or a comma before a number of another kind ("158/98, 16 RPM") makes no series.
"""

import re
from collections import Counter
from itertools import pairwise
from typing import Final, NamedTuple

from fhir_mapping.findings.lab.names import category, is_blood_pressure
from fhir_mapping.findings.mention_in_note import MentionInNote

_TESTS: Final = frozenset({"Diagnostic_procedure"})
_LONGEST: Final = 120
_LONGEST_LEAD: Final = 12
_LONGEST_FROM: Final = 32
_FROM: Final = re.compile(r"(?<![^\W_])(?:[^\W\d_]{1,20}\s)?from\s\Z", re.IGNORECASE)
_WORD: Final = re.compile(r"[^\W\d_][\w/&-]*")
# The last word before a number; any other may be the name of what was measured.
_LINKING: Final = frozenset(
    [
        "about", "and", "are", "as", "at", "being", "by", "down", "from", "in", "is", "of", "on",
        "or", "over", "reached", "the", "then", "to", "up", "versus", "vs", "was", "were", "with",
    ]
)  # fmt: skip
_KIND: Final = re.compile(r"[^\d.,\s]+")
PRESSURE: Final = re.compile(r"\d{2,3}\s?/\s?\d{2,3}")


class Piece(NamedTuple):
    """A value with the words around it that belong to it, and the mention it is of."""

    start: int
    end: int
    source: MentionInNote

    @property
    def words(self) -> str:
        """Its words, with single blanks."""
        return " ".join(self.source.note.text[self.start : self.end].split())


def series(test: MentionInNote, pieces: list[Piece], numbers: list[Piece]) -> str:
    """Return the words from the first number to the last, "" where they may not be one test's.

    A word of the test that leads to the first number is part of them: "decreased from 20/20 to …".
    """
    text, ordered = test.note.text, sorted(numbers)
    lead = [one.start for one in pieces if 0 <= ordered[0].start - one.end <= _LONGEST_LEAD]
    start, end = min([_with_from(text, ordered[0].start), *lead]), ordered[-1].end
    strangers = test.neighbours.of(_TESTS).within(start, end)
    if end - start > _LONGEST or any(strangers):
        return ""
    pressures = [PRESSURE.search(one.words) is not None for one in ordered]
    if not all(pressures) and (any(pressures) or is_blood_pressure(test.mention.text)):
        return ""
    if not all(_joins(one, other) for one, other in pairwise(ordered)):
        return ""
    return " ".join(text[start:end].split())


def _with_from(text: str, start: int) -> int:
    """Return where "fell from" begins before a number: "5.1 to 4.0" alone would be a range."""
    floor = max(0, start - _LONGEST_FROM)
    found = _FROM.search(text[floor:start])
    return floor + found.start() if found else start


def is_shared(value: MentionInNote) -> bool:
    """Return whether a number is linked to more tests than one."""
    links = value.reading.links
    linked = value.neighbours.kept(is_shared, lambda: Counter(link.source for link in links))
    return linked[value.position] > 1 and any(map(str.isdigit, value.mention.text))


def _joins(one: Piece, other: Piece) -> bool:
    """Whether what stands between two numbers names nothing that was measured."""
    between = one.source.note.text[one.end : other.start]
    found = _WORD.findall(between)
    if any(category(word) for word in found):
        return False
    if not found:
        return _kind(one) == _kind(other)
    return found[-1].casefold() in _LINKING


def _kind(piece: Piece) -> str:
    """What a number is of, as far as the sign or word behind it tells."""
    found = _KIND.search(piece.words)
    return found[0].casefold() if found else ""
