"""Where a note's sentences end, by its punctuation and by its lines.

A line end inside a sentence (a note wrapped at some width) ends nothing; a blank line, a bullet, a
numbered item, or a line that stops well before the width does.
"""

import re
from collections.abc import Iterator

# What begins with a set of characters is searched for eight times as fast as what looks back first.
SENTENCE = re.compile(
    r"[.!?;|\t+](?:"
    r"(?<=[.!?])(?<![.!?]{2})(?<![:(,] \?)(?<![:(]\?)[.!?]*[\"')\]]*(?:(?P<space>\s+)|$)"
    r"|(?<=[a-z)\]]\.)(?=[A-Z][a-z])"
    r"|(?<=[;|\t])"
    r"|(?<=\+)(?<!\S\+)(?=\s?[A-Za-z]))"
)
ABBREVIATION = re.compile(
    r"(?:^|[\s(/,])(?:dr|mr|mrs|ms|prof|vs|etc|approx|figs?|pts?|st|jr|sr|i\.e|e\.g|dx|hx|sx|tx|rx|cf|"
    r"al|inc|dept|[a-z](?:\.[a-z])+)$",
    re.IGNORECASE,
)
FIRM = re.compile(r"(?:^|[\s(/,])(?:dr|mr|mrs|ms|prof|vs|approx|i\.e|e\.g|cf)$", re.IGNORECASE)
LINE = re.compile(r"[^\n]*\n?")
ITEM = re.compile(r"[ \t]*(?:[-*•·–+>o▪●]|\(?\d{1,2}[.)]|[a-z][.)]|#\d{0,2})[ \t]+\S")
OPEN_END = re.compile(
    r"(?:,|\b(?:and|or|nor|no|not|of|with|without|the|a|an|for|to|in|on|at|by|from|any|denies|denied|is|"
    r"are|was|were|has|had|have|his|her|be|been|as|than|that|which|who|evidence|if|w/o|negative|"
    r"new|acute|left|right|significant|known|possible|probable|likely|history|hx))\s*$",
    re.IGNORECASE,
)
OPEN_START = re.compile(
    r"\s*(?:and|or|nor|of|with|without|in|for|to|vs\.?|versus)\b", re.IGNORECASE
)
LONGEST_OPEN_END = len("significant")
NARROW, SHORT, WIDE = 30, 50, 140


def breaks(text: str) -> list[int]:
    """Return, in order, the positions where a sentence or its like begins or ends."""
    return sorted({0, len(text), *_by_mark(text), *_by_line(text)})


def _by_mark(text: str) -> Iterator[int]:
    for match in SENTENCE.finditer(text):
        full_stop = match["space"] and text[match.start() : match.start("space")] == "."
        if not (full_stop and _abbreviated(text, match)):
            yield match.end()


def _abbreviated(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - 12) : match.start()]
    after = text[match.end() : match.end() + 1]
    pattern = FIRM if after.isupper() else ABBREVIATION
    return pattern.search(before) is not None


def _by_line(text: str) -> Iterator[int]:
    lines = [match.span() for match in LINE.finditer(text) if match.end() > match.start()]
    widths = _widths([text[a:b].rstrip() for a, b in lines])
    for (start, end), (_, after), width in zip(lines, lines[1:], widths, strict=False):
        if not _wrapped(text[start:end], text[end:after], width):
            yield end


def _widths(lines: list[str]) -> list[int]:
    """Give every line the width of the longest line of its paragraph."""
    widths = [0] * len(lines)
    first = 0
    for i in range(len(lines) + 1):
        if i == len(lines) or not lines[i]:
            longest = max(map(len, lines[first:i]), default=0)
            widths[first:i] = [longest] * (i - first)
            first = i + 1
    return widths


def _wrapped(line: str, following: str, width: int) -> bool:
    """Whether a sentence may run on from a line to the one that follows it."""
    line, after = line.rstrip(), following.strip()
    if not line or not after or line.endswith((".", ":", "!", ";")) or ITEM.match(following):
        return False
    if OPEN_END.search(line, len(line) - LONGEST_OPEN_END) or OPEN_START.match(after):
        return True
    if after[0].islower() and len(line) >= NARROW:
        return True
    room = width - len(line) - 1
    return SHORT <= width <= WIDE and room < len(after.split(None, 1)[0])
