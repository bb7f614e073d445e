"""How far the words of a sig go on behind what a reader found of it: "20 units SC [at bedtime]"."""

import re
from typing import Final

from fhir_mapping.elements.sig.clause import end_of
from fhir_mapping.elements.sig.vocabulary import TELLING, WORDS

_PIECE: Final = re.compile(r"[\s,]*(?:[A-Za-zµμ][A-Za-zµμ.]*|\d+(?:[.,]\d+)*(?:\s*[-–]\s*\d+)?)")
_ARTICLES: Final = frozenset({"a", "an", "the"})


def onward(text: str, start: int, stop: int) -> int:
    """Return where the words that tell of a dose, route or time end, from `start` up to `stop`.

    A number, an article or a word such as "at" counts only before one that tells something.
    """
    stop = min(stop, end_of(text, start))
    told, at = start, start
    while piece := _PIECE.match(text, at, stop):
        at = piece.end()
        word = piece[0].strip(" \t\r\n,").casefold().replace(".", "")
        if word in TELLING:
            told = at
        elif not (word[:1].isdigit() or word in WORDS or word in _ARTICLES):
            break
    return told
