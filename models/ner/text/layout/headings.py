"""The headings of a line: known names at its start and within it, and what only looks like one."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from models.ner.text.layout.heading_lookup import Around, is_whole, name_of, words_of
from models.ner.text.layout.names.affixes import BARE, CUES, DASHED, PLAIN
from models.ner.text.layout.names.section_kinds import Name

LONGEST: Final = 80  # characters of a heading
_MEASURED: Final = frozenset(  # what is no heading before a number
    [
        "p", "r", "t", "resp", "respiration", "respirations", "o", "gait", "strength", "tone",
        "gcs", "visual", "pulses", "fluids", "temp", "sleep", "i", "ps",
    ]
)  # fmt: skip
_MOST_WORDS: Final = 10
_LONGEST_KEY: Final = 30
_LEAST_LETTERS: Final = 3
_BEFORE: Final = re.compile(r"[\s*_#,]*")
_CLOSE: Final = re.compile(r"[ \t]*(?:\*\*|__)?[ \t]*[:=]{1,2}(?:\*\*|__)?")
_WORD: Final = re.compile(r"[^\W_][\w'’&/.+-]*(?:\([^()\n]{0,30}\))?|\([^()\n]{0,30}\)|[/&]")
_ENDS: Final = ".;!?)]"
_DASH: Final = re.compile(
    r"(?P<title>[A-Za-z/&]{2,12}(?: (?:history|hx))?)[ \t]{0,3}[-–—][ \t]{0,3}(?=\S)"
)
_FIRST: Final = re.compile(  # not "PMH of gout", which is a part of a sentence
    r"[A-Za-z]{3,8}(?=[ \t])"
    r"(?![ \t]{1,3}(?:of|is|was|are|for|and|signific|notabl|includ|remark)\w*)"
)
_NUMBERED: Final = re.compile(r"[A-Z][A-Z /&'()\-]{3,60}(?=,[ \t]?1[.)])")  # "MEDICATIONS,1. …"
_CAPITALS: Final = re.compile(r"[A-Z][A-Z0-9 /&,()'\-]{3,60}\Z")
_TITLE: Final = re.compile(r"[A-Z][\w /&\-]{2,50}\Z")


class Head(NamedTuple):
    """A heading: the characters of its words and colon, what it says, whether its name is known."""

    start: int
    end: int
    name: Name
    known: bool


def heads(text: str, start: int, end: int, around: Around) -> Iterator[Head]:
    """Yield the headings of a line, `start` to `end` its words without a mark, in order."""
    place = start
    first = _at_start(text, start, end)
    if first:
        yield first
        place = first.end
    colon = text.find(":", place, end)
    while colon >= 0:
        head = _before(text, place, colon, end)
        if not head and place == start:
            head = _unknown(text, (start, colon, end), around)
        if head:
            yield head
        place = max(place, colon + 1) if not head else head.end
        colon = text.find(":", max(place, colon + 1), end)


def _at_start(text: str, start: int, end: int) -> Head | None:
    """Return the heading of known name with which a line begins."""
    begin = _begin(text, start, end)
    colon = text.find(":", begin, min(end, begin + LONGEST))
    if colon < 0:
        return _without_colon(text, begin, end)
    title = text[begin:colon].rstrip(" \t*_")
    stop = _stop(text, colon, end)
    name = _name(text, title, stop, end)
    return Head(begin, stop, name, known=True) if name and _may_open(title, name) else None


def _unknown(text: str, line: tuple[int, int, int], around: Around) -> Head | None:
    """Return the title of no known name with which a line (start, colon, end) begins."""
    start, colon, end = line
    begin = _begin(text, start, end)
    title, stop = text[begin:colon].rstrip(" \t*_"), _stop(text, colon, end)
    if not title or not _heads_all_the_same(title, around, alone=not text[stop:end].strip()):
        return None
    return Head(begin, stop, Name(None if around.holds_others else "other"), known=False)


def _begin(text: str, start: int, end: int) -> int:
    before = _BEFORE.match(text, start, end)
    return before.end() if before else start


def _stop(text: str, colon: int, end: int) -> int:
    close = _CLOSE.match(text, colon, end)
    return close.end() if close else colon + 1


def _name(text: str, title: str, stop: int, end: int) -> Name | None:
    """Return what a title with a colon says, None where it is no name or a measure with a value."""
    if not title or not title[0].isalpha() or len(title.split()) > _MOST_WORDS:
        return None
    name = name_of(title)
    value = text[stop : min(end, stop + 3)].strip(" \t,")
    if name and value[:1].isdigit() and value[1:2] not in (".", ")") and name.role != "test":
        return None if words_of(title)[0] in _MEASURED else name
    return name


def _may_open(title: str, name: Name) -> bool:
    """Whether a name may head a line: a letter alone only as a capital ("S:", "A:", "P:")."""
    return len(title) > 1 or (title.isupper() and name.role == "section")


def _without_colon(text: str, begin: int, end: int) -> Head | None:
    """Return a heading that fills its line, is followed by a dash, or needs no sign at all."""
    if end - begin <= LONGEST:
        title = text[begin:end].rstrip(" \t*_-")
        name = name_of(title) if title[:1].isupper() and len(title) > 1 else None
        if name and title[-1] not in _ENDS[:4] and _fills(title, name):
            return Head(begin, end, name, known=True)
    numbered = _NUMBERED.match(text, begin, end)
    if numbered and (name := name_of(numbered[0])):
        return Head(begin, numbered.end() + 1, name, known=True)
    dash = _DASH.match(text, begin, end)
    if dash and dash["title"].lower() in DASHED and (name := name_of(dash["title"])):
        return Head(begin, dash.end(), name, known=True)
    word = _FIRST.match(text, begin, end)
    if word and word[0].lower() in BARE and (name := name_of(word[0])):
        return Head(begin, word.end(), name, known=True)
    return None


def _fills(title: str, name: Name) -> bool:
    """Whether a name alone on its line heads what follows; a test alone is a thing to do."""
    return name.role != "test" and len(title.split()) <= _MOST_WORDS


def _heads_all_the_same(title: str, around: Around, *, alone: bool) -> bool:
    """Whether a title that is in no table, `alone` on its line or not, heads what follows it."""
    first = words_of(title)[:1]
    if not first or first[0] in CUES or around.lists_keys(title):
        return False
    if _CAPITALS.match(title):
        letters = sum(letter.isalpha() for letter in title)
        return letters > _LEAST_LETTERS and (alone or not around.keyed)
    return around.after_blank and alone and bool(_TITLE.match(title))


def _before(text: str, place: int, colon: int, end: int) -> Head | None:
    """Return the heading that ends at a colon within a line: the longest name that may."""
    window = max(place, colon - LONGEST)
    close = colon - 1
    while close >= window and text[close] in " \t*_":
        close -= 1
    if close < window or not (text[close].isalpha() or text[close] == ")"):
        return None
    words = [match.start() for match in _WORD.finditer(text, window, close + 1)][-_MOST_WORDS:]
    stop = _stop(text, colon, end)
    collapsed = text.startswith(",", stop)
    for begin in words:
        where = _boundary(text, place, begin)
        title = text[begin : close + 1]
        if (
            text[begin - 1 : begin].isalnum()
            or ". " in title
            or (where == "word" and not title[0].isupper() and " " not in title)
        ):
            continue
        name = _name(text, title, stop, end)
        alone = title[0].isupper() and (title.isupper() or not _capital_before(text, place, begin))
        if name and _fits(title, name, where, collapsed=collapsed, alone=alone):
            return Head(begin, stop, name, known=True)
        if collapsed and where in ("end", "comma") and _CAPITALS.match(title):
            return Head(begin, stop, Name("other"), known=False)
    return None


def _boundary(text: str, place: int, begin: int) -> str:
    """Return what a word within a line stands behind: "end" of a sentence, "comma", or "word"."""
    before = text[max(place, begin - 4) : begin]
    rest = before.rstrip(" \t\r\n*_")
    if not rest or rest[-1] in _ENDS or "\n" in before or "\t" in before or "  " in before:
        return "end"
    return "comma" if rest[-1] in ",:-–•" else "word"


def _capital_before(text: str, place: int, begin: int) -> bool:
    words = text[max(place, begin - 20) : begin].split()
    return bool(words) and words[-1][0].isupper()


def _fits(title: str, name: Name, where: str, *, collapsed: bool, alone: bool) -> bool:
    """Whether a known name is a heading at such a place, by how it is written.

    `alone`: it begins with a capital, and the word before it does not.
    """
    if len(title) == 1:
        return False
    capitals, plain = title.isupper(), " ".join(words_of(title)) in PLAIN
    if name.role == "test":
        return where != "word" and (title[0].isupper() or collapsed)
    if where == "end":
        return not plain or title[0].isupper()
    if where == "comma":
        return capitals or collapsed or (not plain and name.role == "section")
    if plain or name.role == "part":
        return capitals
    return is_whole(title) and (title.lower() in DASHED or alone)


def is_heading(text: str, start: int, end: int) -> bool:
    """Whether a line is nothing but a known heading."""
    found = _at_start(text, _begin(text, start, end), end)
    return found is not None and found.end == end


def opens(text: str, start: int, end: int) -> bool:
    """Whether a line begins with a known heading, or with a key and its colon."""
    begin = _begin(text, start, end)
    if _at_start(text, begin, end):
        return True
    colon = text.find(":", begin, min(end, begin + _LONGEST_KEY))
    return colon > 0 and text[begin : begin + 1].isupper() and ". " not in text[begin:colon]
