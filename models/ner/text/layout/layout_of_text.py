"""Read the layout of a note, before anybody reads its words.

Lines, then rows of tables, then lines that were only wrapped, then headings, then what each line
is cut into. Every step is linear in the length of the text.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from models.ner.text.layout.layout_model import Block, Layout, Section, Unit, section_at
from models.ner.text.layout.lines import Line, lines, openings
from models.ner.text.layout.paragraph_cutter import Cutter
from models.ner.text.layout.paragraphs import depths, paragraphs
from models.ner.text.layout.sections import Blank
from models.ner.text.layout.tables import rows
from models.ner.text.layout.unit_drafts import Draft, Piece


def layout(text: str) -> Layout:
    """Return the layout of a text: blocks that part it, units and sections.

    Offsets are code points of the text. Every character is in exactly one block.
    """
    found = lines(text)
    opened = openings(text, found)
    joined = paragraphs(text, found, opened, rows(text, found, opened))
    cutter = Cutter(text)
    for paragraph, depth in zip(joined, depths(joined), strict=True):
        cutter.add(paragraph, depth)
    cutter.give_up()
    sections = cutter.outline.sections(text, list(_blanks(found)))
    units = [_unit(draft) for draft in cutter.drafts]
    placed: list[tuple[Piece, Unit | None]] = [(piece, None) for piece in cutter.loose]
    for draft, unit in zip(cutter.drafts, units, strict=True):
        placed += [(piece, unit) for piece in draft.pieces]
    placed.sort(key=_place)
    return Layout(text, tuple(_blocks(text, placed, sections)), tuple(units), sections)


def _unit(draft: Draft) -> Unit:
    start, end = draft.pieces[0][0], draft.pieces[-1][1]
    return Unit(draft.kind, start, end, draft.depth, draft.state, draft.cells, draft.header)


def _place(placed: tuple[Piece, Unit | None]) -> tuple[int, int]:
    return placed[0][:2]


def _blanks(found: Sequence[Line]) -> Iterator[Blank]:
    """Yield the runs of blank lines between lines with words."""
    full = [i for i, line in enumerate(found) if not line.blank]
    for before, after in pairwise(full):
        if after > before + 1:
            yield Blank(found[before].stop, found[after].first)


def _blocks(
    text: str, placed: Sequence[tuple[Piece, Unit | None]], sections: Sequence[Section]
) -> Iterator[Block]:
    """Yield the pieces as blocks, and what is between them as space, in text order."""
    place = 0
    for (start, end, kind), unit in placed:
        if place < start:
            within = unit if unit and unit.start <= place else None
            yield Block("space", place, start, section_at(sections, place), within)
        yield Block(kind, start, end, section_at(sections, start), unit)
        place = end
    if place < len(text):
        yield Block("space", place, len(text), section_at(sections, place), None)
