"""The role of a mention in a note's words about allergies: allergen, reaction, or "none known".

An allergy is told by the section ("Allergies: penicillin") or by words that touch its allergen
("allergic to penicillin", "penicillin allergy", "penicillin - hives").
"""

from typing import Final, NamedTuple

from fhir_mapping.findings import labels
from fhir_mapping.findings.allergy import patterns
from fhir_mapping.findings.allergy.allergen import (
    REACH,
    REACH_AFTER,
    Around,
    allergen,
    around_of,
)
from fhir_mapping.findings.allergy.none_known import NoneKnown, none_known
from fhir_mapping.findings.allergy.reactions import allergen_of, allergens
from fhir_mapping.findings.assertion_status import AssertionStatus
from fhir_mapping.findings.mention_in_note import MentionInNote, section_kind


class AllergyStatement(NamedTuple):
    """What is said of allergies at a mention: of which allergen, or that none is known.

    `allergen` is "" for words that only belong to what is said of one: its reaction, "allergy".
    """

    allergen: str
    assertion_status: AssertionStatus
    none_known: NoneKnown | None = None


_PART: Final = AllergyStatement("", "not_expressible")


def allergy_statement(one: MentionInNote) -> AllergyStatement | None:
    """Return what is said of allergies at a mention, None where it is no part of that."""
    if section_kind(one) != patterns.SECTION and not _speaks(one):
        return None
    nothing = none_known(one) if one.assertion.experiencer == "patient" else None
    if nothing:
        return AllergyStatement(nothing.name, "asserted", nothing)
    name = allergen(one)
    if name is not None:
        return AllergyStatement(name, _status(one, around_of(one))) if name else _PART
    return _PART if _is_part(one) else None


def _speaks(one: MentionInNote) -> bool:
    text, mention = one.note.text, one.mention
    start = max(0, mention.start - REACH)
    return patterns.ANY.search(text, start, mention.end + REACH_AFTER) is not None


def _is_part(one: MentionInNote) -> bool:
    """Return whether a problem is the reaction to an allergen, or only the word "allergy"."""
    if one.mention.label not in labels.PROBLEMS:
        return False
    if patterns.LASTING.search(around_of(one).before):
        return False
    if patterns.GENERIC.fullmatch(one.mention.text):
        return section_kind(one) == patterns.SECTION or bool(allergens(one))
    return allergen_of(one) is not None


def _status(one: MentionInNote, around: Around) -> AssertionStatus:
    """Return the row of an allergen. Its section and its cue call it hypothetical, which it isn't.

    An allergy is not over for being of the past, only where the words say so.
    """
    assertion = one.assertion
    if assertion.experiencer != "patient":
        return "other" if assertion.experiencer == "other" else "family"
    if assertion.negated and not patterns.EXCEPTED.search(around.before):
        return "doubtful" if assertion.uncertain else "negated"
    if any(map(patterns.OVER.search, (around.before, around.after))):
        return "historical"
    return "uncertain" if assertion.uncertain else "asserted"
