"""Cut the words of a line into drafts of units: items, pairs of name and value, rows."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from models.ner.text.layout import items, pairs
from models.ner.text.layout.items import Item
from models.ner.text.layout.layout_model import BlockKind, Extent, UnitKind
from models.ner.text.layout.lines import Opening, number_of
from models.ner.text.layout.names.box_answers import State, state_of
from models.ner.text.layout.tables import Row

_LOOSE: Final = " ,;|*_#\"'"  # signs that are nothing without words

Piece = tuple[int, int, BlockKind]


@dataclass(slots=True)
class Draft:
    """A unit that is being drawn up."""

    kind: UnitKind
    pieces: list[Piece] = field(default_factory=list)
    depth: int = 0
    state: State | None = None
    cells: tuple[Extent, ...] = ()
    header: tuple[Extent, ...] = ()


def of_row(row: Row) -> Iterator[Draft]:
    """Yield the unit of a row of a table."""
    pieces: list[Piece] = [(cell.start, cell.end, "cell") for cell in row.cells]
    yield Draft("header" if row.heads else "row", pieces, 0, None, row.cells, row.header)


def of_words(
    text: str, start: int, end: int, opening: Opening | None, depth: int
) -> Iterator[Draft]:
    """Yield the units of some words of a line, `start` to `end`.

    `opening` is the mark and box in front of them, None where they stand behind a heading.
    """
    marked = opening if opening and opening.marked else None
    number = number_of(text, marked) if marked else None
    first = True
    for listed in items.numbered(text, start, end, number):
        follows = first and marked is not None and marked.box is not None
        boxes = items.boxed(text, listed.start, listed.end, follows=follows)
        drafts = list(_answered(text, boxes) or _boxes(text, boxes))
        _open(drafts, listed, marked if first else None)
        for draft in drafts:
            draft.depth = depth
        yield from drafts
        first = False


def _open(drafts: list[Draft], listed: Item, marked: Opening | None) -> None:
    """Put the mark of a line or of a run-on item in front of its first unit."""
    if not drafts:
        return
    mark = listed.mark or (marked.mark if marked else None)
    if mark:
        drafts[0].pieces.insert(0, (*mark, "marker"))
    if marked and marked.box:
        drafts[0].pieces.insert(1 if mark else 0, (*marked.box, "box"))
        drafts[0].state = marked.state
    if mark or marked:
        drafts[0].kind = "item"


def _answered(text: str, boxes: list[Item]) -> list[Draft]:
    """Return the one unit of a question with boxes for its answers."""
    state = items.asked(text, boxes)
    if state is None:
        return []
    draft = Draft("pair", [(*_stripped(text, boxes[0].start, boxes[0].end), "key")], 0, state)
    for item in boxes[1:]:
        draft.pieces += [
            (*(item.box or (0, 0)), "box"),
            (*_stripped(text, item.start, item.end), "value"),
        ]
    return [draft]


def _boxes(text: str, boxes: list[Item]) -> Iterator[Draft]:
    for item in boxes:
        if item.box is None:
            yield from _measured(text, item.start, item.end)
            continue
        label = _stripped(text, item.start, item.end)
        pieces: list[Piece] = [(*item.box, "box")]
        if label[0] < label[1]:
            pieces.append((*label, "text"))
        yield Draft("item", sorted(pieces), 0, item.state)


def _measured(text: str, start: int, end: int) -> Iterator[Draft]:
    """Yield the pairs of a row of measurements, and what stands around them."""
    for pair, first, last in pairs.each(pairs.runs(text, start, end), start, end):
        if pair:
            yield Draft(
                "pair", [(pair.start, pair.key_end, "key"), (pair.value, pair.end, "value")]
            )
        else:
            yield from _plain(text, first, last)


def _plain(text: str, start: int, end: int) -> Iterator[Draft]:
    start, end = _stripped(text, start, end)
    if start == end or not text[start:end].strip(_LOOSE):
        return
    pair = pairs.pair(text, start, end) or pairs.measure(text, start, end)
    if not pair or pair.value >= pair.end:
        yield Draft("paragraph", [(start, end, "text")])
        return
    pieces: list[Piece] = [(start, pair.key_end, "key"), (pair.value, end, "value")]
    yield Draft("pair", pieces, 0, state_of(pairs.answer(text, pair)))


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the words without white space around them, and without commas before them."""
    while start < end and (text[start].isspace() or text[start] == ","):
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
