"""Names with what is said of them: "BP: 120/80", "Smoking - no", "T 98.2 HR 104 RR 24"."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from models.ner.text.layout.names.box_answers import state_of
from models.ner.text.layout.names.measures import LABS, PLAUSIBLE, QUALIFIERS, VITALS

LONGEST_KEY: Final = 45
_KEY_WORDS: Final = 6
_FEWEST: Final = 2  # pairs in a row
_FARTHEST: Final = 30  # characters from a value to the next name of the row
_LONGEST_ANSWER: Final = 20
_NO_ANSWER: Final = "…"
_LONGEST_UNIT: Final = 12
_DASH: Final = re.compile(r"[ \t]+[-–—=][ \t]+")  # as notes are typed
_KEY: Final = re.compile(r"[A-Za-z][^\n.;:?!]{0,44}\Z")
_NUMBER: Final = re.compile(
    r"(?<![\d.,/-])[<>~]?\d{1,5}(?:[.,]\d{1,4})?(?:[ ]?[/-][ ]?\d{1,4}(?:\.\d{1,2})?)?"
    r"(?:[ ]?(?:%|°[ ]?[FC]?|[FC]\b|mmhg|bpm|kg|lbs?|cm|g/dl|mg/dl|meq/l|mmol/l|k/ul|RA\b|/min))?"
    r"(?![\w/])\+?",
    re.IGNORECASE,
)
_JOINT: Final = re.compile(r"(?<=[^\s:=])[ \t]{0,3}[:=]?\s{0,3}(?:(?:of|is|was)[ ])?\Z")
_WORD: Final = re.compile(r"(?<![\w/.-])[^\W_]")
_NAMES: Final = frozenset({*VITALS, *LABS})
_LOOK_BACK: Final = 36
_NAME_WORDS: Final = 3
_DIGITS: Final = re.compile(r"\d+(?:[.,]\d+)?")
_NUMBERED: Final = re.compile(r"\d")
_LONG_WORD: Final = re.compile(r"[A-Za-z]{3,}")
_TAIL: Final = re.compile(
    r"(?:[^,;.\n]|\.(?!\s|\Z))*"
)  # what is said of the last, to the end of its clause
_ALSO: Final = re.compile(r"(?P<name>[A-Za-z]\w{0,20})(?: and |/)\Z")


class Pair(NamedTuple):
    """A name and a value: where each begins and ends."""

    start: int
    key_end: int
    value: int
    end: int


def pair(text: str, start: int, end: int) -> Pair | None:
    """Return the pair that the words from `start` to `end` are; None where they are none."""
    colon = text.find(":", start, min(end, start + LONGEST_KEY + 1))
    if colon > start and not text[colon - 1].isdigit() and _is_key(text[start:colon]):
        value = _past(text, colon + 1, end)
        return Pair(start, colon, value, end)
    dash = _DASH.search(text, start, min(end, start + LONGEST_KEY + len(" - x")))
    if not dash or not _is_key(text[start : dash.start()]) or end - dash.end() > LONGEST_KEY:
        return None
    answer = text[dash.end() : end]
    if state_of(answer) or _NUMBERED.match(answer):
        return Pair(start, dash.start(), dash.end(), end)
    return None


def measure(text: str, start: int, end: int) -> Pair | None:
    """Return the one measurement that the words from `start` to `end` are: "Temp 98.6"."""
    if end - start > LONGEST_KEY:
        return None
    found = list(_measured(text, start, end))
    if len(found) == 1 and found[0].start == start and end - found[0].end <= _LONGEST_UNIT:
        return found[0]._replace(end=end)
    return None


def answer(text: str, found: Pair) -> str:
    """Return the value of a pair when it is short, as answers are."""
    short = found.end - found.value <= _LONGEST_ANSWER
    return text[found.value : found.end] if short else _NO_ANSWER


def _is_key(title: str) -> bool:
    return bool(_KEY.match(title)) and len(title.split()) <= _KEY_WORDS


def _past(text: str, place: int, end: int) -> int:
    while place < end and text[place].isspace():
        place += 1
    return place


def runs(text: str, start: int, end: int) -> list[Pair]:
    """Return the pairs of a row of measurements, where there are two or more in a row."""
    found: list[Pair] = []
    row: list[Pair] = []
    for one in _measured(text, start, end):
        if row and one.start < row[-1].end:  # "CO2 24" is no CO of 2
            row.pop()
        elif row and not _near(text, row[-1].end, one.start):
            found += _row(text, row, one.start)
            row = []
        row.append(one)
    return found + _row(text, row, end)


def _measured(text: str, start: int, end: int) -> Iterator[Pair]:
    """Yield the numbers that stand behind the name of a measurement."""
    for value in _NUMBER.finditer(text, start, end):
        window = max(start, value.start() - _LOOK_BACK)
        joint = _JOINT.search(text[window : value.start()])
        words = text[window : window + joint.start()] if joint else ""
        begin = _name_in(words)
        if begin is not None and not _shared(words[:begin]) and _plausible(words[begin:], value[0]):
            yield Pair(
                window + _qualified(words, begin), window + len(words), value.start(), value.end()
            )


def _plausible(name: str, value: str) -> bool:
    """Whether a number can be the value of a name that stands for other things too."""
    low, high = PLAUSIBLE.get(name.lower(), (0.0, float("inf")))
    number = _DIGITS.search(value)
    return number is not None and low <= float(number[0].replace(",", ".")) <= high


def _shared(before: str) -> bool:
    """Whether a name follows another, whose number it is too ("hemoglobin and hematocrit of")."""
    other = _ALSO.search(before[-_LOOK_BACK:])
    return other is not None and other["name"].lower() in _NAMES


def _qualified(words: str, begin: int) -> int:
    """Return where the words begin that go with a name ("total bilirubin")."""
    for word in reversed(list(_WORD.finditer(words, 0, begin))):
        if words[word.start() : begin].strip().lower() not in QUALIFIERS:
            break
        begin = word.start()
    return begin


def _name_in(words: str) -> int | None:
    """Return where the longest name of a measurement that ends some words begins in them."""
    for word in list(_WORD.finditer(words))[-_NAME_WORDS:]:
        name = words[word.start() :]
        if name.lower() in _NAMES and (len(name) > len("mg") or name[0].isupper()):
            return word.start()
    return None


def _near(text: str, end: int, start: int) -> bool:
    """Whether a row goes on from a value to a name: no sentence between them, and no line."""
    between = text[end:start]
    return len(between) <= _FARTHEST and len(_LONG_WORD.findall(between)) <= _FEWEST


def _row(text: str, row: list[Pair], limit: int) -> list[Pair]:
    if len(row) < _FEWEST:
        return []
    tail = _TAIL.match(text, row[-1].end, limit)
    ends = [*(one.start for one in row[1:]), tail.end() if tail else row[-1].end]
    return [
        one._replace(end=_trimmed(text, one.end, end)) for one, end in zip(row, ends, strict=True)
    ]


def _trimmed(text: str, least: int, end: int) -> int:
    while end > least and text[end - 1] in " \t\r\n,;|/":
        end -= 1
    return end


def each(found: list[Pair], start: int, end: int) -> Iterator[tuple[Pair | None, int, int]]:
    """Yield pairs with what stands before, between and after them, in order."""
    place = start
    for one in found:
        if place < one.start:
            yield None, place, one.start
        yield one, one.start, one.end
        place = one.end
    if place < end:
        yield None, place, end
