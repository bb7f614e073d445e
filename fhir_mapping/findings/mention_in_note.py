"""A mention together with its note, its section and the attributes that are linked to it."""

from bisect import bisect_right
from typing import NamedTuple

from fhir_mapping.findings.neighbours import Neighbours
from models.clinical import Assertion, Evidence, Mention, Note, Reading, Section


class Attribute(NamedTuple):
    """What is linked to a mention; `own` where it can be trusted to be the mention's."""

    label: str
    in_note: "MentionInNote"
    own: bool


class MentionInNote(NamedTuple):
    """A mention where it stands: `reading.mentions[position]`, read in `note`.

    `neighbours` are the mentions of the reading; `attributes` are what is linked to this one, each
    once, in reading order.
    """

    note: Note
    reading: Reading
    neighbours: Neighbours
    position: int
    attributes: tuple[Attribute, ...] = ()

    @property
    def mention(self) -> Mention:
        """The mention."""
        return self.reading.mentions[self.position]

    @property
    def assertion(self) -> Assertion:
        """What the note says of it."""
        return self.reading.assertions[self.position]

    @property
    def evidence(self) -> Evidence:
        """Where it stands, as the memory keeps it."""
        return Evidence(self.note.content_index, self.position)


def section_of(one: MentionInNote) -> Section | None:
    """Return the section in which a mention stands, None where it stands in none."""
    sections, place = one.reading.sections, one.mention.start
    i = bisect_right(sections, place, key=lambda section: section.start) - 1
    return sections[i] if i >= 0 and place < sections[i].end else None


def section_kind(one: MentionInNote) -> str:
    """Return the kind of the section in which a mention stands, "" where none is known."""
    section = section_of(one)
    return section.kind if section else ""
