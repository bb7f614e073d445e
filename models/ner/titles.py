"""A heading names what follows it, not a finding: "Medications:" is no drug."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from models.clinical import Mention
from models.ner.assertion.sections import titles

# A heading that names a test ("EKG:", "CHEST X-RAY") says that the test was done.
NAMES_ITSELF = frozenset({"Diagnostic_procedure"})

_AFTER_TITLE = re.compile(r"[\s:*_-]*")


def without_titles(text: str, mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """Return the mentions of a text without the words of known section headings.

    A mention inside a heading goes; one that begins in it begins after it.
    """
    spans = list(titles(text))
    return tuple(kept for mention in mentions for kept in _outside(text, mention, spans))


def _outside(text: str, mention: Mention, spans: Sequence[tuple[int, int]]) -> Iterator[Mention]:
    within = [end for start, end in spans if start <= mention.start < end]
    if mention.label in NAMES_ITSELF or not within:
        yield mention
        return
    after = _AFTER_TITLE.match(text, within[0])
    start = after.end() if after else within[0]
    if start < mention.end:
        yield replace(mention, start=start, text=text[start : mention.end])
