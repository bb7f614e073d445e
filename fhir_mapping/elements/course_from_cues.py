"""What the words beside a mention say of its course: taken now, stopped, on hold, done, resolved.

An assertion says whether something is; these cues say how it stands, and only where they touch the
mention: "takes aspirin", "aspirin was stopped". Anything that could turn them ("not stopped", "was
stopped and resumed") leaves the status that the assertion gives.
"""

import re
from collections.abc import Iterator
from typing import Final

from fhir_mapping.elements import course_cues
from fhir_mapping.elements.course_cues import CUES, Course, Cues
from fhir_mapping.findings import labels
from fhir_mapping.findings.attributes import attributes
from fhir_mapping.findings.grouping import Group
from fhir_mapping.findings.mention_in_note import MentionInNote
from fhir_mapping.findings.policy import DEFAULT

_REACH: Final = 48
_REACH_AFTER: Final = 96
_REACH_OF_LIST: Final = 160
_OWN: Final = frozenset({"Biological_structure"})
_TO_OWN: Final = re.compile(r"\s+(?:(?:of|in|at|to|on)\s+)?(?:(?:the|his|her)\s+)?", re.IGNORECASE)
_SENTENCE: Final = re.compile(r"[.;:\n](?!\d)")


def course(group: Group) -> Course | None:
    """Return the one course that the note tells of a group; None where it tells none, or two."""
    courses = {name for head in group.mentions for name in _courses(group, head)}
    only = courses.pop() if len(courses) == 1 else None
    return None if only and any(_taken_back(group, one) for one in group.mentions) else only


def _courses(group: Group, head: MentionInNote) -> Iterator[Course]:
    status = group.thing.assertion_status
    asked = [(name, cues) for name, cues in CUES[group.thing.kind].items() if status in cues.rows]
    before, after = (_before(head), _after(head)) if asked else ("", "")
    for name, cues in asked:
        if _tells(cues, before, after):
            yield name
    if group.thing.kind == "Condition" and status == "uncertain" and _listed(head):
        yield "differential"


def _listed(head: MentionInNote) -> bool:
    text, end = head.note.text, head.mention.start
    return course_cues.ALTERNATIVES.search(text, max(0, end - _REACH_OF_LIST), end) is not None


def _tells(cues: Cues, before: str, after: str) -> bool:
    found = (cues.before and cues.before.search(before)) or (cues.after and cues.after.match(after))
    if not found:
        return False
    return not (
        course_cues.TURNED_BEFORE.search(before)
        or course_cues.TURNED_AFTER.search(_SENTENCE.split(after)[0])
    )


def _taken_back(group: Group, head: MentionInNote) -> bool:
    """Return whether the words before a mention, or after it to the next of its type, do so."""
    words, mention = course_cues.TAKEN_BACK[group.thing.kind], head.mention
    kinds = labels.kinds(DEFAULT)
    own = kinds[mention.label]
    alike = frozenset(label for label, kind in kinds.items() if kind == own)
    stop = head.neighbours.of(alike).next_start(mention.end, mention.end + _REACH_AFTER)
    after = _after(head)[: stop - mention.end]
    return bool(words.search(_before(head)) or words.search(after))


def _before(head: MentionInNote) -> str:
    """Return the words of the same sentence before a mention."""
    start = head.mention.start
    return _SENTENCE.split(head.note.text[max(0, start - _REACH) : start])[-1]


def _after(head: MentionInNote) -> str:
    """Return the words after a mention and its own site: after "biopsy of the liver"."""
    text, end = head.note.text, head.mention.end
    for one in attributes(head, _OWN):
        if one.mention.start >= end and _TO_OWN.fullmatch(text, end, one.mention.start):
            end = one.mention.end
    return text[end : end + _REACH_AFTER]
