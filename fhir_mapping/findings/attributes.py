"""The attributes of a mention, and those that can be trusted to be its own."""

from collections.abc import Collection, Iterable
from typing import Final

from fhir_mapping.datatypes.codeable_concept import words
from fhir_mapping.findings.mention_in_note import Attribute, MentionInNote
from models.clinical import Assertion, Link, Reading

# Below this, one link in four and more is wrong (models.ner.links.scorer.CALIBRATION).
FLOOR: Final = 0.7


def with_attributes(bare: MentionInNote, links: Iterable[Link]) -> MentionInNote:
    """Return a mention with the attributes whose links lead to it."""
    reading = bare.reading
    scores: dict[int, float] = {}
    for link in links:
        if words(reading.mentions[link.source].text).strip():
            scores[link.source] = max(link.score, scores.get(link.source, 0.0))
    head = bare.assertion
    attributes = [
        Attribute(
            label=reading.mentions[one].label,
            in_note=bare._replace(position=one),
            own=scores[one] >= FLOOR and _no_weaker(reading.assertions[one], head),
        )
        for one in sorted(scores, key=lambda source: place(reading, source))
    ]
    return bare._replace(attributes=tuple(attributes))


def place(reading: Reading, position: int) -> tuple[int, int, int]:
    """Return what sorts the mentions of a reading in reading order."""
    mention = reading.mentions[position]
    return mention.start, mention.end, position


def linked(head: MentionInNote, labels: Collection[str]) -> list[MentionInNote]:
    """Return the attributes of some labels that are linked to a mention, in reading order."""
    return [one.in_note for one in head.attributes if one.label in labels]


def attributes(head: MentionInNote, labels: Collection[str]) -> list[MentionInNote]:
    """Return those that can be trusted to be the mention's own.

    Not those whose link is below FLOOR, nor those that the note denies or doubts by themselves:
    in "pain, not severe" nothing is severe.
    """
    return [one.in_note for one in head.attributes if one.own and one.label in labels]


def key(text: str) -> str:
    """Return words of an attribute as they are compared."""
    return " ".join(text.casefold().split())


def _no_weaker(attribute: Assertion, head: Assertion) -> bool:
    """Return whether nothing is said against an attribute that is not said of its head too.

    A reader says of most attributes nothing at all: then it is whose its head is.
    """
    weaker = (
        (attribute.negated and not head.negated)
        or (attribute.uncertain and not head.uncertain)
        or (attribute.historical and not head.historical)
        or (attribute.hypothetical and not head.hypothetical)
    )
    return not weaker and attribute.experiencer in {"patient", head.experiencer}
