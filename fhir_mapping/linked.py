"""The attributes of a mention, and those that can be trusted to be its own."""

from collections.abc import Collection
from typing import Final

from fhir_mapping.concept import words
from fhir_mapping.sighting import Sighting
from models.clinical import Assertion

# Below this, one link in four and more is wrong (models.ner.links.scorer.CALIBRATION).
FLOOR: Final = 0.7
_FLAGS: Final = ("negated", "uncertain", "historical", "hypothetical")


def linked(head: Sighting, labels: Collection[str]) -> list[Sighting]:
    """Return the attributes of some labels that are linked to a mention, in reading order."""
    return _at(head, {link.source for link in head.links}, labels)


def attributes(head: Sighting, labels: Collection[str]) -> list[Sighting]:
    """Return those that can be trusted to be the mention's own.

    Not those whose link is below FLOOR, nor those that the note denies or doubts by themselves:
    in "pain, not severe" nothing is severe.
    """
    likely = _at(head, {link.source for link in head.links if link.score >= FLOOR}, labels)
    return [one for one in likely if _no_weaker(one.assertion, head.assertion)]


def key(text: str) -> str:
    """Return words of an attribute as they are compared."""
    return " ".join(text.casefold().split())


def _at(head: Sighting, sources: Collection[int], labels: Collection[str]) -> list[Sighting]:
    mentions = head.reading.mentions
    named = (source for source in sources if mentions[source].label in labels)
    visible = [source for source in named if words(mentions[source].text).strip()]
    visible.sort(key=lambda source: (mentions[source].start, mentions[source].end, source))
    return [Sighting(head.note, head.reading, source) for source in visible]


def _no_weaker(attribute: Assertion, head: Assertion) -> bool:
    """Return whether nothing is said against an attribute that is not said of its head too.

    A reader says of most attributes nothing at all: then it is whose its head is.
    """
    weaker = any(getattr(attribute, flag) > getattr(head, flag) for flag in _FLAGS)
    return not weaker and attribute.experiencer in {"patient", head.experiencer}
