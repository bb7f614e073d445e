"""What a form says: an empty box, a minus, "Asthma: N", a "No" in the next cell of the row."""

from collections.abc import Sequence

from models.clinical import Mention
from models.ner.text.layout.blocks import Block, Extent, Layout, Unit
from models.ner.text.layout.names.answers import state_of

MOST_BLOCKS = 12  # of a question with its boxes


def denied_by(found: Layout, mention: Mention) -> Extent | None:
    """Return the box, sign or answer that denies a mention; None where none does."""
    unit = found.unit_at(mention.start)
    if unit is None:
        return None
    if unit.kind == "row":
        return _no_in_row(found.text, unit, mention)
    if unit.state != "unchecked":
        return None
    blocks = _blocks(found, unit)
    own = next((block for block in blocks if block.start <= mention.start < block.end), None)
    if unit.kind == "pair":
        told = own is not None and own.kind == "key"
        return _extent(blocks, ("box", "value")) if told else None
    return _extent(blocks, ("box",)) if own is not None and own.kind == "text" else None


def _blocks(found: Layout, unit: Unit) -> list[Block]:
    end = min(unit.end, unit.start + 200)
    return list(found.between(unit.start, end))[:MOST_BLOCKS]


def _extent(blocks: Sequence[Block], kinds: tuple[str, ...]) -> Extent | None:
    some = [block for block in blocks if block.kind in kinds]
    return Extent(some[0].start, some[-1].end) if some else None


def _no_in_row(text: str, unit: Unit, mention: Mention) -> Extent | None:
    """Return the answer beside the cell of a mention, where it is a "no" or stands under one."""
    for i, cell in enumerate(unit.cells):
        words = text[cell.start : cell.end].strip()
        said = state_of(words) if cell.start >= mention.end else None
        if said and words.isalpha():  # a dash may be an empty cell
            over = unit.header[i] if i < len(unit.header) else None
            asked = state_of(text[over.start : over.end]) if over else None
            no = asked == "unchecked" if said == "checked" and asked else said == "unchecked"
            return cell if no else None
    return None
