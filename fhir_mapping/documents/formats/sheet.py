"""The text that a converter writes, line by line, as the reader of layouts expects it.

Headings stand on lines of their own and end with a colon, items begin with `- ` or `1. `, cells are
parted by tabs (`models/ner/text/layout`). White space is collapsed as HTML does it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from models.clinical import SourcePart
from models.errors import NoteTooLarge

CELL_GAP: Final = "\t"
LINE_GAP: Final = "; "
"""What stands between two lines of one cell."""

PROSE: Final = 50
"""Characters from which on a line is a paragraph, which a blank line parts from its neighbours."""

MOST_LINES_OF_A_CELL: Final = 3
_INDENT: Final = "  "
_CLOSED: Final = (".", ":", "?", "!", ";", ",")
# Invisible, and within words: soft hyphen, zero-width spaces and joiners, byte order mark.
_INVISIBLE: Final = dict.fromkeys(map(ord, "\xad\u200b\u2060\ufeff"))
_SPACE: Final = re.compile(r"[ \t\n\r\f\v]+")
_LINE_END: Final = re.compile(r"\r\n|[\n\r\f\v]")

Kind = Literal["text", "heading", "key", "row"]
Gap = Literal["none", "soft", "hard"]


@dataclass(slots=True)
class Run:
    """Characters with one place in the original; None for the converter's own."""

    text: str
    place: str | None


@dataclass(slots=True)
class Line:
    """A line: what it is, and how it is set off from the line before it."""

    gap: Gap = "none"
    kind: Kind = "text"
    runs: list[Run] = field(default_factory=list)

    @property
    def length(self) -> int:
        """How many characters it has."""
        return sum(len(run.text) for run in self.runs)

    def ends_with(self, signs: tuple[str, ...]) -> bool:
        """Whether its last character is one of some."""
        return bool(self.runs) and self.runs[-1].text.endswith(signs)


class Sheet:
    """Lines to which words are written.

    Raises:
        NoteTooLarge: more than `most` characters are written.
    """

    def __init__(self, most: int) -> None:
        self.lines: list[Line] = []
        self._most = most
        self._written = 0
        self._open = False  # whether the last line may go on
        self._space = False
        self._gap: Gap = "none"
        self._marks: list[str] = []
        self._kind: Kind = "text"
        self._depth = 0

    def words(self, text: str, place: str | None, *, as_typed: bool = False) -> None:
        """Write words; `as_typed` keeps their spaces and line ends."""
        text = text.translate(_INVISIBLE)
        if as_typed:
            for number, line in enumerate(_LINE_END.split(text)):
                if number:
                    self.line_end()
                self._write(line.replace("\xa0", " "), place)
            return
        collapsed = _SPACE.sub(" ", text)
        words = collapsed.strip(" ")
        self._space |= collapsed.startswith(" ")
        if words:
            self._write(words.replace("\xa0", " "), place)
        self._space |= collapsed.endswith(" ")

    def line_end(self) -> None:
        """End the line, also an empty one: a line break, not the end of a block."""
        if not self._open:
            self._gap = "hard" if self.lines else "none"
        self._close()

    def block(self, gap: Gap = "none") -> None:
        """Let what follows begin a line, set off from what stands before it."""
        self._close()
        if ("none", "soft", "hard").index(gap) > ("none", "soft", "hard").index(self._gap):
            self._gap = gap

    def begin(self, kind: Kind) -> None:
        """Let lines be of a kind until `end`."""
        self._kind = kind

    def end(self) -> None:
        """End lines of a kind; a heading gets the colon by which it is known as one."""
        line = self.lines[-1] if self._open else None
        if line and self._kind == "heading" and not line.ends_with(_CLOSED):
            self._append(":", None)
        self._kind = "text"
        self._close()

    def go_on_after_key(self) -> None:
        """Go on in the line of a key, so that its value stands behind it."""
        if self.lines and self.lines[-1].kind == "key" and not self._open:
            self._open, self._space = True, True
            if not self.lines[-1].ends_with(_CLOSED):
                self._append(":", None)

    def begin_item(self, mark: str) -> None:
        """Begin an item: its first words stand behind its mark, what follows under them."""
        self._close()
        self._marks.append(mark)
        self._depth += 1

    def end_item(self) -> None:
        """End an item."""
        self._close()
        self._depth -= 1
        del self._marks[self._depth :]

    def cell_gap(self) -> None:
        """End a cell of a row that is written as it comes."""
        self._own(CELL_GAP)
        self.lines[-1].kind = "row"

    def part(self) -> "Sheet":
        """Return a sheet for a cell of this one's."""
        return Sheet(self._most - self._written)

    def row(self, cells: Sequence["Sheet"], *, keyed: bool = False) -> None:
        """Write a row; cells that hold whole blocks are written one below the other.

        `keyed`: the first of two cells names what the other one says.
        """
        filled = [cell for cell in cells if cell.lines]
        if len(filled) > 1 and not any(cell.is_laid_out for cell in filled):
            self._row(cells, keyed=keyed and len(cells) == len(filled) == len("kv"))
            return
        for cell in filled:
            self.block("soft" if len(filled) > 1 else "none")
            self.lay(cell)

    @property
    def is_laid_out(self) -> bool:
        """Whether it holds more than a cell of a row of data does."""
        return len(self.lines) > MOST_LINES_OF_A_CELL or any(
            line.kind in {"heading", "row"} for line in self.lines
        )

    def lay(self, part: "Sheet") -> None:
        """Write the lines of another sheet."""
        for line in part.lines:
            self.block(line.gap)
            self.begin(line.kind)
            for run in line.runs:
                self._write(run.text, run.place)
            self._kind = "text"
            self._close()

    def _row(self, cells: Sequence["Sheet"], *, keyed: bool) -> None:
        self.block()
        if not keyed:
            self.begin("row")
        for number, cell in enumerate(cells):
            if number and keyed:
                self._append("" if self.lines[-1].ends_with((":",)) else ":", None)
                self._append(" ", None)
            elif number:
                self._own(CELL_GAP)
            self._cell(cell)
        self._kind = "text"
        self._close()

    def _cell(self, cell: "Sheet") -> None:
        for number, line in enumerate(cell.lines):
            if number:
                self._append(" " if self._goes_on(line) else LINE_GAP, None)
            for run in line.runs:
                self._write(run.text.replace(CELL_GAP, " "), run.place)

    def _goes_on(self, line: Line) -> bool:
        """Whether a line of a cell goes on where the one before it, which is written, ends."""
        return self.lines[-1].ends_with(_CLOSED) or line.runs[0].text[:1].islower()

    def _own(self, text: str) -> None:
        """Write signs of the converter's own, on a new line if none is open."""
        self._space = False
        if not self._open:
            self._begin_line()
        self._append(text, None)

    def _write(self, text: str, place: str | None) -> None:
        if not text:
            return
        if not self._open:
            self._begin_line()
        elif self._space and self.lines[-1].runs:
            self._append_space(place)
        self._space = False
        self._append(text, place)

    def _begin_line(self) -> None:
        self.lines.append(Line(self._gap, self._kind))
        self._gap, self._open, self._space = "none", True, False
        indent = _INDENT * max(self._depth - 1, 0)
        marks = [mark for mark in self._marks if mark]
        if marks:
            self._append(indent + marks[-1], None)
            self._marks = [""] * len(self._marks)
        elif self._depth:
            self._append(indent + _INDENT, None)

    def _append_space(self, place: str | None) -> None:
        last = self.lines[-1].runs[-1]
        if not last.text.endswith(" "):
            self._append(" ", place if last.place == place else None)

    def _append(self, text: str, place: str | None) -> None:
        runs = self.lines[-1].runs
        if runs and runs[-1].place == place:
            runs[-1].text += text
        else:
            runs.append(Run(text, place))
        self._written += len(text)
        if self._written > self._most:
            raise NoteTooLarge(size=self._written, limit=self._most)

    def _close(self) -> None:
        self._open, self._space = False, False


def written(lines: Sequence[Line]) -> tuple[str, tuple[SourcePart, ...]]:
    """Return the text of lines, and where its characters come from."""
    pieces: list[str] = []
    parts: list[SourcePart] = []
    place = 0
    for run in _runs(lines):
        if run.place is not None and run.text.strip():
            parts.append(SourcePart(place, place + len(run.text), run.place))
        pieces.append(run.text)
        place += len(run.text)
    return "".join(pieces), tuple(parts)


def _runs(lines: Sequence[Line]) -> Iterator[Run]:
    """Yield the runs of lines, with the line ends between them."""
    before: Line | None = None
    for line in lines:
        if before is not None:
            yield Run("\n\n" if _set_off(before, line) else "\n", None)
        yield from _without_last_gap(line.runs)
        before = line
    if before is not None:
        yield Run("\n", None)


def _without_last_gap(runs: Sequence[Run]) -> Sequence[Run]:
    """Return the runs of a line without a gap behind its last cell."""
    return runs[:-1] if runs and runs[-1].place is None and not runs[-1].text.strip() else runs


def _set_off(before: Line, line: Line) -> bool:
    """Whether a blank line stands between two lines."""
    if line.gap == "hard" or line.kind == "heading":
        return True
    if line.gap == "none" or before.kind == "heading":
        return False
    return max(before.length, line.length) >= PROSE
