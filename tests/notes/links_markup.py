"""Sentences marked up with the links that a reader should find in them.

`[words|Label]` is a mention. `#name` names it, `>name` says which mentions it belongs to:

    [Pain|Sign_symptom#p] and [swelling|Sign_symptom#s] of the [knee|Biological_structure>p,s].

Files are read as in `tests/notes/markup.py`.
"""

import re
from dataclasses import dataclass

from models.clinical import Mention

_MARK = re.compile(r"\[([^\]|]+)\|(\w+)(?:#(\w+))?(?:>([\w,]+))?\]")


@dataclass(frozen=True, slots=True)
class Linked:
    """A text without its marks, the mentions marked in it, and its links as (source, target)."""

    text: str
    mentions: tuple[Mention, ...]
    links: frozenset[tuple[int, int]]


def parse(source: str) -> Linked:
    """Read one marked-up text.

    Raises:
        KeyError: a mention belongs to a name that nothing bears.
    """
    text, mentions, end = "", [], 0
    names: dict[str, int] = {}
    heads: list[list[str]] = []
    for position, mark in enumerate(_MARK.finditer(source)):
        text += source[end : mark.start()]
        mentions.append(Mention(len(text), len(text) + len(mark[1]), mark[1], mark[2], 1.0))
        names |= {mark[3]: position} if mark[3] else {}
        heads.append(mark[4].split(",") if mark[4] else [])
        text += mark[1]
        end = mark.end()
    links = {(i, names[name]) for i, belongs in enumerate(heads) for name in belongs}
    return Linked(text + source[end:], tuple(mentions), frozenset(links))
