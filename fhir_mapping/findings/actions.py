"""Whether a drug was taken or a procedure done: what section and sentence say of it.

`course` reads the words that touch a mention; this reads where it stands. A list of current
medications says that its drugs are taken, an operative note that its steps were done, a plan that
what it lists is still to come. A sentence that looks ahead ("will undergo", "recommended") says
that nothing has happened yet, wherever it stands.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Final, Literal, NamedTuple

from fhir_mapping.findings.lab.result import is_measured
from fhir_mapping.findings.linked import linked
from fhir_mapping.findings.mention_in_note import Sighting

Status = Literal["active", "completed", "stopped", "intended"]

# Kinds of sections (models.ner.text.layout).
TAKEN_IN: Final = frozenset(
    {"home_medications", "current_medications", "discharge_medications", "inpatient_medications"}
)
STOPPED_IN: Final = frozenset({"stopped_medications"})
STAY: Final = frozenset({"hospital_course"})  # what is named there was given there
DONE_IN: Final = frozenset({"operation", "procedures", "imaging"})
TOLD_IN: Final = DONE_IN | {
    "chief_complaint", "present_illness", "past_history", "surgical_history", "vitals",
    "examination", "laboratory", "findings", "hospital_course", "subjective", "objective",
    "discharge_diagnosis", "diagnosis", "problems", "family", "social", "review_of_systems",
    "immunizations", "indication",
}  # fmt: skip
AHEAD_IN: Final = frozenset({"plan", "assessment_and_plan", "instructions", "return_precautions"})

_REACH: Final = 200
_REGIMEN: Final = frozenset({"Frequency"})  # how often: a dose alone may have been one dose
# The first that any mention of a drug gives is what is said of it.
_STRONGEST_FIRST: Final[tuple[Status, ...]] = ("active", "completed", "stopped", "intended")

_SENTENCE_END: Final = re.compile(r"[.;!?](?=\s|\Z)|\n\s*(?:\n|[-*•]|\d{1,2}[.)])")
_AHEAD: Final = re.compile(
    r"\b(?:will|shall|would|should|(?<!\d )(?<!in )may(?! \d)|might|could|must"
    r"|plans?|planned|planning|going\s+to"
    r"|(?<!had )(?<!going )to\s+be|needs|need\s+for|recommend\w*|suggest\w*|advis\w+|consider"
    r"|considering|schedul\w+|await\w*|pending|candidate|arrang\w+|book\w*|if|unless|options?"
    r"|refer(?:red|ral)?\s+(?:her\s+|him\s+)?(?:to|for)|offer\w*|discuss\w*|wish\w*|desir\w+"
    r"|wants?|wanting|in\s+preparation|presents?\s+for|admitted\s+for|(?:here|in)\s+for"
    r"|risks?\s+of|declin\w+|refus\w+|goals?|counsel\w+|instruct\w+|anticipation"
    r"|evaluation\s+(?:for|regarding))\b",
    re.IGNORECASE,
)
_PAST: Final = re.compile(
    r"\b(?:was|were|had|ha(?:s|ve)\s+been|underwent|did|gave|given|took|taken|done|made|seen"
    r"|found|began|showed|shown|sent|s/p|status\s+post|post|after|following|\w{2,}[^e\W]ed)\b",
    re.IGNORECASE,
)
_TAKES: Final = re.compile(
    r"\b(?:on|takes?|taking|uses?|using|continu\w+|resum\w+|maintain\w+|remain\w*|currently"
    r"|prescri\w+|refill\w*|start(?:ed|ing)|placed|put|switched|changed|increased|decreased"
    r"|requir(?:es|ing)|controlled\s+(?:with|by)|home)\b",
    re.IGNORECASE,
)
_GOES_ON: Final = re.compile(r"\b(?:continu|resum)\w+\b", re.IGNORECASE)
_GIVEN: Final = re.compile(
    r"\b(?:given|received|got|infiltrat\w+|inject\w+|infus\w+|instill\w+|administ\w+|completed"
    r"|ana?esthetized|sedated|finished|under|irrigat\w+|flush\w*|(?:was|were|been)\s+treated\s+with"
    r"|(?:was|were|been|being)\s+(?:\w+\s+)?(?:used|induced|loaded|bolused))\b",
    re.IGNORECASE,
)
_WAS_GIVEN: Final = re.compile(
    r"\b(?:was|were)\s+(?:\w+\s+)?(?:given|administered|started|injected|infused|instilled)\b",
    re.IGNORECASE,
)
# What a sentence says happened to a test or treatment, and it was not done.
_NOT_DONE: Final = re.compile(
    r"\b(?:not|never|cancel\w*|abort\w*|abandon\w*|defer\w*|postpon\w*|declin\w*|refus\w*"
    r"|mention\w*|discuss\w*|consider\w*|recommend\w*|advis\w*|plan(?:ned)?|schedul\w*|offer\w*"
    r"|need\w*|suggest\w*|order\w*|request\w*|arrang\w*|pending|would|will|should|could)\b",
    re.IGNORECASE,
)
# A drug that is stopped, held or resumed: `course` says it where it is plain.
_STOPPED: Final = re.compile(
    r"\b(?:stop\w*|discontinu\w*|ceas\w+|held|hold(?!\s+(?:for|if|parameters))|on\s+hold|holding"
    r"|withdr\w+|withheld|wean\w*|no\s+longer)\b",
    re.IGNORECASE,
)
_CHANGED: Final = re.compile(
    r"\b(?:not|never|declin\w*|refus\w*|off|instead|mention\w*|discuss\w*"
    r"|(?:stop|discontinu|withdr|wean)\w*|ceased|held|withheld)\b",
    re.IGNORECASE,
)


class Place(NamedTuple):
    """Where a mention stands: the kind of its section, and its sentence before and after it."""

    section: str
    before: str
    after: str
    regimen: bool

    def says(self, words: re.Pattern[str]) -> bool:
        """Return whether the sentence has such words."""
        return bool(words.search(self.before) or words.search(self.after))


# The first that applies to a place is what it says of a drug; None is nothing.
_OF_A_DRUG: Final[tuple[tuple[Callable[[Place], object], Status | None], ...]] = (
    (lambda place: place.section in STOPPED_IN, "stopped"),
    (lambda place: place.section in TAKEN_IN, "active"),
    (lambda place: place.says(_CHANGED), None),
    (lambda place: place.section in DONE_IN, "completed"),
    (lambda place: _GIVEN.search(place.before) or _WAS_GIVEN.search(place.after), "completed"),
    (lambda place: _AHEAD.search(place.before) and not _GOES_ON.search(place.before), "intended"),
    (lambda place: _TAKES.search(place.before), "active"),
    (lambda place: place.regimen and place.section not in AHEAD_IN, "active"),
    (lambda place: place.section in STAY, "completed"),
)


def planned(one: Sighting) -> bool:
    """Return whether a test or treatment is still to come where it is named."""
    place = _place(one)
    if place.section not in DONE_IN and _AHEAD.search(place.before):
        return True
    return place.section in AHEAD_IN and not (is_measured(one) or place.says(_PAST))


def procedure_status(sightings: Sequence[Sighting]) -> Status | None:
    """Return `completed` where any mention of a procedure says that it was done, else None."""
    return "completed" if any(map(_was_done, sightings)) else None


def drug_status(sightings: Sequence[Sighting]) -> Status | None:
    """Return what the mentions of a drug say of its being taken.

    None where they say nothing, or where one says that it was stopped or held: `course` tells that
    where it is plain, and two mentions that contradict each other tell nothing.
    """
    places = [_place(one) for one in sightings]
    if any(place.section not in STOPPED_IN and place.says(_STOPPED) for place in places):
        return None
    told = {_of_a_drug(place) for place in places}
    return next((status for status in _STRONGEST_FIRST if status in told), None)


def _was_done(one: Sighting) -> bool:
    """A result, the section, or a sentence in the past tense says that a procedure was done."""
    place = _place(one)
    told = place.section in TOLD_IN or place.says(_PAST)
    undone = place.section not in DONE_IN and _NOT_DONE.search(place.after)
    return is_measured(one) or (told and not undone and not planned(one))


def _of_a_drug(place: Place) -> Status | None:
    return next((status for applies, status in _OF_A_DRUG if applies(place)), None)


def section_kind(one: Sighting) -> str:
    """Return the kind of the section in which a mention stands, "" where none is known."""
    sections, place = one.reading.sections, one.mention.start
    i = bisect_right(sections, place, key=lambda section: section.start) - 1
    return sections[i].kind if i >= 0 and place < sections[i].end else ""


def _place(one: Sighting) -> Place:
    text, mention = one.note.text, one.mention
    before = text[max(0, mention.start - _REACH) : mention.start]
    after = text[mention.end : mention.end + _REACH]
    return Place(
        section_kind(one),
        _SENTENCE_END.split(before)[-1],
        _SENTENCE_END.split(after)[0],
        bool(linked(one, _REGIMEN)),
    )
