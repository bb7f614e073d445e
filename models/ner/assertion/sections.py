"""Find the sections of a note by their headings: where each begins and ends, and what it says."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from models.clinical import CueKind
from models.ner.assertion.cues.headings import HEADINGS
from models.ner.assertion.cues.words import KIN
from models.ner.assertion.phrases import folded, longest, normal

BEFORE = r"[ \t]*(?:#{1,6}[ \t]*|[-*•][ \t]+|\d{1,2}[.)][ \t]*)?(?:\*\*|__)?"
CLOSE = r"[ \t]*(?:(?:\*\*|__)[ \t]*)?"
BLANK = re.compile(r"\n[ \t\r]*\n")
UNKNOWN = re.compile(
    r"^(?:#{1,6}[ \t]+\S[^\n]*|[A-Z][A-Z0-9 /&,()'-]{3,60}:|(?<=\n\n)[A-Z][\w /&-]{2,50}:[ \t]*$)",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading (`start` to `title`) and its text (to `end`), all of which is `kind`."""

    start: int
    title: int
    end: int
    kind: CueKind | None


@cache
def _known() -> re.Pattern[str]:
    titles = longest(title for titles in HEADINGS.values() for title in titles)
    return re.compile(
        rf"(?:^{BEFORE}(?P<line>{titles}){CLOSE}(?:$|(?=\r))|(?P<inline>{titles}){CLOSE}:)",
        re.MULTILINE,
    )


@cache
def _kinds() -> dict[str, CueKind | None]:
    return {title: kind for kind, titles in HEADINGS.items() for title in titles}


def sections(text: str) -> tuple[Section, ...]:
    """Return the sections of a note in order; the text before the first heading is in none."""
    heads = sorted(_headings(text))
    ends = [*(start for start, _, _ in heads), len(text)][1:]
    return tuple(
        Section(start, title, _end(text, title, limit), kind)
        for (start, title, kind), limit in zip(heads, ends, strict=True)
    )


def titles(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the words of each known heading begin and end."""
    for match in _known().finditer(folded(text)):
        yield match.span("line" if match["line"] else "inline")


def _headings(text: str) -> Iterator[tuple[int, int, CueKind | None]]:
    taken: set[int] = set()
    for match in _known().finditer(folded(text)):
        title = "line" if match["line"] else "inline"
        taken.add(match.start(title))
        yield match.start(title), match.end(), _kinds()[normal(match[title])]
    for match in UNKNOWN.finditer(text):
        if match.start() not in taken and not _names_kin(match[0]):
            yield match.start(), match.end(), None


def _names_kin(title: str) -> bool:
    return normal(title).strip(" :#") in KIN


def _end(text: str, title: int, limit: int) -> int:
    """End a section at the next heading, or at a blank line when its text began on its own line."""
    line = text.find("\n", title, limit)
    if not text[title : line if line >= 0 else limit].strip():
        return limit
    blank = BLANK.search(text, title, limit)
    return blank.start() if blank else limit


def section_at(found: Sequence[Section], position: int) -> Section | None:
    """Return the section whose text holds a position."""
    i = bisect_right(found, position, key=lambda section: section.title) - 1
    return found[i] if i >= 0 and position < found[i].end else None


def edges(found: Sequence[Section]) -> Iterator[int]:
    """Yield where headings begin and end, and where their texts do: no scope runs across."""
    for section in found:
        yield from (section.start, section.title, section.end)
