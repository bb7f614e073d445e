"""How far the words of a sig go on behind what a reader found of it: "20 units SC [at bedtime]"."""

import re
from typing import Final

from fhir_mapping.elements.sig.dose_forms import (
    COUNTED,
    DOSE_FORMS,
    OTHER_ROUTES,
    SHORTHAND,
    SWALLOWED,
)
from fhir_mapping.elements.sig.sig_words import TELLING, WORDS

_PIECE: Final = re.compile(
    rf"[\s,(]*(?:sig:|and\s+(?:{'|'.join(sorted(SWALLOWED))})\b|"
    r"[A-Za-zµμ][A-Za-zµμ.]*|%|\.?\d+(?:[.,]\d+)*(?:\s*[-–]\s*\d+)?)\)?",
    re.IGNORECASE,
)
_AND: Final = re.compile(r"\Aand\s+")
_LONGEST_BRACKET: Final = 40
_ARTICLES: Final = frozenset({"a", "an", "the"})
_LINKING: Final = WORDS | _ARTICLES | {"sig", "to", "while"}
_TELLING: Final = frozenset().union(
    *(TELLING, DOSE_FORMS, SHORTHAND, COUNTED, SWALLOWED, OTHER_ROUTES, {"awake", "%"})
)


def trailing(text: str, start: int, stop: int) -> int:
    """Return where the words that tell of a dose, route or time end, from `start` up to `stop`.

    `stop` is not behind the end of the clause. A number, an article or a word such as "at" counts
    only before one that tells something.
    """
    end, at = start, start
    while piece := _PIECE.match(text, at, stop):
        at = piece.end()
        word = piece[0].strip(" \t\r\n,(:)").casefold().replace(".", "")
        word = _AND.sub("", word)
        if word in _TELLING:
            end = at
        elif not (word.lstrip(".")[:1].isdigit() or word in _LINKING):
            break
    return _closed(text, start, end, stop)


def _closed(text: str, start: int, end: int, stop: int) -> int:
    """Return where the words end, with the whole of a bracket that they end in."""
    opened = text.rfind("(", start, end)
    closing = text.find(")", end, min(stop, end + _LONGEST_BRACKET))
    if opened < 0 or closing < 0 or ")" in text[opened:end]:
        return end
    return closing + 1
