"""Whether an allergen is told as an allergy or an intolerance, and of which kind of substance.

Both only where the words say so: a list under "Allergies" holds intolerances too, and a drug's name
does not tell for what it was taken (FHIR R4, AllergyIntolerance.type and .category).
"""

import re
from typing import Final, Literal

from fhir_mapping.findings.allergy.patterns import SECTION
from fhir_mapping.findings.mention_in_note import MentionInNote, section_of

Category = Literal["food", "medication", "environment"]

_LONGEST_HEADING: Final = 60
_NEAR: Final = 40
_ALLERGY: Final = re.compile(
    r"\ballerg(?:ic|y|ies)(?:\s+(?:or|and)\s+\w+)?\s+to\b|\ballerg(?:y|ies)\Z|\banaphyla\w+\s+to\b",
    re.IGNORECASE,
)
_INTOLERANCE: Final = re.compile(r"\bintoleran|\btolerat", re.IGNORECASE)
_ALLERGY_BEHIND: Final = re.compile(r"[\s-]+(?:drug\s+)?allerg(?:y|ic)\b", re.IGNORECASE)
_INTOLERANCE_BEHIND: Final = re.compile(r"\s+intoleran", re.IGNORECASE)
_KINDS: Final[dict[Category, re.Pattern[str]]] = {
    "medication": re.compile(r"\b(?:drugs?|medications?|medicines?)\b", re.IGNORECASE),
    "food": re.compile(r"\bfoods?\b", re.IGNORECASE),
    "environment": re.compile(r"\benvironmental\b", re.IGNORECASE),
}
_END: Final = re.compile(r"[.;:!?\n]")


def is_allergy(one: MentionInNote) -> bool | None:
    """Return whether the words beside an allergen call it an allergy, None where they do not say.

    False is an intolerance; a heading says so only where it names nothing else.
    """
    text, mention = one.note.text, one.mention
    before = _END.split(text[max(0, mention.start - _NEAR) : mention.start])[-1]
    phrase = f"{before}{mention.text}"
    allergy = _ALLERGY.search(phrase) or _ALLERGY_BEHIND.match(text, mention.end)
    intolerance = _INTOLERANCE.search(phrase) or _INTOLERANCE_BEHIND.match(text, mention.end)
    if bool(allergy) == bool(intolerance):
        return None
    return bool(allergy)


def category(one: MentionInNote) -> Category | None:
    """Return the kind of substance that the heading of a section of allergies names alone."""
    heading = _heading(one)
    named = [name for name, words in _KINDS.items() if words.search(heading)]
    return named[0] if len(named) == 1 else None


def _heading(one: MentionInNote) -> str:
    section = section_of(one)
    if section is None or section.kind != SECTION:
        return ""
    end = min(one.mention.start, section.start + _LONGEST_HEADING)
    return _END.split(one.note.text[section.start : end])[0]
