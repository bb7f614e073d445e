"""A mention where it stands."""

from dataclasses import dataclass

from models.clinical import Assertion, Evidence, Link, Mention, Note, Reading


@dataclass(frozen=True, slots=True)
class Sighting:
    """A mention where it stands: `reading.mentions[position]`, read in `note`.

    `links` are those that lead to it.
    """

    note: Note
    reading: Reading
    position: int
    links: tuple[Link, ...] = ()

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
