"""What a form says: an empty box, a minus, "Asthma: N", a "No" in the next cell of the row."""

import re
from collections import deque
from collections.abc import Sequence

from models.clinical import Mention
from models.ner.text.layout.layout_model import Block, Extent, Layout, Unit
from models.ner.text.layout.names.box_answers import state_of

_BOX = re.compile(r"[\[(][ \t]?([xXyYnN✓✔+−–-]?)[ \t]?[\])]|[☐☑☒✓✔✗✘□▢■]")
MOST_BLOCKS = 12  # of a question with its boxes


def denied_by(found: Layout, mention: Mention) -> Extent | None:
    """Return the box, sign or answer that denies a mention; None where none does."""
    unit = found.unit_at(mention.start)
    if unit is None:
        return None
    if unit.kind == "row":
        return _no_in_row(found.text, unit, mention)
    boxed = unit.kind == "item" and unit.state is not None
    if boxed and (last := _last_box(found.text, unit, mention)):
        return None if state_of(last[1] or last[0]) == "checked" else Extent(*last.span())
    if unit.state != "unchecked":
        return None
    blocks = _blocks(found, unit)
    own = next((block for block in blocks if block.start <= mention.start < block.end), None)
    if unit.kind == "pair":
        in_key = own is not None and own.kind == "key"
        return _extent(blocks, ("box", "value")) if in_key else None
    return _extent(blocks, ("box",)) if own is not None and own.kind == "text" else None


def _last_box(text: str, unit: Unit, mention: Mention) -> re.Match[str] | None:
    """Return the last box between the first words of an item and a mention: "[ ] a [x] b"."""
    start = max(unit.start + 1, mention.start - 200)
    begun = re.compile(r"\w{2}").search(text, start, mention.start)
    boxes = _BOX.finditer(text, begun.end() if begun else mention.start, mention.start)
    return next(iter(deque(boxes, maxlen=1)), None)


def _blocks(found: Layout, unit: Unit) -> list[Block]:
    end = min(unit.end, unit.start + 200)
    return list(found.between(unit.start, end))[:MOST_BLOCKS]


def _extent(blocks: Sequence[Block], kinds: tuple[str, ...]) -> Extent | None:
    some = [block for block in blocks if block.kind in kinds]
    return Extent(some[0].start, some[-1].end) if some else None


def _no_in_row(text: str, unit: Unit, mention: Mention) -> Extent | None:
    """Return the box before a mention in its cell, else the next cell's answer, if it is a "no"."""
    own = next((one for one in unit.cells if one.start <= mention.start < one.end), unit)
    boxes = deque(_BOX.finditer(text, own.start, mention.start), maxlen=1)
    if boxes:
        said = boxes[0][0] if boxes[0][1] is None else boxes[0][1]
        return Extent(*boxes[0].span()) if state_of(said) == "unchecked" else None
    for cell in unit.cells:
        words = text[cell.start : cell.end].strip()
        state = state_of(words) if cell.start >= mention.end else None
        if state and words.isalpha():  # a dash may be an empty cell
            return cell if state == "unchecked" else None
    return None
