"""The lines of a text as they stand, and the mark or box with which a line begins."""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from models.ner.text.layout.names.box_answers import State, state_of

# The line ends of HL7 (v2.5.1, 2.7.6) and of HTML, in texts that are sent as plain.
_BREAK: Final = r"(?:\\\.br\\|<br\s{0,2}/?>)"
_LINE: Final = re.compile(
    r"([^\n\r\v\f\x85\u2028\u2029\\<]*+"
    rf"(?:(?!{_BREAK})[\\<][^\n\r\v\f\x85\u2028\u2029\\<]*+)*+)"
    rf"(?:\r\n|[\n\r\v\f\x85\u2028\u2029]|{_BREAK}|\Z)",
    re.IGNORECASE,
)
_RULE: Final = re.compile(r"[-=_*~.#+|\s]{3,}\Z")
_TAB: Final = 8

# A letter with a stop is a mark, but not that of a germ or of an arrhythmia.
_NAMED_SO: Final = (
    r"(?!(?:coli|diff\w*|fib\w*|flutter|tach\w*|aureus|faecalis|difficile|albicans)\b)"
)
_MARK: Final = re.compile(
    r"[•·●▪■◦‣➢➤►][ \t]*"
    r"|[-*>–—][ \t]+"
    r"|-(?=[A-Za-z(])"
    r"|o[ \t]+"
    r"|#{1,6}[ \t]*(?:\d{1,2}[.:)]?)?[ \t]+|#\d{1,2}[.:)]?[ \t]*"
    r"|\(?\d{1,2}[.)](?:[ \t]+|(?=[A-Za-z(]))"
    r"|\(?[a-hA-H]\)[ \t]*"
    rf"|(?:[a-h]\.|[A-H]\.(?=[ \t]+[A-Z0-9]))[ \t]+{_NAMED_SO}"
    r"|\(?(?:i{1,3}|iv|vi{1,3}|ix)[.)][ \t]+"
)
_PLUS: Final = re.compile(r"\+[ \t]*(?=[A-Za-z])(?!ve\b)")
_MINUS: Final = re.compile(r"[-−–][ \t]*(?=[A-Za-z])(?!ve\b)")  # as notes are typed
BOX: Final = re.compile(
    r"\[[ \t]{0,3}(?P<square>[xX✓✔*+\-−–_yYnN?]?)[ \t]{0,3}\]"
    r"|(?P<sign>[☐☑☒✓✔✗✘□])"
    r"|\((?P<round>[+\-−–?])\)"
)
_ROUND: Final = re.compile(r"\((?P<round>[ xXyYnN])\)(?=[ \t]*[A-Za-z])")
_NUMBER: Final = re.compile(r"\d+")


class Line(NamedTuple):
    """A line from `start` to `stop`, its line end included; its words are `first` to `last`."""

    start: int
    first: int
    last: int
    stop: int

    @property
    def blank(self) -> bool:
        """Whether it holds nothing but white space."""
        return self.first == self.last


class Opening(NamedTuple):
    """The mark and the box at the start of a line, the `column` of the mark, and where text is."""

    column: int
    mark: tuple[int, int] | None
    box: tuple[int, int] | None
    state: State | None
    text: int

    @property
    def marked(self) -> bool:
        """Whether the line begins an item."""
        return self.mark is not None or self.box is not None


def lines(text: str) -> list[Line]:
    """Return the lines of a text; a rule of dashes or the like counts as a blank line."""
    return [
        _line(text, match.start(), match.end(1), match.end())
        for match in _LINE.finditer(text)
        if match.end() > match.start()
    ]


def _line(text: str, start: int, end: int, stop: int) -> Line:
    """Return the line whose words end at `end`, and with its line end at `stop`."""
    words = text[start:end]
    last = start + len(words.rstrip())
    first = end - len(words.lstrip()) if last > start else start
    if last - first >= len("---") and _RULE.match(words.strip()):
        return Line(start, first, first, stop)
    return Line(start, first, max(first, last), stop)


def openings(text: str, found: Sequence[Line]) -> list[Opening]:
    """Return how each line begins.

    A dash is a mark, but a minus where a line of the same run of lines begins with a plus.
    """
    signed = _signed(text, found)
    return [_opening(text, line, signs) for line, signs in zip(found, signed, strict=True)]


def _signed(text: str, found: Sequence[Line]) -> list[bool]:
    """Say of each line whether it stands in a run of lines one of which begins with a plus."""
    signed = [False] * len(found)
    first = 0
    for i in range(len(found) + 1):
        if i == len(found) or found[i].blank:
            if any(_PLUS.match(text, line.first, line.last) for line in found[first:i]):
                signed[first:i] = [True] * (i - first)
            first = i + 1
    return signed


def _opening(text: str, line: Line, signs: bool) -> Opening:  # noqa: FBT001  # the one switch
    column = len(text[line.start : line.first].expandtabs(_TAB))
    place = line.first
    if signs and (
        sign := _PLUS.match(text, place, line.last) or _MINUS.match(text, place, line.last)
    ):
        state = state_of(text[place])
        return Opening(column, None, (place, place + 1), state, sign.end())
    mark = _MARK.match(text, place, line.last)
    if mark:
        place = mark.end()
    box = BOX.match(text, place, line.last) or _ROUND.match(text, place, line.last)
    at = place
    if box:
        place = _past_space(text, box.end(), line.last)
    if place >= line.last:  # a mark with nothing behind it is a word
        return Opening(column, None, None, None, line.first)
    return Opening(
        column,
        (line.first, line.first + len(text[line.first : at].rstrip())) if mark else None,
        box.span() if box else None,
        box_state(box) if box else None,
        place,
    )


def box_state(box: re.Match[str]) -> State | None:
    """Return what a box says."""
    return state_of(next(mark for mark in box.groups() if mark is not None).strip())


def number_of(text: str, opening: Opening) -> int | None:
    """Return the number of an item's mark."""
    number = _NUMBER.search(text, *opening.mark) if opening.mark else None
    return int(number[0]) if number else None


def _past_space(text: str, start: int, end: int) -> int:
    while start < end and text[start] in " \t":
        start += 1
    return start
