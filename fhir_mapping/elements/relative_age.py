"""When a relative's disease began, and how old the relative is (FHIR R4, FamilyMemberHistory)."""

import re
from collections.abc import Iterator
from typing import Final

from fhir_mapping.datatypes.codeable_concept import Resource
from fhir_mapping.elements import date_context
from fhir_mapping.elements.event_time import (
    DATES,
    Time,
    of_age,
    one_time,
    read,
    string,
    times,
)
from fhir_mapping.findings.ages import tells_age
from fhir_mapping.findings.family_clause import clause
from fhir_mapping.findings.grouping import Group
from fhir_mapping.findings.mention_in_note import MentionInNote
from models.clinical import Cue, Mention

_BEFORE_RELATIVE: Final = re.compile(r"\s{1,40}+(?:(?:younger|older|elder|identical)\s+)?")
_BEHIND_RELATIVE: Final = re.compile(
    r"\s{0,40}+(?:[,(]\s*+)?(?:(?:who\s+)?is\s+(?:(?:now|currently)\s+)?)?(?:in\s+)?", re.IGNORECASE
)
# In such a sentence an age may be that at which something else happened, long ago.
_PAST: Final = re.compile(
    r"\b(?:\w+ed|was|were|had|did|began|dead|death|late|ago|when|at|since|onset|dx|then)\b",
    re.IGNORECASE,
)
_AT: Final = re.compile(r"at\s+(?=\d)", re.IGNORECASE)
_SENTENCE: Final = re.compile(r"[.;\n](?!\d)")
_AGED: Final = re.compile(r"\baged\b", re.IGNORECASE)
_REACH: Final = 160


def onset_of_relative(group: Group) -> Resource:
    """Return onset[x] of a relative's condition: only "at age 45", which no other age is."""
    return one_time(group, "onset", _at_age)


def age_of_relative(group: Group) -> Resource:
    """Return age[x]: only of one relative, beside the word for it ("his brother, aged 30, has")."""
    return one_time(group, "age", _beside) if group.thing.relative else {}


def _at_age(head: MentionInNote) -> Iterator[Time]:
    yield from _in_clause(head)
    for one, time in times(head, DATES):
        age = _age(one, time)
        if age and date_context.at_age(head.note.text, head.mention, time):
            yield age


def _age(one: MentionInNote, time: Mention) -> Time | None:
    """Return an age, a span of ages, or words that say of none which; a date is none."""
    age = read(one, time)
    if age is None and tells_age(time.text):
        return _in_words(one, time.text)
    return None if age and age.choice == "DateTime" else age


def _in_clause(head: MentionInNote) -> Iterator[Time]:
    """Return the age in the clause itself: "mother had breast cancer at 45"."""
    found = clause(head.mention)
    if found and found.began:
        yield of_age(head, _AT.sub("age ", found.began)) or _in_words(head, found.began)


def _in_words(one: MentionInNote, text: str) -> Time:
    return Time("String", string(text), one)


def _beside(head: MentionInNote) -> Iterator[Time]:
    """Return the ages beside the words for a relative, in a sentence about the present."""
    cues = [cue for cue in head.assertion.cues if cue.kind == "family"]
    for position in sorted({one for cue in cues for one in _ages_beside(head, cue)}):
        one = head._replace(position=position, attributes=())
        age = _age(one, date_context.whole(head.note.text, one.mention))
        yield from [age] if age else []


def _ages_beside(head: MentionInNote, cue: Cue) -> Iterator[int]:
    """Yield the positions of the ages right before and right after a cue."""
    dates = head.neighbours.of(DATES)
    nearest = (dates.first_from(cue.start) - 1, dates.first_from(cue.end))
    for i in (one for one in nearest if 0 <= one < len(dates.mentions)):
        if _touches(head, dates.mentions[i], cue):
            yield dates.positions[i]


def _touches(head: MentionInNote, mention: Mention, cue: Cue) -> bool:
    text = head.note.text
    time = date_context.whole(text, mention)
    before = _BEFORE_RELATIVE.fullmatch(text, time.end, cue.start)
    behind = cue.end <= time.start and _BEHIND_RELATIVE.fullmatch(text, cue.end, time.start)
    return bool(before or behind) and date_context.ends(text, time) and not _past(text, mention)


def _past(text: str, mention: Mention) -> bool:
    """Return whether the sentence around an age speaks of the past."""
    before = _SENTENCE.split(text[max(0, mention.start - _REACH) : mention.start])[-1]
    after = _SENTENCE.split(text[mention.end : mention.end + _REACH])[0]
    return _PAST.search(_AGED.sub("", f"{before} {after}")) is not None
