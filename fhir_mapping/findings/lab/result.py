"""What a test showed, as far as the words of its values are certain.

Of a number and words ("elevated at 8", "209 pounds, down 22 pounds") the number is the value; of
several numbers the note's own words from the first to the last are (`series`).
"""

import re
from typing import Final, NamedTuple

from fhir_mapping.findings.attributes import attributes, key, linked
from fhir_mapping.findings.lab.interpretations import INTERPRETATIONS
from fhir_mapping.findings.lab.names import is_blood_pressure
from fhir_mapping.findings.lab.series import PRESSURE, Piece, is_shared, series
from fhir_mapping.findings.lab.units import UNITS
from fhir_mapping.findings.lab.value_kinds import is_pending, is_value
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
_THOUSANDS: Final = re.compile(r"(?<=\d)(?:,\d{3})+(?![\d,])")
# How a value changed, said beside it: "167 pounds, up from 158".
_CHANGE: Final = re.compile(
    r"(?:up|down|(?:increas|decreas|improv|ris|rose|fell|fall|drop|los|gain)\w*)\b(?! to\b).*\d",
    re.IGNORECASE | re.DOTALL,
)
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
    """A value or a meaning: its words, and the mentions they are of."""

    words: str
    sources: tuple[MentionInNote, ...]


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
    if test.mention.label != "Diagnostic_procedure":
        return False
    values = [one.mention.text for one in linked(test, LABELS)]
    return not is_pending(values) and any(is_value(test.mention.text, one) for one in values)


def result(test: MentionInNote) -> Result | None:
    """Return the result of a test; None where it has none, or values that cannot be told apart."""
    name = test.mention.text
    given = [one for one in attributes(test, LABELS) if is_value(name, one.mention.text)]
    if any(map(is_shared, given)) and sum(map(_has_digit, given)) > 1:
        return None
    pieces = _outermost([_piece(one) for one in given])
    broken = [one for one in pieces if _goes_on(one, pieces)]
    numbers = [one for one in pieces if _DIGIT.search(one.words)]
    plain = [one for one in numbers if not _CHANGE.match(one.words)] or numbers
    if any(one in plain for one in broken) or (broken and not plain):
        return None
    whole = [one for one in pieces if one not in broken and (one in plain or one not in numbers)]
    meanings = [one for one in whole if key(one.words) in INTERPRETATIONS]
    values = _values(test, [one for one in whole if one not in meanings], plain)
    if len(meanings) > 1 or len(values) > 1 or not (values or meanings):
        return None
    meaning = _part(meanings[0]) if meanings and len(plain) <= 1 else None
    return Result(values[0] if values else _part(meanings[0]), meaning)


def _values(test: MentionInNote, pieces: list[Piece], numbers: list[Piece]) -> list[Part]:
    """Return the value of a test, as one part; as many as cannot be told apart.

    A number alone ("regular" says nothing of a pulse's 90 a minute), or with the unit that stands
    behind the name ("1-2 red cells per field"); else the words of them all.
    """
    if len(numbers) > 1 and is_blood_pressure(test.mention.text):
        pressures = [one for one in numbers if PRESSURE.search(one.words)]
        numbers = pressures if len(pressures) == 1 else numbers
    if len(numbers) > 1:
        run = series(test, pieces, numbers)
        return [Part(run, tuple(one.source for one in numbers))] if run else _parts(numbers)
    units = [one for one in pieces if one not in numbers and _PER.match(one.words)]
    if not numbers or not units:
        return _parts(numbers or pieces)
    return _parts([*numbers, *units]) if len(units) > 1 else [_with_unit(numbers[0], units[0])]


def _with_unit(number: Piece, unit: Piece) -> Part:
    return Part(f"{number.words} {unit.words}", (number.source, unit.source))


def _parts(pieces: list[Piece]) -> list[Part]:
    return [_part(one) for one in pieces]


def _part(piece: Piece) -> Part:
    return Part(piece.words, (piece.source,))


def _outermost(pieces: list[Piece]) -> list[Piece]:
    """Return the pieces that lie in no other: the "780" of "13,780" is none."""
    spans = [(one.start, one.end) for one in pieces]
    return [
        one
        for i, one in enumerate(pieces)
        if not any(
            start <= one.start and one.end <= end and (i > j or (start, end) != spans[i])
            for j, (start, end) in enumerate(spans)
            if i != j
        )
    ]


def _has_digit(value: MentionInNote) -> bool:
    return _DIGIT.search(value.mention.text) is not None


def _piece(one: MentionInNote) -> Piece:
    """Return a value with the words around it that belong to it, and no other value."""
    text, mention = one.note.text, one.mention
    start = _start(text, mention.start)
    if any(one.neighbours.of(LABELS).within(start, mention.start)):
        start = mention.start
    return Piece(start, _end(text, mention.start, mention.end), one)


def _goes_on(piece: Piece, pieces: list[Piece]) -> bool:
    """Return whether a value goes on further than its words, and not into another value."""
    text, mention = piece.source.note.text, piece.source.mention
    if piece.end - mention.end >= _LONGEST_WORD:
        return True
    more = _GOES_ON.match(text, piece.end)
    if key(piece.words) in INTERPRETATIONS:
        more = _MEANS_LESS.match(text, piece.end) or more
    if more is None:
        return False
    others = (one.source.mention for one in pieces if one is not piece)
    values = piece.source.neighbours.of(LABELS).within(piece.end, more.end() + 1)
    near = (one for one in (*others, *values) if one != mention)
    return not any(piece.end <= one.start <= more.end() for one in near)


def _start(text: str, start: int) -> int:
    floor = max(0, start - _REACH)
    qualifier = _QUALIFIER.search(text[floor:start])
    if qualifier and _NUMBER_AND.fullmatch(qualifier[0]) and not text[start].isdigit():
        return start
    return floor + qualifier.start() if qualifier else start


def _end(text: str, start: int, end: int) -> int:
    """Return where the word ends, or the unit behind a bare number or a blood pressure."""
    thousands = _THOUSANDS.match(text, end)
    end = thousands.end() if thousands else end
    unit = _UNIT.match(text, end)
    if unit and _BARE.fullmatch(text[start:end]):
        return unit.end()
    rest = _REST_OF_WORD.match(text, end)
    goes_on = rest is not None and rest.end() - end == _LONGEST_WORD
    return end + len(rest[0] if goes_on else rest[0].rstrip(".:!?")) if rest else end
