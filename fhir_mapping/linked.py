"""The attributes of a mention, and those that can be trusted to be its own."""

from collections.abc import Collection
from typing import Final

from fhir_mapping.concept import words
from fhir_mapping.sighting import Sighting
from models.clinical import Assertion

# Below this, one link in four and more is wrong (models.ner.links.scorer.CALIBRATION).
FLOOR: Final = 0.7


def linked(head: Sighting, labels: Collection[str]) -> list[Sighting]:
    """Return the attributes of some labels that are linked to a mention, in reading order."""
    return _at(head, labels, least=0.0)


def attributes(head: Sighting, labels: Collection[str]) -> list[Sighting]:
    """Return those that can be trusted to be the mention's own.

    Not those whose link is below FLOOR, nor those that the note denies or doubts by themselves:
    in "pain, not severe" nothing is severe.
    """
    likely = _at(head, labels, least=FLOOR)
    return [one for one in likely if _no_weaker(one.assertion, head.assertion)]


def key(text: str) -> str:
    """Return words of an attribute as they are compared."""
    return " ".join(text.casefold().split())


def _at(head: Sighting, labels: Collection[str], *, least: float) -> list[Sighting]:
    """Return the attributes whose link has at least a score, each once, in reading order."""
    mentions = head.reading.mentions
    places = {
        (mention.start, mention.end, link.source)
        for link in head.links
        if (mention := mentions[link.source]).label in labels
        and link.score >= least
        and words(mention.text).strip()
    }
    return [Sighting(head.note, head.reading, source) for _, _, source in sorted(places)]


def _no_weaker(attribute: Assertion, head: Assertion) -> bool:
    """Return whether nothing is said against an attribute that is not said of its head too.

    A reader says of most attributes nothing at all: then it is whose its head is.
    """
    weaker = _flags(attribute) & ~_flags(head)
    return not weaker and attribute.experiencer in {"patient", head.experiencer}


def _flags(one: Assertion) -> int:
    """Return what is said of a mention, a bit for each flag."""
    return one.negated | one.uncertain << 1 | one.historical << 2 | one.hypothetical << 3
