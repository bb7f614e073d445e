"""Rows of tables: lines parted by pipes, by tabs, or by blanks that stand under each other."""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from models.ner.text.layout.layout_model import Extent
from models.ner.text.layout.lines import Line, Opening
from models.ner.text.layout.names.measures import COLUMNS

_FEWEST: Final = 2  # cells of a row, rows of a table
_ALONE: Final = 3  # cells of a row that is a table by itself
_SLACK: Final = 1  # characters by which a column may be out of line
_BLANKS: Final = re.compile(r"(?<=[^\s.!?:,;])[ ]{2,}(?=\S)")
_GAP: Final = {"|": re.compile(r"\|"), "\t": re.compile(r"\t+"), " ": _BLANKS}
_SEPARATOR: Final = re.compile(r"[-=:|+\s]{3,}\Z")


class Row(NamedTuple):
    """The cells of a line, and those of the line that heads its table (itself, if it does)."""

    cells: tuple[Extent, ...]
    header: tuple[Extent, ...]
    heads: bool


def rows(text: str, lines: Sequence[Line], openings: Sequence[Opening]) -> dict[int, Row]:
    """Return the rows of tables by the numbers of their lines."""
    found: dict[int, Row] = {}
    sorts = [_sort(text, line, opening) for line, opening in zip(lines, openings, strict=True)]
    for i in range(1, len(sorts)):
        if _ruled(text, lines[i]):  # a rule within a table ends it no more than a row does
            sorts[i] = sorts[i - 1]
    for first, last in _runs(sorts):
        gap = sorts[first]
        cells = [
            _cells(text, lines[i], openings[i], gap) if lines[i].first < lines[i].last else ()
            for i in range(first, last)
        ]
        found |= {first + i: row for i, row in _of_run(text, cells, gap)}
    return found


def _sort(text: str, line: Line, opening: Opening) -> str:
    """Return what parts the cells of a line, "" where it is no row."""
    for sign in ("|", "\t"):
        if text.find(sign, opening.text, line.last) >= 0:
            return sign
    return " " if _BLANKS.search(text, opening.text, line.last) else ""


def _ruled(text: str, line: Line) -> bool:
    return line.blank and text[line.start : line.stop].strip() != ""


def _runs(sorts: Sequence[str]) -> Iterator[tuple[int, int]]:
    first = 0
    for i in range(1, len(sorts) + 1):
        if i == len(sorts) or sorts[i] != sorts[first]:
            if sorts[first]:
                yield first, i
            first = i


def _cells(text: str, line: Line, opening: Opening, gap: str) -> tuple[Extent, ...]:
    if gap == "|" and _SEPARATOR.match(text[line.first : line.last]):
        return ()
    place, cells = opening.text, []
    for part in [*_GAP[gap].finditer(text, opening.text, line.last), None]:
        end = part.start() if part else line.last
        cell = _stripped(text, place, end)
        if cell:
            cells.append(cell)
        place = part.end() if part else end
    return tuple(cells)


def _stripped(text: str, start: int, end: int) -> Extent | None:
    words = text[start:end]
    first = start + len(words) - len(words.lstrip())
    last = start + len(words.rstrip())
    return Extent(first, last) if first < last else None


def _of_run(text: str, cells: Sequence[tuple[Extent, ...]], gap: str) -> Iterator[tuple[int, Row]]:
    """Yield the rows of a run of lines: with blanks for a gap, those with columns in common."""
    kept = _aligned(text, cells) if gap == " " else [len(row) >= _FEWEST for row in cells]
    many = sum(kept) >= _FEWEST
    first = next((i for i, row in enumerate(kept) if row), 0)
    header = cells[first] if many and _is_header(text, cells, first) else ()
    for i, row in enumerate(cells):
        if kept[i] and (many or len(row) >= _ALONE):
            yield i, Row(row, header, heads=bool(header) and i == first)


def _aligned(text: str, cells: Sequence[tuple[Extent, ...]]) -> list[bool]:
    """Say of each line whether a cell begins where one of the line before or after it does."""
    columns = [
        frozenset(cell.start - _line_start(text, row[0].start) for cell in row[1:]) for row in cells
    ]
    near = [frozenset(c + d for c in row for d in range(-_SLACK, _SLACK + 1)) for row in columns]
    return [
        bool(
            (i and columns[i] & near[i - 1]) or (i + 1 < len(columns) and columns[i] & near[i + 1])
        )
        for i in range(len(columns))
    ]


def _line_start(text: str, place: int) -> int:
    return text.rfind("\n", 0, place) + 1


def _is_header(text: str, cells: Sequence[tuple[Extent, ...]], first: int) -> bool:
    """Whether the first row of a table names its columns."""
    row = [text[cell.start : cell.end].lower().strip(" :*") for cell in cells[first]]
    if sum(cell.split()[0] in COLUMNS for cell in row if cell) * 2 >= len(row):
        return True
    plain = not any(letter.isdigit() for cell in row for letter in cell)
    ruled = first + 1 < len(cells) and not cells[first + 1]
    return plain and (ruled or _numbers_below(text, cells, first))


def _numbers_below(text: str, cells: Sequence[tuple[Extent, ...]], first: int) -> bool:
    """Whether every row below holds a number in a column other than its first."""
    below = [row for row in cells[first + 1 :] if len(row) >= _FEWEST]
    return len(below) >= _FEWEST and all(
        any(text[cell.start : cell.end][:1].isdigit() for cell in row[1:]) for row in below
    )
