"""The layout of a note: blocks that part its characters, units, and sections, asked by offset."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, Protocol, TypeVar

from models import clinical
from models.ner.text.layout.names.box_answers import State
from models.ner.text.layout.names.section_kinds import Role, SectionKind

BlockKind = Literal["heading", "title", "marker", "box", "text", "key", "value", "cell", "space"]
UnitKind = Literal["paragraph", "item", "pair", "row", "header"]


class _Placed(Protocol):
    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


Found = TypeVar("Found", bound=_Placed)


@dataclass(frozen=True, slots=True)
class Extent:
    """The characters `start` to `end` of a text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Section:
    """A heading (`start` to `body`, its colon included) and what it heads (to `end`).

    `role` "part" and "test" are headings within a section (`parent`): the examined part or system
    (`system`), the test that was done. A heading is `known` where its name is in the tables.
    """

    kind: SectionKind
    start: int
    body: int
    end: int
    role: Role
    system: str
    known: bool
    parent: "Section | None"


@dataclass(frozen=True, slots=True)
class Unit:
    """What no mention's neighbours reach out of: a paragraph, item, pair or row of a table.

    `depth` is how deep an item is nested, `state` what its box, sign or answer says. A row has its
    `cells`, and the cells of the row that heads its table as `header`, column by column.
    """

    kind: UnitKind
    start: int
    end: int
    depth: int = 0
    state: State | None = None
    cells: tuple[Extent, ...] = ()
    header: tuple[Extent, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """Characters of one kind; a "title" heads something without being a known heading."""

    kind: BlockKind
    start: int
    end: int
    section: Section | None
    unit: Unit | None


@dataclass(frozen=True, slots=True)
class Layout:
    """The blocks of a text, which hold each of its characters once, its units and its sections."""

    text: str
    blocks: tuple[Block, ...]
    units: tuple[Unit, ...]
    sections: tuple[Section, ...]

    def block_at(self, offset: int) -> Block | None:
        """Return the block that holds a character."""
        return at(self.blocks, offset)

    def between(self, start: int, end: int) -> Iterator[Block]:
        """Yield the blocks that hold characters from `start` to `end`, in order."""
        i = max(bisect_right(self.blocks, start, key=_start) - 1, 0)
        while i < len(self.blocks) and self.blocks[i].start < end:
            yield self.blocks[i]
            i += 1

    def unit_at(self, offset: int) -> Unit | None:
        """Return the unit that a character stands in, None between units and in headings."""
        return at(self.units, offset)

    def section_at(self, offset: int) -> Section | None:
        """Return the innermost section that holds a character, its heading included."""
        return section_at(self.sections, offset)

    def is_heading(self, offset: int) -> bool:
        """Whether a character stands in a known heading."""
        block = self.block_at(offset)
        return block is not None and block.kind == "heading"

    def state_at(self, offset: int) -> State | None:
        """Return whether the item of a character is checked, None where it has no box."""
        unit = self.unit_at(offset)
        return unit.state if unit else None

    def stretches(self) -> tuple[clinical.Section, ...]:
        """Return which stretches of the text stand under which kind of heading, in order."""
        runs = groupby(self.blocks, key=lambda block: block.section and block.section.start)
        held = ((blocks[0], blocks[-1]) for blocks in (list(run) for _, run in runs))
        return tuple(
            clinical.Section(first.section.kind, first.start, last.end)
            for first, last in held
            if first.section
        )

    def borders(self) -> list[int]:
        """Return, in order, where units begin and end."""
        return sorted({border for unit in self.units for border in (unit.start, unit.end)})


def at(found: Sequence[Found], offset: int) -> Found | None:
    """Return which of some things in text order, none of which overlap, holds a character."""
    i = bisect_right(found, offset, key=_start) - 1
    return found[i] if i >= 0 and offset < found[i].end else None


def section_at(sections: Sequence[Section], offset: int) -> Section | None:
    """Return the innermost of some sections, in text order, that holds a character."""
    i = bisect_right(sections, offset, key=_start) - 1
    section = sections[i] if i >= 0 else None
    while section and offset >= section.end:
        section = section.parent
    return section


def _start(placed: _Placed) -> int:
    return placed.start
