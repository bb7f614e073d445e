"""Where a note's sentences end: coarsely for a model's windows, finely for cues and links.

The windows that a model reads are filled with sentences as it learned them, by punctuation and line
ends alone (`sentence_starts`). What no cue's scope and no link crosses knows abbreviations, and the
note's paragraphs and items (`breaks`).
"""

import re
from collections.abc import Iterator

import numpy as np

from models.ner.text.layout.layout_model import Layout
from models.ner.text.words import Offsets

# A line break, or closing punctuation that white space follows.
_COARSE_END = re.compile(r"\n++|(?<=[.!?])[\"')\]]*+\s++")

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
    r"al|inc|dept|temp|resps?|wt|ht|[a-z](?:\.[a-z])+)$",
    re.IGNORECASE,
)
FIRM = re.compile(r"(?:^|[\s(/,])(?:dr|mr|mrs|ms|prof|vs|approx|i\.e|e\.g|cf)$", re.IGNORECASE)


def sentence_starts(text: str) -> Offsets:
    """Return where each sentence of a text starts, as offsets; the first is 0."""
    return np.array([0, *(match.end() for match in _COARSE_END.finditer(text))], dtype=np.int32)


def breaks(found: Layout) -> list[int]:
    """Return, in order, the positions where a sentence or its like begins or ends."""
    return sorted({0, len(found.text), *_by_mark(found.text), *found.borders()})


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
