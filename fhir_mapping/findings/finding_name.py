"""The name of a finding: the note's phrase, with the site and kind that are part of its name.

"Chest pain" is no pain that happens to be in the chest, and "acute bronchitis" no bronchitis at
large: where the site or a description stands right before its head, it is part of the name. Of what
is denied all that narrows the denial behind its cue is: "no pain with urination" denies no other.
"""

import re
from collections.abc import Iterator
from typing import Final

from fhir_mapping.findings import labels
from fhir_mapping.findings.attributes import attributes, linked
from fhir_mapping.findings.mention_in_note import MentionInNote

NAMED: Final = labels.PROBLEMS | {"Diagnostic_procedure", "Therapeutic_procedure"}
INTEGRAL: Final = frozenset({"Biological_structure", "Detailed_description"})
PART: Final = frozenset({"Biological_structure"})
NARROWING: Final = INTEGRAL | {"Severity"}
_BETWEEN: Final = re.compile(r"[ -]|\n(?=\S)")
_PREPOSITION: Final = (
    r"\b(?:with|on|to|of|in|at|during|over|from|by|under|about|around|through|along|across|behind"
    r"|between|for|upon|within|near|after|before|following|per)"
    r"(?:\s+(?:the|an?|his|her|their|its|any|this|that))?"
)
# What joins the words of a denial as they stand; of anything else its last preposition does.
_JOINT: Final = re.compile(rf"\s*(?:[-,/&]|\band\b|\bor\b|{_PREPOSITION})?\s*", re.IGNORECASE)
_COORDINATION: Final = re.compile(r"\s*(?:,|/|&|\band\b|\bor\b)\s*", re.IGNORECASE)
_CLAUSE_END: Final = re.compile(r"[.;:]|\n\s*\n")
_LAST_PREPOSITION: Final = re.compile(rf"{_PREPOSITION}\s*$", re.IGNORECASE)
_GOES_ON: Final = re.compile(r"\s+(?:and|or)\s+", re.IGNORECASE)
# How a thing goes on and what it is compared with say nothing of its kind; a participle is no kind
# either ("improving", "decreased").
_NO_KIND: Final = re.compile(
    r"(?:\w*(?:ing|ed)|new|newer|old|older|recent|current|previous|prior|more|less|further|worse"
    r"|better|stable|other|same|additional|similar|significant|minimal|slight|overall)",
    re.IGNORECASE,
)


def modifiers(one: MentionInNote) -> tuple[MentionInNote, ...]:
    """Return the attributes that are part of a mention's name, in reading order."""
    if one.assertion.negated and one.mention.label in NAMED:
        return tuple(each for each in linked(one, NARROWING) if _within_denial(one, each))
    return (*tuple(_before(one))[::-1], *_behind(one)) if one.mention.label in NAMED else ()


def _behind(one: MentionInNote) -> Iterator[MentionInNote]:
    """Yield the part of the body that is a finding's own and stands right behind it.

    "Enlarged prostate", "dry mucous membranes": the finding is how the part is.
    """
    text, end = one.note.text, one.mention.end
    for attribute in attributes(one, PART):
        start = attribute.mention.start
        beside = one.mention.label in labels.PROBLEMS and start == end + 1 and text[end] == " "
        if beside and not _coordinated(attribute):
            yield attribute


def _coordinated(part: MentionInNote) -> bool:
    """Return whether a part of the body is one of two that an "and" joins."""
    joint = _GOES_ON.match(part.note.text, part.mention.end)
    return joint is not None and any(part.neighbours.of(PART).within(joint.end(), joint.end() + 1))


def _within_denial(head: MentionInNote, attribute: MentionInNote) -> bool:
    """Return whether an attribute stands in its denied head's clause, on the same side of the cue.

    What a comma or an "or" alone parts from its head is named beside it: "no diabetes, thyroid".
    """
    first, second = sorted((head.mention, attribute.mention), key=lambda each: each.start)
    between = head.note.text[first.end : second.start]
    if _CLAUSE_END.search(between) or _COORDINATION.fullmatch(between):
        return False
    return not any(first.end <= cue.start < second.start for cue in head.assertion.cues)


def _before(one: MentionInNote) -> Iterator[MentionInNote]:
    """Yield what stands right before a mention and is its own, the nearest first."""
    start, text = one.mention.start, one.note.text
    for attribute in reversed(attributes(one, INTEGRAL)):
        mention = attribute.mention
        if mention.end > start:
            continue
        if not _BETWEEN.fullmatch(text[mention.end : start]) or _says_no_kind(attribute):
            return
        yield attribute
        start = mention.start


def _says_no_kind(attribute: MentionInNote) -> bool:
    described = attribute.mention.label == "Detailed_description"
    return described and _NO_KIND.fullmatch(attribute.mention.text) is not None


def phrase(one: MentionInNote) -> str:
    """Return the name of a thing: the note's words, of a denial without what stands between."""
    return _joined((one, *modifiers(one)))


def without_part(one: MentionInNote) -> str:
    """Return the name of a thing without the part of the body behind it: "soft" of an abdomen."""
    behind = {each.position for each in _behind(one)}
    return _joined((one, *(each for each in modifiers(one) if each.position not in behind)))


def _joined(some: tuple[MentionInNote, ...]) -> str:
    parts = sorted(some, key=lambda part: part.mention.start)
    return parts[0].mention.text + "".join(map(_continued, parts, parts[1:]))


def _continued(before: MentionInNote, after: MentionInNote) -> str:
    """Return how the name goes on after one of its parts with the next."""
    text, end = before.note.text, before.mention.end
    start = max(end, after.mention.start)
    return _joint(text[end:start]) + text[start : after.mention.end]


def _joint(between: str) -> str:
    if _JOINT.fullmatch(between):
        return between
    last = _LAST_PREPOSITION.search(between)
    return f" {' '.join(last.group().split())} " if last else " "
