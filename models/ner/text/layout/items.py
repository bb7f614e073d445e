"""Items that run on in one line: "1. Aspirin. 2. Plavix.", "• cough • rash", "[x] fever"."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from models.ner.text.layout.lines import BOX, box_state
from models.ner.text.layout.names.box_answers import State, state_of

_NUMBER: Final = re.compile(
    r"(?<![\w/-])(?<!\d[.,])(?P<open>[(#]?)(?P<number>\d{1,2})(?P<close>[.)]?)(?=[\s,]|[A-Za-z(]|\Z)"
)
_BULLET: Final = re.compile(r"[•●▪◦‣➢➤►][ \t]*")
# Words behind which a number counts or measures, and is no mark of an item.
COUNTED: Final = frozenset(
    [
        "type", "grade", "stage", "class", "category", "step", "level", "number", "no", "day",
        "week", "month", "phase", "axis", "gravida", "para", "group", "score", "zone", "cn",
        "nerve", "sats", "of", "is", "was", "to", "at", "and", "or", "about", "approximately",
        "than", "x", "times", "dose", "room", "bed", "chapter", "part", "line", "lead", "figure",
        "fig", "vitamin", "factor", "g", "p", "t", "c", "l", "s", "d",
    ]
)  # fmt: skip
_SIGN: Final = re.compile(r"(?<![\w+/)\-])(?P<sign>[+\-−–])(?=[A-Za-z])(?!.?ve\b)")
_GLYPHS: Final = frozenset("☐☑☒✓✔✗✘□[")
_YES: Final = frozenset({"yes", "no", "y", "n", "unknown"})
_PAUSE: Final = ",;.\n"


class Item(NamedTuple):
    """A run-on item: its mark, its box, what that says, and the characters of its text."""

    start: int
    end: int
    mark: tuple[int, int] | None = None
    box: tuple[int, int] | None = None
    state: State | None = None


def numbered(text: str, start: int, end: int, before: int | None) -> list[Item]:
    """Return the items of a numbered list within a line, and what stands before it.

    `before` is the number of the mark in front of the text, None where there is none.
    """
    bullets = [match.span() for match in _BULLET.finditer(text, start, end)]
    marks = bullets or _sequence(text, start, end, before)
    if not marks or (before is None and len(marks) == 1 and not _only(text, start, marks[0][0])):
        return [Item(start, end)]
    stops = [mark[0] for mark in marks[1:]] + [end]
    lead = [Item(start, marks[0][0])] if text[start : marks[0][0]].strip(" ,:;\t\n") else []
    return lead + [
        Item(_past(text, mark[1], stop), stop, mark)
        for mark, stop in zip(marks, stops, strict=True)
    ]


def _only(text: str, start: int, mark: int) -> bool:
    return not text[start:mark].strip(" ,:;\t\r\n")


def _sequence(text: str, start: int, end: int, before: int | None) -> list[tuple[int, int]]:
    """Return the marks that count on, each from the number before it, from 1 or from `before`."""
    sure: defaultdict[int, list[re.Match[str]]] = defaultdict(list)
    for match in _NUMBER.finditer(text, start, end):
        if match["close"] or match["open"] == "#":
            sure[int(match["number"])].append(match)
    chosen: list[tuple[int, int]] = []
    number = (before or 0) + 1
    place = start
    while (mark := _next(text, start, place, sure[number])) is not None:
        chosen.append(mark)
        place, number = mark[1], number + 1
    return chosen


def _next(
    text: str, start: int, place: int, found: Sequence[re.Match[str]]
) -> tuple[int, int] | None:
    """Return the first of some marks from a place on that stands behind a pause, else any."""
    later = [match for match in found if match.start() >= place]
    firm = (match for match in later if _behind_pause(text, start, match.start()))
    loose = (match for match in later if _last_word(text, start, match.start()) not in COUNTED)
    mark = next(firm, None) or next(loose, None)
    return mark.span() if mark else None


def _behind_pause(text: str, start: int, place: int) -> bool:
    before = text[max(start, place - 4) : place].rstrip(" \t")
    return not before or before[-1] in ".,;:!?)\n"


def _last_word(text: str, start: int, place: int) -> str:
    words = text[max(start, place - 16) : place].lower().split()
    return words[-1].strip("(#") if words else ""


def boxed(text: str, start: int, end: int, *, follows: bool) -> list[Item]:
    """Return the items of boxes and signs within a line; the whole of it where there are none.

    `follows`: a box stands in front of the words, so that others do in front of theirs.
    """
    boxes = list(BOX.finditer(text, start, end))
    if not boxes:
        return _signed(text, start, end)
    if not text[start : boxes[0].start()].strip():
        return _labelled_after(text, boxes, end)
    if not follows and text[boxes[0].end() : end].lstrip()[:1] in (*_PAUSE, ")", ""):
        return _labelled_before(text, boxes, start, end)
    if follows or len(boxes) > 1 or boxes[0][0][0] in _GLYPHS:
        return [Item(start, boxes[0].start()), *_labelled_after(text, boxes, end)]
    return [Item(start, end)]


def asked(text: str, found: Sequence[Item]) -> State | None:
    """Return the answer where a question is followed by "[x] Yes [ ] No"; None where it is not."""
    if len(found) < len(("question", "yes", "no")) or found[0].box:
        return None
    answers = [text[item.start : item.end].strip(" .,;").lower() for item in found[1:]]
    if not _YES.issuperset(answers):
        return None
    ticked = [
        answer for answer, item in zip(answers, found[1:], strict=True) if item.state == "checked"
    ]
    return (state_of(ticked[0]) if len(ticked) == 1 else None) or "unknown"


def _labelled_after(text: str, boxes: Sequence[re.Match[str]], end: int) -> list[Item]:
    stops = [box.start() for box in boxes[1:]] + [end]
    return [
        Item(_past(text, box.end(), stop), stop, None, box.span(), box_state(box))
        for box, stop in zip(boxes, stops, strict=True)
    ]


def _labelled_before(text: str, boxes: Sequence[re.Match[str]], start: int, end: int) -> list[Item]:
    """Return items whose box stands behind them; what went before the last pause is none of it."""
    found: list[Item] = []
    place = start
    for box in boxes:
        begin = _after_pause(text, place, box.start())
        if text[place:begin].strip(" ,;."):
            found.append(Item(place, begin))
        found.append(Item(begin, box.start(), None, box.span(), box_state(box)))
        place = box.end()
    return found + ([Item(place, end)] if text[place:end].strip() else [])


def _after_pause(text: str, start: int, end: int) -> int:
    last = max((text.rfind(sign, start, end) for sign in (",", ";", ". ", ":", "\n")), default=-1)
    return _past(text, last + 1, end) if last >= start else _past(text, start, end)


def _signed(text: str, start: int, end: int) -> list[Item]:
    """Return the items of signs that touch their words: "+SOB, -CP"; a dash alone is no minus."""
    signs = list(_SIGN.finditer(text, start, end))
    plus = [sign for sign in signs if sign["sign"] == "+"]
    if not plus or (len(signs) == 1 and signs[0].start() > start):
        return [Item(start, end)]
    return list(_between(text, signs, start, end))


def _between(text: str, signs: Sequence[re.Match[str]], start: int, end: int) -> Iterator[Item]:
    """Yield a signed item up to the next pause, and what is not signed."""
    place = start
    stops = [sign.start() for sign in signs[1:]] + [end]
    for sign, stop in zip(signs, stops, strict=True):
        if text[place : sign.start()].strip(" ,;.\n\t"):
            yield Item(place, sign.start())
        ends = [at for at in (text.find(pause, sign.end(), stop) for pause in _PAUSE) if at >= 0]
        place = min(ends, default=stop)
        yield Item(sign.end(), place, None, sign.span(), state_of(sign["sign"]))
    if text[place:end].strip(" ,;.\n\t"):
        yield Item(place, end)


def _past(text: str, place: int, end: int) -> int:
    while place < end and text[place] in " \t\r\n,":
        place += 1
    return place
