"""A mention never leaves its item, cell or paragraph, and what names a section is no mention."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from models.clinical import Mention
from models.ner.text.layout.layout_model import Block, Layout

# What the heading of an examined part or of a test may name: "LUNGS: clear", "CXR: no effusion".
_PARTS = frozenset({"Biological_structure"})
_ACTS = frozenset({"Diagnostic_procedure"})  # the examination of a function: "GAIT", "REFLEXES"
_FUNCTIONS = frozenset({"neurological", "psychiatric"})
_WORDLESS = frozenset({"space", "marker", "box"})


def without_titles(found: Layout, mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """Return the mentions of a text within its units, without the names of its sections.

    A mention inside a heading goes; one that runs out of its unit, or over a heading, is cut there.
    """
    return tuple(kept for mention in mentions for kept in _within(found, mention))


def _within(found: Layout, mention: Mention) -> Iterator[Mention]:
    pieces = list(_pieces(found, mention))
    if pieces == [(mention.start, mention.end)]:
        yield mention
        return
    for start, end in pieces:
        yield replace(mention, start=start, end=end, text=found.text[start:end])


def _pieces(found: Layout, mention: Mention) -> Iterator[tuple[int, int]]:
    """Yield the stretches of a mention that lie in one unit, or in one cell of a row."""
    place: tuple[int, int] | None = None
    before: Block | None = None
    for block in found.between(mention.start, mention.end):
        if block.kind in _WORDLESS or _names_a_section(block, mention):
            continue
        start, end = max(block.start, mention.start), min(block.end, mention.end)
        if place and before and block.unit is before.unit and block.kind != "cell":
            place = (place[0], end)
        else:
            if place:
                yield place
            place = (start, end)
        before = block
    if place:
        yield place


def _names_a_section(block: Block, mention: Mention) -> bool:
    """Whether a block is a heading that this mention cannot be."""
    section = block.section
    if block.kind != "heading" or section is None or section.role == "test":
        return False
    acts = _ACTS if section.system in _FUNCTIONS else frozenset()
    return section.role == "section" or mention.label not in _PARTS | acts
