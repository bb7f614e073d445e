"""Lines joined where a note only wrapped them, so that each paragraph or item is one piece."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from models.ner.text.layout.headings import is_heading, opens
from models.ner.text.layout.items import COUNTED
from models.ner.text.layout.lines import Line, Opening, number_of
from models.ner.text.layout.tables import Row
from models.ner.text.layout.wraps import OPEN_END, last_word, widths, wrapped


class Paragraph(NamedTuple):
    """Lines read as one: how they begin, where their words end, and the row of a table they are."""

    opening: Opening
    end: int
    row: Row | None
    after_blank: bool


def paragraphs(
    text: str, lines: Sequence[Line], openings: Sequence[Opening], tables: Mapping[int, Row]
) -> list[Paragraph]:
    """Return the paragraphs, items and rows of a text in order."""
    found: list[Paragraph] = []
    width = widths(lines)
    for i, (line, opening) in enumerate(zip(lines, openings, strict=True)):
        if line.blank:
            continue
        before = lines[i - 1] if i and not lines[i - 1].blank and i - 1 not in tables else None
        if before and i not in tables:
            bare = _unmarked(text, before, line, opening)
            last = found[-1]
            asked = bare is not opening  # for a number, by the line before
            if asked or (not bare.marked and _runs_on(text, before, width[i], line, last.opening)):
                found[-1] = last._replace(end=line.last)
                continue
        found.append(Paragraph(opening, line.last, tables.get(i), not i or lines[i - 1].blank))
    return found


def _runs_on(text: str, before: Line, width: int, line: Line, last: Opening) -> bool:
    return (
        wrapped(text, before, width, line, last)
        and not opens(text, line.first, line.last)
        and not is_heading(text, before.first, before.last)
    )


def _unmarked(text: str, before: Line, line: Line, opening: Opening) -> Opening:
    """Take a number for what it is where the line before asks for it ("potassium was / 4. He")."""
    number = number_of(text, opening)
    if number is not None and number > 1 and last_word(text, before) in OPEN_END | COUNTED:
        return Opening(opening.column, None, None, None, line.first)
    return opening


def depths(joined: Sequence[Paragraph]) -> Iterator[int]:
    """Yield how deep each paragraph is nested, by the indents of the marks above it.

    0 is what is no item, 1 an item in no other.
    """
    above: list[int] = []
    for paragraph in joined:
        column = paragraph.opening.column
        if not paragraph.opening.marked:
            above = [one for one in above if one < column] if column else []
            yield len(above) if above else 0
            continue
        above = [one for one in above if one < column]
        above.append(column)
        yield len(above)
