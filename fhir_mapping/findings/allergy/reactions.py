"""What an allergen did: the problems that stand beside it in its item or its sentence."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from fhir_mapping.findings import labels
from fhir_mapping.findings.allergy import patterns
from fhir_mapping.findings.allergy.allergen import DRUGS, NAMES, REACH, allergen
from fhir_mapping.findings.mention_in_note import MentionInNote, section_kind

_ALLERGENS: Final = DRUGS | NAMES


def reactions(one: MentionInNote) -> Iterator[MentionInNote]:
    """Yield what an allergen is said to have done, in reading order."""
    end = one.mention.end + REACH
    near = one.neighbours.of(labels.PROBLEMS)
    for position in near.places_within(max(0, one.mention.start - REACH), end):
        problem = one._replace(position=position, attributes=())
        denied = problem.assertion.negated or patterns.GENERIC.fullmatch(problem.mention.text)
        if not denied and allergen(problem) is None and allergen_of(problem) == one.position:
            yield problem


def allergen_of(problem: MentionInNote) -> int | None:
    """Return which mention a problem is the reaction to: the last before it, else the next."""
    start, end = problem.mention.start, problem.mention.end
    near = allergens(problem)
    text = problem.note.text
    before = [one for one in near if one.mention.end <= start]
    for one in before[-1:]:
        between = text[one.mention.end : start]
        listed = section_kind(problem) == patterns.SECTION
        if listed or patterns.TO_ITS_REACTION.fullmatch(between):
            return one.position
    after = (one for one in near if one.mention.start >= end)
    for one in after:
        if patterns.TO_ITS_ALLERGEN.fullmatch(text, end, one.mention.start):
            return one.position
    return None


def allergens(one: MentionInNote) -> Sequence[MentionInNote]:
    """Return the allergens in the sentence of a mention, in reading order."""
    start, end = one.mention.start - REACH, one.mention.end + REACH
    places = one.neighbours.of(_ALLERGENS).places_within(max(0, start), end)
    others = map(partial(_at, one), (place for place in places if place != one.position))
    near = (other for other in others if _same_sentence(one, other) and _may_be_one(other))
    return [other for other in near if allergen(other)]


def _may_be_one(other: MentionInNote) -> bool:
    """Return whether it is worth looking whether a mention is an allergen."""
    text, mention = other.note.text, other.mention
    if mention.label in DRUGS or patterns.IN_A_NAME.search(mention.text):
        return True
    return patterns.TO_ITS_REACTION.match(text, mention.end) is not None


def _at(one: MentionInNote, position: int) -> MentionInNote:
    return one._replace(position=position, attributes=())


def _same_sentence(one: MentionInNote, other: MentionInNote) -> bool:
    start = min(one.mention.end, other.mention.end)
    end = max(one.mention.start, other.mention.start)
    return not patterns.SENTENCE_END.search(one.note.text[start:end])
