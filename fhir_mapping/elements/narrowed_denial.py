"""Denials of a part or kind only: "no fracture of the hip" must not deny every fracture."""

from collections.abc import Collection

from fhir_mapping.findings.attributes import attributes, key, linked
from fhir_mapping.findings.finding_name import NARROWING, modifiers
from fhir_mapping.findings.grouping import Group
from fhir_mapping.findings.mention_in_note import MentionInNote


def unnarrowed(group: Group) -> bool:
    """Return whether some mention of a group denies it altogether."""
    return not all(_narrowing(one) for one in group.mentions)


def whole(group: Group, expressible: Collection[str]) -> bool:
    """Return whether a group's resource can say all that narrows its denial.

    `expressible` are the labels of the attributes that the resource has a place for.
    """
    if group.thing.assertion_status != "negated" or unnarrowed(group):
        return True
    words = _words(_narrowing(group.first))
    return all(
        _words(_narrowing(one)) == words == _words(_unnamed(one, attributes(one, expressible)))
        for one in group.mentions
    )


def _narrowing(one: MentionInNote) -> list[MentionInNote]:
    """Return what narrows a denial and is not part of the name of what is denied."""
    return _unnamed(one, linked(one, NARROWING))


def _unnamed(one: MentionInNote, found: list[MentionInNote]) -> list[MentionInNote]:
    named = {each.position for each in modifiers(one)}
    return [each for each in found if each.position not in named]


def heads(group: Group) -> tuple[MentionInNote, ...]:
    """Return the mentions whose attributes are the resource's: none where one denies it whole."""
    denied = group.thing.assertion_status == "negated"
    narrowed = all(linked(one, NARROWING) for one in group.mentions)
    return group.mentions if narrowed or not denied else ()


def _words(found: list[MentionInNote]) -> frozenset[str]:
    return frozenset(key(one.mention.text) for one in found)
