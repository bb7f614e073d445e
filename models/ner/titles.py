"""A heading names what follows it, not a finding: "Medications:" is no drug."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from models.clinical import Mention
from models.ner.assertion.sections import titles

# A heading that names a test ("EKG:", "CHEST X-RAY") says that the test was done.
NAMES_ITSELF = frozenset({"Diagnostic_procedure"})

_AFTER_TITLE = re.compile(r"[\s:*_-]*+")


def without_titles(text: str, mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """Return the mentions of a text without the words of known section headings.

    A mention inside a heading goes; one that begins in it begins after it.
    """
    spans = list(titles(text))
    return tuple(kept for mention in mentions for kept in _outside(text, mention, spans))


def _outside(text: str, mention: Mention, spans: Sequence[tuple[int, int]]) -> Iterator[Mention]:
    title = _title_at(spans, mention.start)
    if mention.label in NAMES_ITSELF or title is None:
        yield mention
        return
    after = _AFTER_TITLE.match(text, title)
    start = after.end() if after else title
    if start < mention.end:
        yield replace(mention, start=start, text=text[start : mention.end])


def _title_at(spans: Sequence[tuple[int, int]], position: int) -> int | None:
    """Return the end of the heading that holds a position; `spans` are in order and apart."""
    i = bisect_right(spans, position, key=_start) - 1
    return spans[i][1] if i >= 0 and position < spans[i][1] else None


def _start(span: tuple[int, int]) -> int:
    return span[0]
