"""The same words in other lines: what training sees of the layouts that one text can have.

Characters change places with nothing: a blank becomes a line end or the other way round, so that
every offset of the annotation stays.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import replace

from models.ner.brat import AnnotatedText

WIDTHS = (45, 110)  # characters of the narrowest and the widest line
_LINE_END = re.compile(r"(?<=\S)\n(?=\S)")


def rewrapped(annotated: AnnotatedText, rng: random.Random) -> AnnotatedText:
    """Return a text with its single line ends elsewhere; blank lines stay.

    One in three is wrapped at a width, one loses its line ends, and one has a comma for each, as
    transcriptions do that lost theirs.
    """
    change = rng.choice([_wrapped, _joined, _with_commas])
    return replace(annotated, text=change(annotated.text, rng))


def _joined(text: str, _rng: random.Random) -> str:
    return _LINE_END.sub(" ", text)


def _with_commas(text: str, _rng: random.Random) -> str:
    return _LINE_END.sub(",", text)


def _wrapped(text: str, rng: random.Random) -> str:
    width = rng.randint(*WIDTHS)
    return "\n".join(_broken(line, width) for line in text.split("\n"))


def _broken(line: str, width: int) -> str:
    characters = list(line)
    for blank in _breaks(line, width):
        characters[blank] = "\n"
    return "".join(characters)


def _breaks(line: str, width: int) -> Iterator[int]:
    """Yield the last blank of each stretch of `width` characters that has one."""
    start = 0
    while len(line) - start > width:
        blank = line.rfind(" ", start + 1, start + width)
        if blank < 0:
            return
        yield blank
        start = blank + 1
