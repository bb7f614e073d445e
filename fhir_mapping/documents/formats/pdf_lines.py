"""The letters of a PDF page to lines: where a line ends, where a column begins."""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

COLUMN_GAP: Final = 1.0
"""Part of a line's height that is wider than the space between two words."""

PARAGRAPH_GAP: Final = 1.9
"""Heights of a line between two lines that are two paragraphs."""

_BREAKS: Final = "\r\n"
_HYPHENS: Final = "\x02\ufffe"  # how pdfium marks a hyphen at the end of a line
_CONTROL: Final = dict.fromkeys({*range(32), 127} - {ord("\t")}, " ")


class Letter(NamedTuple):
    """A letter and its box, in points from the lower left corner of the page."""

    text: str
    left: float
    right: float
    bottom: float
    top: float


class PageLine(NamedTuple):
    """A line of a page; `apart`: it stands further from the line before it than lines do."""

    text: str
    apart: bool


def lines(letters: Iterable[Letter]) -> Iterator[PageLine]:
    """Yield the lines of a page; what stands far apart in one line is parted by a tab."""
    before: Letter | None = None
    for line in _broken(letters):
        text = _text(line)
        if not text:
            continue
        first = line[0]
        height = max(first.top - first.bottom, 1.0)
        apart = before is not None and abs(before.bottom - first.bottom) > PARAGRAPH_GAP * height
        yield PageLine(text, apart)
        before = first


def _broken(letters: Iterable[Letter]) -> Iterator[list[Letter]]:
    line: list[Letter] = []
    for letter in letters:
        if letter.text not in _BREAKS:
            line.append(letter)
        elif line:
            yield line
            line = []
    if line:
        yield line


def _text(line: list[Letter]) -> str:
    """Return the text of a line, a wide gap as a tab."""
    pieces: list[str] = []
    before: Letter | None = None
    for letter in line:
        if letter.text.isspace():
            pieces.append(" ")
            continue
        if before is not None and _is_apart(before, letter):
            while pieces and pieces[-1] == " ":
                pieces.pop()
            pieces.append("\t")
        pieces.append("-" if letter.text in _HYPHENS else letter.text)
        before = letter
    return _paired("".join(pieces)).translate(_CONTROL).rstrip()


def _paired(text: str) -> str:
    """Return text whose halves of surrogate pairs are letters."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _is_apart(before: Letter, letter: Letter) -> bool:
    height = max(before.top - before.bottom, letter.top - letter.bottom, 1.0)
    return letter.left - before.right > COLUMN_GAP * height
