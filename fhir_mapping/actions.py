"""Whether a drug was taken or a procedure done: what section and sentence say of it.

`course` reads the words that touch a mention; this reads where it stands. A list of current
medications says that its drugs are taken, an operative note that its steps were done, a plan that
what it lists is still to come. A sentence that looks ahead ("will undergo", "recommended") says
that nothing has happened yet, wherever it stands.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import Final, Literal

from fhir_mapping.lab.result import is_measured
from fhir_mapping.linked import linked
from fhir_mapping.sighting import Sighting

Status = Literal["active", "completed", "stopped", "intended"]

# Kinds of sections (models.ner.text.layout).
TAKEN_IN: Final = frozenset(
    {"home_medications", "current_medications", "discharge_medications", "inpatient_medications"}
)
STOPPED_IN: Final = frozenset({"stopped_medications"})
DONE_IN: Final = frozenset({"operation", "procedures", "imaging"})
TOLD_IN: Final = DONE_IN | {
    "chief_complaint", "present_illness", "past_history", "surgical_history", "vitals",
    "examination", "laboratory", "findings", "hospital_course", "subjective", "objective",
    "discharge_diagnosis", "diagnosis", "problems", "family", "social", "review_of_systems",
    "immunizations", "indication",
}  # fmt: skip
AHEAD_IN: Final = frozenset({"plan", "assessment_and_plan", "instructions", "return_precautions"})

_REACH: Final = 200
_SIG: Final = frozenset({"Dosage", "Frequency"})
# The first that any mention of a drug gives is what is said of it.
_STRONGEST_FIRST: Final[tuple[Status, ...]] = ("active", "completed", "stopped", "intended")

_SENTENCE_END: Final = re.compile(r"[.;!?](?=\s|\Z)|\n\s*(?:\n|[-*•]|\d{1,2}[.)])")
_AHEAD: Final = re.compile(
    r"\b(?:will|shall|would|should|may|might|could|must|plans?|planned|planning|going\s+to"
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
    r"|an[a]?esthetized|sedated|treated\s+with|finished|under|irrigat\w+|flush\w*"
    r"|(?:was|were|been|being)\s+(?:\w+\s+)?(?:used|induced|loaded|bolused))\b",
    re.IGNORECASE,
)
_WAS_GIVEN: Final = re.compile(
    r"\W*(?:was|were)\s+(?:\w+\s+)?(?:given|administered|used|started|injected|infused)\b",
    re.IGNORECASE,
)


def planned(one: Sighting) -> bool:
    """Return whether a test or treatment is still to come where it is named."""
    before, after = _sentence(one)
    kind = section_kind(one)
    if kind not in DONE_IN and _AHEAD.search(before):
        return True
    return kind in AHEAD_IN and not (is_measured(one) or _PAST.search(f"{before} {after}"))


def procedure_status(sightings: Sequence[Sighting]) -> Status | None:
    """Return `completed` where any mention of a procedure says that it was done, else None."""
    return "completed" if any(map(_was_done, sightings)) else None


def drug_status(sightings: Sequence[Sighting]) -> Status | None:
    """Return what the mentions of a drug say of its being taken; None where they say nothing."""
    told = {_drug(one) for one in sightings}
    return next((status for status in _STRONGEST_FIRST if status in told), None)


def _was_done(one: Sighting) -> bool:
    """A result, the section, or a sentence in the past tense says that a procedure was done."""
    before, after = _sentence(one)
    told = section_kind(one) in TOLD_IN or _PAST.search(before) or _PAST.search(after)
    return is_measured(one) or bool(told and not planned(one))


def _drug(one: Sighting) -> Status | None:
    kind, (before, after) = section_kind(one), _sentence(one)
    if kind in TAKEN_IN:
        return "active"
    if kind in STOPPED_IN:
        return "stopped"
    if kind in DONE_IN or _GIVEN.search(before) or _WAS_GIVEN.match(after):
        return "completed"
    if _AHEAD.search(before) and not _GOES_ON.search(before):
        return "intended"
    if _TAKES.search(before) or (kind not in AHEAD_IN and linked(one, _SIG)):
        return "active"
    return "completed" if _PAST.search(before) or _PAST.search(after) else None


def section_kind(one: Sighting) -> str:
    """Return the kind of the section in which a mention stands, "" where none is known."""
    sections, place = one.reading.sections, one.mention.start
    i = bisect_right(sections, place, key=lambda section: section.body) - 1
    return sections[i].kind if i >= 0 and place < sections[i].end else ""


def _sentence(one: Sighting) -> tuple[str, str]:
    """Return the words of the same sentence before and after a mention."""
    text, mention = one.note.text, one.mention
    before = text[max(0, mention.start - _REACH) : mention.start]
    after = text[mention.end : mention.end + _REACH]
    return _SENTENCE_END.split(before)[-1], _SENTENCE_END.split(after)[0]
