"""Whether a mention is an allergen, by the section it stands in or by the words that touch it.

A drug that is taken for an allergy, or given in spite of one, is no allergen.
"""

from typing import Final, NamedTuple

from fhir_mapping.findings import labels
from fhir_mapping.findings.allergy import patterns
from fhir_mapping.findings.mention_in_note import MentionInNote, section_kind, section_of
from fhir_mapping.findings.semantic_tags import without_tag

DRUGS: Final = frozenset({"Medication"})
NAMES: Final = labels.PROBLEMS | {"History"}
REACH: Final = 160
REACH_AFTER: Final = 96
_REGIMEN: Final = frozenset({"Dosage", "Frequency"})
_NEXT: Final = 16
_LONGEST_LIST: Final = 400


class Around(NamedTuple):
    """The words of the sentence before a mention and after it, and the kind of its section."""

    before: str
    after: str
    section: str


def allergen(one: MentionInNote) -> str | None:
    """Return the name of the allergen at a mention; "" where it is any ("all medications")."""
    around = around_of(one)
    if one.mention.label in DRUGS:
        if not _is_allergen(one, around):
            return None
        return "" if patterns.ANYTHING.fullmatch(one.mention.text) else one.mention.text
    if one.mention.label in NAMES:
        named = _named(one, around)
        return named or (one.mention.text if _begins_an_item(one, around) else None)
    return None


def around_of(one: MentionInNote) -> Around:
    """Return the words around a mention."""
    text, mention = one.note.text, one.mention
    before = text[max(0, mention.start - REACH) : mention.start]
    after = text[mention.end : mention.end + REACH_AFTER]
    return Around(
        patterns.SENTENCE_END.split(before)[-1],
        patterns.SENTENCE_END.split(after)[0],
        section_kind(one),
    )


def _is_allergen(one: MentionInNote, around: Around) -> bool:
    """Return whether words that touch a drug, or its section, say that it is one."""
    if patterns.ONLY_IF.search(around.before):
        return False
    if _named_before(around.before) or _named_after(one, around):
        return True
    taken = _has_a_regimen(one) or _apart(one) or patterns.TREATED.search(around.before)
    return (
        around.section == patterns.SECTION
        and not taken
        and not patterns.TAKEN_AGAINST.match(around.after)
    )


def _apart(one: MentionInNote) -> bool:
    """Return whether a blank line parts a drug from what the section of allergies tells first.

    What follows there without a mark is under a heading that nobody knew.
    """
    section, place = section_of(one), one.mention.start
    start = max(section.start if section else place, place - _LONGEST_LIST)
    before = patterns.HEADING.sub("", one.note.text[start:place])
    return patterns.ANOTHER_PARAGRAPH.search(before) is not None


def _named_before(before: str) -> bool:
    for pattern in (*patterns.BEFORE, patterns.NOT_TOLERATED):
        match = pattern.search(before)
        if match and not patterns.NO_ITEM.search(patterns.ASIDE.sub("", match["items"])):
            return True
    reaction = patterns.AFTER_A_REACTION.search(before)
    return reaction is not None and not patterns.TREATED.search(before[: reaction.start()])


def _named_after(one: MentionInNote, around: Around) -> bool:
    if any(pattern.match(around.after) for pattern in patterns.AFTER):
        return True
    if around.section in patterns.TAKEN_FOR or _has_a_regimen(one):
        return False
    return patterns.AFTER_A_DASH.match(around.after) is not None


def _has_a_regimen(one: MentionInNote) -> bool:
    """Return whether a dose or frequency stands right behind a drug: then it is taken."""
    end = one.mention.end
    start = one.neighbours.of(_REGIMEN).next_start(end, end + _NEXT)
    return start < end + _NEXT and not patterns.SENTENCE_END.search(one.note.text[end:start])


def _named(one: MentionInNote, around: Around) -> str | None:
    """Return the allergen in a name such as "latex allergy"; an intolerance only in its section."""
    name = without_tag(one.mention.text).strip()
    forms = list(patterns.NAMED)
    if around.section == patterns.SECTION:
        forms.append(patterns.NAMED_INTOLERANCE)
    found = next(filter(None, (pattern.fullmatch(name) for pattern in forms)), None)
    if found is None or patterns.NO_ALLERGEN.search(found["allergen"]):
        return None
    return found["allergen"]


def _begins_an_item(one: MentionInNote, around: Around) -> bool:
    """Return whether an item of the section is "eggs - hives", whatever eggs were taken for."""
    opened = patterns.OPENS_AN_ITEM.fullmatch(around.before)
    if around.section != patterns.SECTION or not opened:
        return False
    end = one.mention.end + len(around.after)
    of_a_drug = one.neighbours.of(DRUGS).next_start(one.mention.end, end) < end
    return not of_a_drug and patterns.TO_ITS_REACTION.match(around.after) is not None
