"""Mentions that stand side by side: "pain and swelling", "10 mg and 5 mg, respectively"."""

import re
from typing import Final

from models.ner.links.link_bounds import Stretches

_IN_ORDER = re.compile(r"\W{0,3}respectively\b", re.IGNORECASE)
_ORDERED = re.compile(r"\brespectively\W{0,3}$", re.IGNORECASE)
_PLACE: Final = "Biological_structure"
_AND: Final = frozenset({"and", "or"})
_AT: Final = frozenset({("of",), ("in",), ("on",), ("over",), ("at",), ("around",)})
_LOOK_BACK = 16
LONGEST: Final = 16  # mentions on each side: what bounds the work in a text of one long list


def run(found: Stretches, member: int) -> range:
    """Return the positions of the mentions of one type that only "and" and the like part."""
    first = last = member
    while first > max(0, member - LONGEST) and found.joined[first - 1]:
        first -= 1
    while last < member + LONGEST and found.joined[last]:
        last += 1
    return range(first, last + 1)


def partner(found: Stretches, source: int, head: int) -> int | None:
    """Return the head of a mention in "A and B were x and y, respectively", whichever seemed best.

    Numbers behind as many tests need no such word: "hemoglobin and hematocrit of 9.8 and 29". None
    where the sentence says no such thing, or names more of the one than of the other.
    """
    sources, heads = run(found, source), run(found, head)
    if len(sources) == 1 or len(sources) != len(heads):
        return None
    if not (_in_order(found, sources) or _results(found, sources, heads)):
        return None
    return heads[source - sources.start]


def _results(found: Stretches, sources: range, heads: range) -> bool:
    """Return whether numbers follow the tests that they may be the results of."""
    values = [found.mentions[i] for i in sources]
    return heads.stop <= sources.start and all(
        one.label == "Lab_value" and one.text[:1].isdigit() for one in values
    )


def shared(found: Stretches, source: int, head: int) -> bool:
    """Whether a body part belongs to all of "pain and swelling of the knee".

    Not where the first of them has a body part before it: "renal cysts and a mass in the lung".
    """
    heads = run(found, head)
    if found.mentions[source].label != _PLACE or source != heads.stop or len(heads) == 1:
        return False
    joining, leading = found.gaps[heads[-2]] or (), found.gaps[heads[-1]] or ()
    own = heads.start > 0 and found.mentions[heads.start - 1].label == _PLACE
    return (
        not _AND.isdisjoint(joining)
        and leading[:1] in _AT
        and not (own and found.gaps[heads.start - 1] == ())
    )


def _in_order(found: Stretches, sources: range) -> bool:
    begin, end = found.mentions[sources[0]].start, found.mentions[sources[-1]].end
    before = found.text[max(0, begin - _LOOK_BACK) : begin]
    return bool(_IN_ORDER.match(found.text, end) or _ORDERED.search(before))
