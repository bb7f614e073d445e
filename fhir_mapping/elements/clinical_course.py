"""What the words beside a mention say of its course: taken now, stopped, on hold, done, resolved.

An assertion says whether something is; these cues say how it stands, and only where they touch the
mention: "takes aspirin", "aspirin was stopped". Anything that could turn them ("not stopped", "was
stopped and resumed") leaves the status that the assertion gives.
"""

import re
from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

from fhir_mapping.findings import labels
from fhir_mapping.findings.assertion_status import AssertionStatus
from fhir_mapping.findings.grouping import Group
from fhir_mapping.findings.labels import Kind
from fhir_mapping.findings.linked import attributes
from fhir_mapping.findings.mention_in_note import MentionInNote
from fhir_mapping.findings.policy import DEFAULT

Course = Literal[
    "active", "stopped", "on-hold", "intended", "completed", "resolved", "remission", "differential"
]


class Cues(NamedTuple):
    """Words right before a mention, and words right after it, that say one course of it."""

    rows: frozenset[AssertionStatus]
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None


_REACH: Final = 48
_REACH_AFTER: Final = 96
_ASSERTED: Final[frozenset[AssertionStatus]] = frozenset({"asserted"})
_PAST_TOO: Final[frozenset[AssertionStatus]] = frozenset({"asserted", "historical"})
# "Was aborted" is read as a denial, which is less than the note says.
_BROKEN_OFF: Final[frozenset[AssertionStatus]] = _PAST_TOO | {"negated"}
_A: Final = r"(?:\s+(?:an?|the|his|her|their|home))?\s+\Z"
_BE: Final = r"(?:\s+(?:is|are|was|were|has been|have been|had been))"


def _cues(
    rows: frozenset[AssertionStatus], *, before: str | None = None, after: str | None = None
) -> Cues:
    made = re.compile(rf"\b(?:{before}){_A}", re.IGNORECASE) if before else None
    then = re.compile(rf"(?:{after})\b", re.IGNORECASE) if after else None
    return Cues(rows, made, then)


CUES: Final[dict[Kind, dict[Course, Cues]]] = {
    "MedicationStatement": {
        "active": _cues(
            _ASSERTED,
            before=r"(?:currently|now|still)\s+(?:on|takes|taking)|takes|(?:is|are)\s+(?:on|taking)"
            r"|continues?\s+(?:on|to take|taking)|remains?\s+on",
        ),
        "stopped": _cues(
            _PAST_TOO,
            before="stopped|discontinued|ceased",
            after=rf"{_BE}?\s+(?:stopped|discontinued|withdrawn)",
        ),
        "on-hold": _cues(
            _PAST_TOO, before="holding", after=rf"{_BE}?\s+(?:(?:put |placed )?on hold|held)"
        ),
        "intended": _cues(
            frozenset({"hypothetical"}),
            before=r"(?:will|plans? to|going to)\s+(?:start|begin|initiate|be started on|receive)",
        ),
    },
    "Procedure": {
        "completed": _cues(
            _ASSERTED,
            before=r"underwent|undergone|s/p|status post",
            after=rf"{_BE}\s+(?:successfully\s+)?(?:performed|done|completed|carried out)",
        ),
        "stopped": _cues(
            _BROKEN_OFF, before="aborted", after=rf"{_BE}\s+(?:aborted|abandoned|terminated)"
        ),
        "on-hold": _cues(_PAST_TOO, after=rf"{_BE}?\s+(?:put |placed )?on hold"),
    },
    "Condition": {
        "resolved": _cues(
            _PAST_TOO,
            before="resolved",
            after=r"(?:\s+(?:has|have|had|is|are|was|were))?(?:\s+(?:now|since|completely|fully))*"
            r"\s+resolved",
        ),
        "remission": _cues(
            _PAST_TOO,
            after=r",?(?:\s+(?:is|are|now|currently))*\s+in\s+(?:complete\s+|full\s+)?remission",
        ),
        "differential": _cues(
            frozenset({"uncertain"}), before=r"vs\.?|versus", after=r"\s+(?:vs\.?|versus)\s"
        ),
    },
    "AllergyIntolerance": {},
    "FamilyMemberHistory": {},
    "Observation": {},
}

_TURNED_BEFORE: Final = re.compile(
    r"\b(?:not|never|no|nor|cannot|if|unless|should|may|might|could|consider\w*|until|almost|nearly"
    r"|partial\w*|scheduled|planned|refus\w+|declin\w+|when|once)\b|n't\b",
    re.IGNORECASE,
)
_TURNED_AFTER: Final = re.compile(
    r"\b(?:if|unless|until|but|not|only|partial\w*|incomplet\w*|at\s+\d)\b", re.IGNORECASE
)
# What takes a course back, in the words up to the next mention of the same type.
_DOING: Final = re.compile(r"\b(?:re-?start|resum|reinstat|re-?init|re-?sched)", re.IGNORECASE)
_BEING: Final = re.compile(r"\b(?:recur|relaps|return|again\b|flare)", re.IGNORECASE)
_TAKEN_BACK: Final[dict[Kind, re.Pattern[str]]] = {
    "MedicationStatement": _DOING,
    "Procedure": _DOING,
    "Condition": _BEING,
}
# All that follows in the sentence is one of the alternatives ("Differential diagnosis: …, …").
_ALTERNATIVES: Final = re.compile(
    r"\b(?:(?:differential\s+diagnos[ie]s|ddx)\b"
    r"|differential\s+(?:(?:would|also)\s+)?(?:includ\w+|is|was|remains)\b)"
    r"(?![^.;\n]*\b(?:no|not|never|without|but|most|ruled|exclud\w+)\b)[^.;\n]*\Z",
    re.IGNORECASE,
)
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
    return _ALTERNATIVES.search(text, max(0, end - _REACH_OF_LIST), end) is not None


def _tells(cues: Cues, before: str, after: str) -> bool:
    found = (cues.before and cues.before.search(before)) or (cues.after and cues.after.match(after))
    if not found:
        return False
    return not (_TURNED_BEFORE.search(before) or _TURNED_AFTER.search(_SENTENCE.split(after)[0]))


def _taken_back(group: Group, head: MentionInNote) -> bool:
    """Return whether the words before a mention, or after it to the next of its type, do so."""
    words, mention = _TAKEN_BACK[group.thing.kind], head.mention
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
