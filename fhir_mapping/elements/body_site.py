"""Where in the body (FHIR R4, bodySite of Condition, Procedure and Observation)."""

import re
from itertools import combinations
from typing import Final

from fhir_mapping.datatypes.codeable_concept import Resource, of_words
from fhir_mapping.elements.evidence import extensions
from fhir_mapping.elements.narrowed_denial import heads
from fhir_mapping.findings.attributes import attributes, key
from fhir_mapping.findings.grouping import Group
from fhir_mapping.findings.mention_in_note import MentionInNote

LABELS: Final = frozenset({"Biological_structure"})
_LEFT: Final = re.compile(r"\b(?:left|left-sided|lt)\b", re.IGNORECASE)
_RIGHT: Final = re.compile(r"\b(?:right|right-sided|rt)\b", re.IGNORECASE)
_JOINED: Final = re.compile(r"\s*+(?:,|/|&|and|or)\s*+(?:(?:the|in|of)\s+)*", re.IGNORECASE)


def sites(group: Group) -> Resource:
    """Return the element `bodySite` with all sites, or nothing where they contradict each other.

    They do where two mentions name different ones, or where one mention has a left and a right
    one that no "and" joins.
    """
    named = [found for head in heads(group) if (found := attributes(head, LABELS))]
    if len({_words(found) for found in named}) != 1 or any(map(_two_sided, named)):
        return {}
    same: dict[str, list[MentionInNote]] = {}
    for one in (one for found in named for one in found):
        same.setdefault(key(one.mention.text), []).append(one)
    return {"bodySite": [_site(ones) for ones in same.values()]}


def site(group: Group) -> Resource:
    """Return the element `bodySite` of an Observation, which has room for one only."""
    found = sites(group).get("bodySite")
    return {"bodySite": found[0]} if isinstance(found, list) and len(found) == 1 else {}


def _site(ones: list[MentionInNote]) -> Resource:
    return {"extension": extensions(ones), **of_words(ones[0].mention.text)}


def _words(found: list[MentionInNote]) -> frozenset[str]:
    return frozenset(key(one.mention.text) for one in found)


def _two_sided(found: list[MentionInNote]) -> bool:
    return any(_opposed(one, other) for one, other in combinations(found, 2))


def _opposed(one: MentionInNote, other: MentionInNote) -> bool:
    first, second = one.mention.text, other.mention.text
    between = one.note.text[one.mention.end : other.mention.start]
    left_right = _LEFT.search(first) and _RIGHT.search(second)
    right_left = _RIGHT.search(first) and _LEFT.search(second)
    return bool(left_right or right_left) and not _JOINED.fullmatch(between)
