"""Which lines a note only wrapped: a sentence runs on from the one to the next."""

from collections.abc import Sequence
from typing import Final

from models.ner.text.layout.lines import Line, Opening

NARROW, SHORT, WIDE = 30, 50, 140  # characters: widths at which notes are wrapped
OPEN_END: Final = frozenset(
    [
        "and", "or", "nor", "no", "not", "of", "with", "without", "the", "a", "an", "for", "to",
        "in", "on", "at", "by", "from", "any", "denies", "denied", "is", "are", "was", "were",
        "has", "had", "have", "his", "her", "be", "been", "as", "than", "that", "which", "who",
        "evidence", "if", "w/o", "negative", "new", "acute", "left", "right", "significant",
        "known", "possible", "probable", "likely", "history", "hx",
    ]
)  # fmt: skip
OPEN_START: Final = frozenset(
    [
        "and", "or", "nor", "of", "with", "without", "in", "for", "to", "vs", "vs.", "versus",
    ]
)  # fmt: skip
_LONGEST_WORD: Final = 16
_CLOSED: Final = (".", ":", "!", ";")


def widths(lines: Sequence[Line]) -> list[int]:
    """Give every line the width of the longest line of its run of lines."""
    found = [0] * len(lines)
    first = 0
    for i in range(len(lines) + 1):
        if i == len(lines) or lines[i].blank:
            longest = max((line.last - line.start for line in lines[first:i]), default=0)
            found[first:i] = [longest] * (i - first)
            first = i + 1
    return found


def open_ended(text: str, line: Line) -> bool:
    """Whether the last word of a line asks for another ("no evidence of")."""
    return text[line.last - 1] == "," or last_word(text, line) in OPEN_END


def last_word(text: str, line: Line) -> str:
    """Return the last word of a line, in lower case."""
    tail = text[max(line.first, line.last - _LONGEST_WORD) : line.last].lower()
    return tail.split()[-1].lstrip("(")


def wrapped(text: str, line: Line, width: int, after: Line, opening: Opening) -> bool:
    """Whether a line runs on in the one after it, which begins with no mark, key or heading.

    `width` is that of the paragraph, `opening` that of the item or paragraph which is going on.
    """
    length = line.last - line.start
    word = text[after.first : min(after.last, after.first + 24)].split(None, 1)[0]
    full = SHORT <= width <= WIDE and width - length - 1 < len(word)
    if text[line.last - 1] in _CLOSED:
        return full and text[line.last - 1] != ":" and _hangs(after, opening)
    if open_ended(text, line) or word.lower() in OPEN_START:
        return True
    if word[0].islower() and (length >= NARROW or _under(after, opening)):
        return True
    return full or (_under(after, opening) and not word[0].isalpha())


def _hangs(after: Line, opening: Opening) -> bool:
    """Whether a line goes on with an item by its indent, or there is no item."""
    return not opening.marked or _under(after, opening)


def _under(after: Line, opening: Opening) -> bool:
    """Whether a line stands further in than the mark of the item above it."""
    return opening.marked and after.first - after.start > opening.column
