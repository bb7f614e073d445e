"""What a mention is in what a note tells of allergies: an allergen, its reaction, or none known.

An allergy is told by the section ("Allergies: penicillin") or by words that touch its allergen
("allergic to penicillin", "penicillin allergy", "penicillin - hives"). A drug that is taken for
an allergy, or given in spite of one, is no allergen.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final, NamedTuple

from fhir_mapping.findings import labels
from fhir_mapping.findings.actions import section_kind, section_of
from fhir_mapping.findings.allergy import wording
from fhir_mapping.findings.allergy.none_known import NoneKnown, none_known
from fhir_mapping.findings.assertion_status import Said
from fhir_mapping.findings.mention_in_note import Sighting
from fhir_mapping.findings.semantic_tags import without_tag

_DRUGS: Final = frozenset({"Medication"})
_NAMES: Final = labels.PROBLEMS | {"History"}
_ALLERGENS: Final = _DRUGS | _NAMES
_REGIMEN: Final = frozenset({"Dosage", "Frequency"})
_REACH: Final = 160
_REACH_AFTER: Final = 96
_NEXT: Final = 16
_LONGEST_LIST: Final = 400


class Account(NamedTuple):
    """What is said of allergies at a mention: of which allergen, or that none is known.

    `allergen` is "" for words that only belong to what is said of one: its reaction, "allergy".
    """

    allergen: str
    said: Said
    none_known: NoneKnown | None = None


class _Around(NamedTuple):
    """The words of the sentence before a mention and after it, and the kind of its section."""

    before: str
    after: str
    section: str


_PART: Final = Account("", "unsaid")


def account(one: Sighting) -> Account | None:
    """Return what is said of allergies at a mention, None where it is no part of that."""
    if section_kind(one) != wording.SECTION and not _speaks(one):
        return None
    nothing = none_known(one) if one.assertion.experiencer == "patient" else None
    if nothing:
        return Account(nothing.name, "asserted", nothing)
    name = allergen(one)
    if name is not None:
        return Account(name, _said(one, _around(one))) if name else _PART
    return _PART if _is_part(one) else None


def allergen(one: Sighting) -> str | None:
    """Return the name of the allergen at a mention; "" where it is any ("all medications")."""
    around = _around(one)
    if one.mention.label in _DRUGS:
        if not _is_allergen(one, around):
            return None
        return "" if wording.ANYTHING.fullmatch(one.mention.text) else one.mention.text
    if one.mention.label in _NAMES:
        named = _named(one, around)
        return named or (one.mention.text if _begins_an_item(one, around) else None)
    return None


def reactions(one: Sighting) -> Iterator[Sighting]:
    """Yield what an allergen is said to have done, in reading order."""
    end = one.mention.end + _REACH
    near = one.neighbours.of(labels.PROBLEMS)
    for position in near.places_within(max(0, one.mention.start - _REACH), end):
        problem = one._replace(position=position, attributes=())
        denied = problem.assertion.negated or wording.GENERIC.fullmatch(problem.mention.text)
        if not denied and allergen(problem) is None and _allergen_of(problem) == one.position:
            yield problem


def _speaks(one: Sighting) -> bool:
    text, mention = one.note.text, one.mention
    start = max(0, mention.start - _REACH)
    return wording.ANY.search(text, start, mention.end + _REACH_AFTER) is not None


def _around(one: Sighting) -> _Around:
    text, mention = one.note.text, one.mention
    before = text[max(0, mention.start - _REACH) : mention.start]
    after = text[mention.end : mention.end + _REACH_AFTER]
    return _Around(
        wording.SENTENCE_END.split(before)[-1],
        wording.SENTENCE_END.split(after)[0],
        section_kind(one),
    )


def _is_allergen(one: Sighting, around: _Around) -> bool:
    """Return whether words that touch a drug, or its section, say that it is one."""
    if wording.ONLY_IF.search(around.before):
        return False
    if _told_before(around.before) or _told_after(one, around):
        return True
    taken = _has_a_regimen(one) or _apart(one) or wording.TREATED.search(around.before)
    return (
        around.section == wording.SECTION
        and not taken
        and not wording.TAKEN_AGAINST.match(around.after)
    )


def _apart(one: Sighting) -> bool:
    """Return whether a blank line parts a drug from what the section of allergies tells first.

    What follows there without a mark is under a heading that nobody knew.
    """
    section, place = section_of(one), one.mention.start
    start = max(section.start if section else place, place - _LONGEST_LIST)
    told = wording.HEADING.sub("", one.note.text[start:place])
    return wording.ANOTHER_PARAGRAPH.search(told) is not None


def _told_before(before: str) -> bool:
    found = [wording.NOT_TOLERATED.search(before), *(one.search(before) for one in wording.BEFORE)]
    for match in found:
        if match and not wording.NO_ITEM.search(wording.ASIDE.sub("", match["items"])):
            of_treatment = match["items"] == "" and wording.TREATED.search(before[: match.start()])
            if not of_treatment:
                return True
    return False


def _told_after(one: Sighting, around: _Around) -> bool:
    if any(pattern.match(around.after) for pattern in wording.AFTER):
        return True
    if around.section in wording.TAKEN_FOR or _has_a_regimen(one):
        return False
    return wording.AFTER_A_DASH.match(around.after) is not None


def _has_a_regimen(one: Sighting) -> bool:
    """Return whether a dose or frequency stands right behind a drug: then it is taken."""
    end = one.mention.end
    start = one.neighbours.of(_REGIMEN).next_start(end, end + _NEXT)
    return start < end + _NEXT and not wording.SENTENCE_END.search(one.note.text[end:start])


def _named(one: Sighting, around: _Around) -> str | None:
    """Return the allergen in a name such as "latex allergy"; an intolerance only in its section."""
    name = without_tag(one.mention.text).strip()
    patterns = list(wording.NAMED)
    if around.section == wording.SECTION:
        patterns.append(wording.NAMED_INTOLERANCE)
    found = next(filter(None, (pattern.fullmatch(name) for pattern in patterns)), None)
    if found is None or wording.NO_ALLERGEN.search(found["allergen"]):
        return None
    return found["allergen"]


def _begins_an_item(one: Sighting, around: _Around) -> bool:
    """Return whether an item of the section is "eggs - hives", whatever eggs were taken for."""
    opened = wording.OPENS_AN_ITEM.fullmatch(around.before)
    if around.section != wording.SECTION or not opened:
        return False
    end = one.mention.end + len(around.after)
    of_a_drug = one.neighbours.of(_DRUGS).next_start(one.mention.end, end) < end
    return not of_a_drug and wording.TO_ITS_REACTION.match(around.after) is not None


def _is_part(one: Sighting) -> bool:
    """Return whether a problem is the reaction to an allergen, or only the word "allergy"."""
    if one.mention.label not in labels.PROBLEMS:
        return False
    if wording.GENERIC.fullmatch(one.mention.text):
        return section_kind(one) == wording.SECTION or bool(_allergens(one))
    return _allergen_of(one) is not None


def _allergen_of(problem: Sighting) -> int | None:
    """Return which mention a problem is the reaction to: the last before it, else the next."""
    start, end = problem.mention.start, problem.mention.end
    near = _allergens(problem)
    text = problem.note.text
    before = [one for one in near if one.mention.end <= start]
    for one in before[-1:]:
        between = text[one.mention.end : start]
        listed = section_kind(problem) == wording.SECTION
        if listed or wording.TO_ITS_REACTION.fullmatch(between):
            return one.position
    after = (one for one in near if one.mention.start >= end)
    for one in after:
        if wording.TO_ITS_ALLERGEN.fullmatch(text, end, one.mention.start):
            return one.position
    return None


def _allergens(one: Sighting) -> Sequence[Sighting]:
    """Return the allergens in the sentence of a mention, in reading order."""
    start, end = one.mention.start - _REACH, one.mention.end + _REACH
    places = one.neighbours.of(_ALLERGENS).places_within(max(0, start), end)
    others = map(partial(_at, one), (place for place in places if place != one.position))
    near = (other for other in others if _same_sentence(one, other) and _may_be_one(other))
    return [other for other in near if allergen(other)]


def _may_be_one(other: Sighting) -> bool:
    """Return whether it is worth looking whether a mention is an allergen."""
    text, mention = other.note.text, other.mention
    if mention.label in _DRUGS or wording.IN_A_NAME.search(mention.text):
        return True
    return wording.TO_ITS_REACTION.match(text, mention.end) is not None


def _at(one: Sighting, position: int) -> Sighting:
    return one._replace(position=position, attributes=())


def _same_sentence(one: Sighting, other: Sighting) -> bool:
    start = min(one.mention.end, other.mention.end)
    end = max(one.mention.start, other.mention.start)
    return not wording.SENTENCE_END.search(one.note.text[start:end])


def _said(one: Sighting, around: _Around) -> Said:
    """Return the row of an allergen. Its section and its cue call it hypothetical, which it isn't.

    An allergy is not over for being of the past, only where the words say so.
    """
    said = one.assertion
    if said.experiencer != "patient":
        return "other" if said.experiencer == "other" else "family"
    if said.negated and not wording.EXCEPTED.search(around.before):
        return "doubtful" if said.uncertain else "negated"
    if any(map(wording.OVER.search, (around.before, around.after))):
        return "historical"
    return "uncertain" if said.uncertain else "asserted"
