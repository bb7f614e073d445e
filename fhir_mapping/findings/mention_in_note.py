"""A mention together with its note, its reading and the attributes that are linked to it."""

from typing import NamedTuple

from fhir_mapping.findings.neighbours import Neighbours
from models.clinical import Assertion, Evidence, Mention, Note, Reading


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
