"""From headings to sections: how far each goes, and which stand within another."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from models.ner.text.layout.heading_lookup import Around
from models.ner.text.layout.headings import Head
from models.ner.text.layout.layout_model import Section
from models.ner.text.layout.names.section_kinds import AS_ANOTHER, ENDED, SectionKind

_BESIDE: Final = 3  # characters between two headings with nothing between them
_OF_THE_BODY: Final = frozenset({"general", "heent", "neck"})


class Blank(NamedTuple):
    """Blank lines: where the line before them ends, and where the one after them begins."""

    end: int
    after: int


class _Open(NamedTuple):
    head: Head
    begin: int  # of its line's mark, if there is one
    kind: SectionKind
    parent: int | None


class Outline:
    """The headings of a text as they are found, one after the other, and where each stands."""

    def __init__(self) -> None:
        self._found: list[_Open] = []
        self._outer: int | None = None

    def around(self, *, after_blank: bool) -> Around:
        """Return the section in which the next title will stand."""
        kind = self._found[self._outer].kind if self._outer is not None else None
        return Around(kind, after_blank)

    def add(self, head: Head, begin: int) -> None:
        """Take the next heading of the text; what is before it ends where `begin` is."""
        outer = self._found[self._outer].kind if self._outer is not None else None
        nested = outer is not None and self._nested(outer, head)
        kind = head.name.kind or _inherited(outer if nested else None, head)
        self._found.append(_Open(head, begin, kind, self._outer if nested else None))
        if not nested:
            self._outer = len(self._found) - 1

    def _nested(self, outer: SectionKind, head: Head) -> bool:
        if head.name.role != "section" and head.start <= self._found[-1].head.end + _BESIDE:
            return True
        if head.name.role == "test":
            return outer not in ENDED and outer != "family"
        if head.name.role == "part":
            return _holds(outer, head)
        return head.name.kind is None

    def sections(self, text: str, blanks: Sequence[Blank]) -> tuple[Section, ...]:
        """Return the sections; one whose text began beside its heading ends at a blank line."""
        found: list[Section] = []
        outer_ends = list(self._outer_ends(text, blanks))
        for i, (head, _, kind, parent) in enumerate(self._found):
            limit = self._found[i + 1].begin if i + 1 < len(self._found) else len(text)
            end = outer_ends[i] if parent is None else _end(text, head, limit, blanks)
            name = head.name
            within = found[parent] if parent is not None else None
            found.append(
                Section(kind, head.start, head.end, end, name.role, name.system, head.known, within)
            )
        return tuple(found)

    def _outer_ends(self, text: str, blanks: Sequence[Blank]) -> Iterator[int]:
        """Yield where each section ends that stands in no other, 0 for those that do."""
        nexts = self._next_outer(len(text))
        nested = {one.begin for one in self._found if one.parent is not None}
        for i, one in enumerate(self._found):
            yield 0 if one.parent is not None else _end(text, one.head, nexts[i], blanks, nested)

    def _next_outer(self, last: int) -> list[int]:
        nexts = [last] * len(self._found)
        for i in range(len(self._found) - 2, -1, -1):
            after = self._found[i + 1]
            nexts[i] = nexts[i + 1] if after.parent is not None else after.begin
        return nexts


def _inherited(outer: SectionKind | None, head: Head) -> SectionKind:
    """Return the kind of a heading that takes it from the section around it."""
    if outer is None:
        return "other" if head.name.role == "section" else "examination"
    return outer if head.name.role == "section" else AS_ANOTHER.get(outer, outer)


def _holds(outer: SectionKind, head: Head) -> bool:
    body = head.name.system in _OF_THE_BODY
    return outer not in ENDED and not (body and outer in ("past_history", "other", "mixed"))


def _end(
    text: str,
    head: Head,
    limit: int,
    blanks: Sequence[Blank],
    nested: frozenset[int] | set[int] = frozenset(),
) -> int:
    """Return where what a heading heads ends; blank lines before headings within end nothing."""
    line = text.find("\n", head.end, limit)
    if not text[head.end : line if line >= 0 else limit].strip(" \t\r,"):
        return limit
    i = bisect_left(blanks, (head.end, 0))
    while i < len(blanks) and blanks[i].end < limit and blanks[i].after in nested:
        i += 1
    return blanks[i].end if i < len(blanks) and blanks[i].end < limit else limit
