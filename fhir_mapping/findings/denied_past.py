"""A denial of what was before, beside the thing itself: "new fibrillation, no prior history".

It does not contradict that the thing is there now, and refuted it would
(docs/decisions/0012-contradictions-stay-side-by-side.md).
"""

import re
from collections.abc import Collection, Iterator
from typing import Final

from fhir_mapping.findings.grouping import Group
from fhir_mapping.findings.mention_in_note import MentionInNote

_PAST: Final = re.compile(
    r"\b(?:(?:past|prior|previous|earlier|preceding|known)\b|hi?story\b|hx\b|h/o\b)", re.IGNORECASE
)
_ONSET: Final = re.compile(r"(?:(?:new(?:ly)?|recent|acute|onset|diagnosed)[\s-]+)+", re.IGNORECASE)


def is_present(group: Group) -> bool:
    """Return whether a group is a problem that is said to be there."""
    return group.thing.kind == "Condition" and group.thing.assertion_status == "asserted"


def names(group: Group) -> Iterator[str]:
    """Yield the names under which a problem is there: "new onset asthma" is asthma."""
    name = group.thing.text
    yield from {name, _ONSET.sub("", name)}


def denies_only_past(group: Group, present: Collection[str]) -> bool:
    """Return whether each denial of a problem that is there is of its history alone."""
    thing = group.thing
    denied = thing.kind == "Condition" and thing.assertion_status == "negated"
    return denied and thing.text in present and all(map(_of_the_past, group.mentions))


def _of_the_past(one: MentionInNote) -> bool:
    cues = (cue for cue in one.assertion.cues if cue.kind == "negated")
    start = min((cue.start for cue in cues), default=one.mention.start)
    return _PAST.search(one.note.text, start, one.mention.start) is not None
