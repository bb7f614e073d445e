"""Whether a drug was taken or a procedure done: what section and sentence say of it.

`course` reads the words that touch a mention; this reads where it stands. A list of current
medications says that its drugs are taken, an operative note that its steps were done, a plan that
what it lists is still to come. A sentence that looks ahead ("will undergo", "recommended") says
that nothing has happened yet, wherever it stands.
"""

import re
from collections.abc import Callable, Sequence
from typing import Final, Literal, NamedTuple

from fhir_mapping.findings import taken_or_done_words as words
from fhir_mapping.findings.attributes import linked
from fhir_mapping.findings.lab.result import is_measured
from fhir_mapping.findings.mention_in_note import MentionInNote, section_kind
from fhir_mapping.findings.taken_next import taken_next

Status = Literal["active", "completed", "stopped", "on-hold", "intended"]

# Kinds of sections (models.ner.text.layout).
TAKEN_IN: Final = frozenset(
    {"home_medications", "current_medications", "discharge_medications", "inpatient_medications"}
)
STOPPED_IN: Final = frozenset({"stopped_medications"})
STAY: Final = frozenset({"hospital_course"})  # what is named there was given there
DONE_IN: Final = frozenset({"operation", "procedures", "imaging"})
REPORTED_IN: Final = DONE_IN | {
    "chief_complaint", "present_illness", "past_history", "surgical_history", "vitals",
    "examination", "laboratory", "findings", "hospital_course", "subjective", "objective",
    "discharge_diagnosis", "diagnosis", "problems", "family", "social", "review_of_systems",
    "immunizations", "indication",
}  # fmt: skip
PLANS: Final = frozenset({"plan", "assessment_and_plan"})
AHEAD_IN: Final = PLANS | {"instructions", "return_precautions"}

NEWLINE: Final = "\n"
_REACH: Final = 200
_REGIMEN: Final = frozenset({"Frequency"})  # how often: a dose alone may have been one dose
# The first that any mention of a drug gives is what is said of it.
_STRONGEST_FIRST: Final[tuple[Status, ...]] = (
    "active", "on-hold", "stopped", "completed", "intended",
)  # fmt: skip


class Place(NamedTuple):
    """Where a mention stands: the kind of its section, and its sentence before and after it."""

    section: str
    before: str
    after: str
    regimen: bool
    named: str
    taken_next: bool = False
    unticked: bool = False

    @property
    def clause(self) -> str:
        """What stands before it since the sentence last said something anew."""
        return words.ANEW.split(self.before)[-1]

    @property
    def sentence(self) -> str:
        """Its clause, without the heading above it."""
        return words.HEADING.split(self.clause)[-1]

    @property
    def item(self) -> str:
        """What stands around it in its item of a list."""
        before, after = words.ITEM_END.split(self.before)[-1], words.ITEM_END.split(self.after)[0]
        return f"{before} {after}"

    def says(self, some: re.Pattern[str]) -> bool:
        """Return whether the sentence has such words."""
        return bool(some.search(self.before) or some.search(self.after))


# The first that applies to a place is what it says of a drug; None is nothing.
_OF_A_DRUG: Final[tuple[tuple[Callable[[Place], object], Status | None], ...]] = (
    (lambda place: place.section in STOPPED_IN, "stopped"),
    (lambda place: words.GIVEN_UP.match(place.after), "stopped"),
    (lambda place: words.HELD_BEFORE.search(place.before), "on-hold"),
    (lambda place: words.HELD_AFTER.match(place.after), "on-hold"),
    (lambda place: _item_says(place, words.ITEM_HELD), "on-hold"),
    (lambda place: _item_says(place, words.ITEM_STOPPED), "stopped"),
    (lambda place: place.section in TAKEN_IN, "active"),
    (lambda place: words.AHEAD_AFTER.match(place.after), "intended"),
    (lambda place: place.section in DONE_IN, "completed"),
    (lambda place: place.says(words.CHANGED), None),
    (lambda place: words.SINCE.match(place.after), None),
    (lambda place: words.WAS_DRUGGED.fullmatch(place.named), "completed"),
    (lambda place: words.WAS_GIVEN.search(words.TO_BE.sub("", place.after)), "completed"),
    (lambda place: words.GIVEN.search(words.TO_BE.sub("", place.sentence)), "completed"),
    (lambda place: place.unticked and place.section in PLANS, "intended"),
    (lambda place: place.taken_next, "active"),
    (lambda place: words.HELPS.match(place.after), "active"),
    (lambda place: words.HELPED.match(place.after), "completed"),
    (lambda place: _looks_ahead(place.sentence), "intended"),
    (lambda place: words.TAKES.search(place.before), "active"),
    (lambda place: place.regimen and place.section not in PLANS, "active"),
    (lambda place: words.DONE_WITH.search(place.before), "completed"),
    (lambda place: words.OWN.search(place.before), "active"),
    (lambda place: place.section in STAY, "completed"),
)


def planned(one: MentionInNote) -> bool:
    """Return whether a test or treatment is still to come where it is named."""
    place = _place(one)
    if words.WAS_DONE.match(place.after) or words.SEEN_DONE.search(place.before):
        return False
    if words.AHEAD_AFTER.match(place.after):
        return True
    if place.section not in DONE_IN and words.AHEAD.search(place.clause):
        return True
    return place.section in AHEAD_IN and not (is_measured(one) or place.says(words.PAST))


def procedure_status(mentions: Sequence[MentionInNote]) -> Status | None:
    """Return `completed` where any mention of a procedure says that it was done, else None."""
    return "completed" if any(map(_was_done, mentions)) else None


def drug_status(mentions: Sequence[MentionInNote]) -> Status | None:
    """Return what the mentions of a drug say of its being taken.

    None where they say nothing, or where one says that it was stopped and not how: `course` tells
    that where it is plain, and two mentions that contradict each other tell nothing.
    """
    places = [_place(one) for one in mentions]
    stated = {_of_a_drug(place) for place in places}
    ended = stated & {"stopped", "on-hold"}
    if not ended and any(map(_may_be_stopped, places)):
        return None
    return next((status for status in _STRONGEST_FIRST if status in stated), None)


def _may_be_stopped(place: Place) -> bool:
    """Return whether a drug may be one that was stopped or held: in a list, by its own item."""
    if place.section in TAKEN_IN:
        return bool(words.STOPPED.search(place.item))
    return place.section not in STOPPED_IN and place.says(words.STOPPED)


def _item_says(place: Place, some: re.Pattern[str]) -> bool:
    """Return whether the item of a list of drugs says that its drug was held, or stopped."""
    if place.section not in TAKEN_IN or not some.search(place.item):
        return False
    return not words.ITEM_UNTURNED.search(place.item)


def given_up(mentions: Sequence[MentionInNote]) -> Status | None:
    """Return `stopped` where every mention of a past drug bears a cue that says so, else None."""
    cues = [
        [cue.text for cue in one.assertion.cues if cue.kind == "historical"] for one in mentions
    ]
    every = all(any(words.ENDED.search(cue) for cue in of_one) for of_one in cues)
    return "stopped" if every else None


def _looks_ahead(sentence: str) -> bool:
    """Whether a sentence looks ahead to a drug, and not to one that goes on."""
    return bool(words.AHEAD.search(sentence) and not words.GOES_ON.search(sentence))


def _done_to_it(place: Place) -> bool:
    """Whether a procedure is the verb ("was [suctioned]"), or in the title of a report."""
    verb = words.WAS_DRUGGED.match(place.named) and words.BEEN.search(place.before)
    line = f"{place.before.rpartition(NEWLINE)[2]}{place.named}{place.after.partition(NEWLINE)[0]}"
    title = line.isupper() and len(line.split()) > 1 and place.section not in AHEAD_IN
    return bool(verb) or title


def _was_done(one: MentionInNote) -> bool:
    """A result, the section, or a sentence in the past tense says that a procedure was done."""
    place = _place(one)
    if is_measured(one) or words.WAS_DONE.match(place.after) or _done_to_it(place):
        return True
    stated = place.section in REPORTED_IN or place.says(words.PAST)
    stated = stated or bool(words.SEEN_DONE.search(place.before))
    first = words.RESULT.split(place.after)[0]
    undone = place.section not in DONE_IN and (
        words.NOT_DONE.search(first) or words.REFUSED.match(place.after)
    )
    return stated and not undone and not planned(one)


def _of_a_drug(place: Place) -> Status | None:
    return next((status for applies, status in _OF_A_DRUG if applies(place)), None)


def _place(one: MentionInNote) -> Place:
    text, mention = one.note.text, one.mention
    before = text[max(0, mention.start - _REACH) : mention.start]
    after = text[mention.end : mention.end + _REACH]
    return Place(
        section_kind(one),
        words.SENTENCE_END.split(before)[-1],
        words.SENTENCE_END.split(after)[0],
        bool(linked(one, _REGIMEN)),
        mention.text,
        taken_next(text, mention.end) is not None,
        words.UNTICKED.search(before) is not None,
    )
