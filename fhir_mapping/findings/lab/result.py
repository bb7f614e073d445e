"""What a test showed, as far as the words of its values are certain."""

import re
from typing import Final, NamedTuple

from fhir_mapping.findings.lab.interpretations import INTERPRETATIONS
from fhir_mapping.findings.lab.units import UNITS
from fhir_mapping.findings.linked import attributes, key, linked
from fhir_mapping.findings.mention_in_note import MentionInNote

LABELS: Final = frozenset({"Lab_value"})
_REACH: Final = 24
# Words before a value that are part of it: "less than 5 mg/L" is not 5 mg/L.
_QUALIFIER: Final = re.compile(
    r"(?:(?:[<>≤≥~≈±]=?|\b(?:about|around|over|under|above|below|almost|near|borderline|up to"
    r"|\w+ly|(?:less|more|greater|lower|higher|fewer) than|at (?:least|most)|not|non|no"
    r"|\d\S*\s*(?:to|and|or|x|×|[-–—])))(?:\s+(?:an?|or equal to))?\s*)?[^\s,;:()=]*\Z",
    re.IGNORECASE,
)
_DIGIT: Final = re.compile(r"\d")
_PER: Final = re.compile(r"(?:per|an?|each|percent)\b|[%/]", re.IGNORECASE)
_NUMBER_AND: Final = re.compile(r"\d\S*\s+and\s+")  # "90 and regular" are two things
_BARE: Final = re.compile(r"[<>≤≥]?=?\s*\d[\d.,]*|\d{2,3}\s?(?:/|over)\s?\d{2,3}")
_UNIT: Final = re.compile(
    rf"\s?(?:{'|'.join(re.escape(u) for u in sorted(UNITS, key=len, reverse=True))})(?![\w/^*²³])"
)
_LONGEST_WORD: Final = 100  # characters: in a text without blanks no value runs on to its end
_REST_OF_WORD: Final = re.compile(rf"[^\s,;()]{{0,{_LONGEST_WORD}}}+")
_GOES_ON: Final = re.compile(
    r"\s*(?:[-–—±/×*^]|x\s*\d|(?:to|or|and)\s+(?:above|below|\d)|(?:-|\s)?fold\b|\d)",
    re.IGNORECASE,
)
# "Normal except for …", "negative for …", "normal to high" mean less than their first word.
_MEANS_LESS: Final = re.compile(
    r",?\s*(?:except|apart|aside|but|other|for|in|with|without|until|to|or|then)\b", re.IGNORECASE
)


class Part(NamedTuple):
    """A value or a meaning: its words, and the mention they are of."""

    words: str
    source: MentionInNote


class Result(NamedTuple):
    """What a test showed: its value and, where the note has a word for it, what that means.

    A meaning alone is the value too: "troponin elevated".
    """

    value: Part
    meaning: Part | None = None

    @property
    def key(self) -> str:
        """The words as they are compared: another value is another observation."""
        return key(f"{self.value.words} {self.meaning.words if self.meaning else ''}")


def is_measured(test: MentionInNote) -> bool:
    """Return whether a test has any value, however weak its link."""
    return test.mention.label == "Diagnostic_procedure" and bool(linked(test, LABELS))


def result(test: MentionInNote) -> Result | None:
    """Return the result of a test; None where it has none, or values that cannot be told apart."""
    parts = [_part(one) for one in attributes(test, LABELS)]
    known = [part for part in parts if part]
    if not known or len(known) != len(parts):
        return None
    meanings = [part for part in known if key(part.words) in INTERPRETATIONS]
    values = _numbers([part for part in known if part not in meanings])
    if len(meanings) > 1 or len(values) > 1:
        return None
    return Result((values or meanings)[0], meanings[0] if meanings else None)


def _numbers(values: list[Part]) -> list[Part]:
    """Return of several values the only number: "regular" says nothing of a pulse's 90 a minute.

    All of them where there is none or are two, or where a word is the number's unit.
    """
    numbers = [part for part in values if _DIGIT.search(part.words)]
    unit = any(_PER.match(part.words) for part in values)
    return numbers if len(numbers) == 1 and not unit else values


def _part(one: MentionInNote) -> Part | None:
    """Return a value with the words around it that belong to it, None where it goes on further."""
    text, mention = one.note.text, one.mention
    start = _start(text, mention.start)
    end = _end(text, mention.start, mention.end)
    words = " ".join(text[start:end].split())
    if end - mention.end >= _LONGEST_WORD:
        return None
    means_less = key(words) in INTERPRETATIONS and _MEANS_LESS.match(text, end)
    return None if means_less or _GOES_ON.match(text, end) else Part(words, one)


def _start(text: str, start: int) -> int:
    floor = max(0, start - _REACH)
    qualifier = _QUALIFIER.search(text[floor:start])
    if qualifier and _NUMBER_AND.fullmatch(qualifier[0]) and not text[start].isdigit():
        return start
    return floor + qualifier.start() if qualifier else start


def _end(text: str, start: int, end: int) -> int:
    """Return where the word ends, or the unit behind a bare number or a blood pressure."""
    unit = _UNIT.match(text, end)
    if unit and _BARE.fullmatch(text[start:end]):
        return unit.end()
    rest = _REST_OF_WORD.match(text, end)
    goes_on = rest is not None and rest.end() - end == _LONGEST_WORD
    return end + len(rest[0] if goes_on else rest[0].rstrip(".:!?")) if rest else end
