"""What a converter is told, and what it gives back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from models.clinical import SourcePart
from models.errors import BiomedError

MOST_PARTS: Final = 100_000
"""Parts of a text that are kept: a page may have one for every few characters."""


@dataclass(frozen=True, slots=True)
class Converted:
    """The text of an attachment.

    `decoded_as` and `source` are as in `models.clinical.Note`. `unread` says what of the original
    is not in the text although it holds something, such as pages that are only pictures.
    """

    text: str
    decoded_as: str
    source: tuple[SourcePart, ...] = ()
    unread: tuple[BiomedError, ...] = field(default=())


class Inner(Protocol):
    """Converts what lies inside another format: base64 in a CDA document, in an OBX."""

    def __call__(self, data: bytes, content_type: str | None) -> Converted:
        """Return the text of the bytes; raise as `formats.dispatch.convert` does."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """What a converter is told besides the bytes.

    `index` is the place of the attachment in `content[]`, for errors. `charset` is what its
    content type declares. A converter may end with NoteTooLarge as soon as its text has more than
    `max_characters` characters.
    """

    index: int
    charset: str | None
    max_characters: int
    inner: Inner


Converter = Callable[[bytes, Conversion], Converted]
"""Bytes to text. Whatever the bytes are, it raises nothing but a BiomedError or MemoryError, and
takes time that grows no faster than they do."""


def bounded(parts: Sequence[SourcePart], most: int = MOST_PARTS) -> tuple[SourcePart, ...]:
    """Return parts in the order of the text, where they are too many neighbours as one.

    Such a part has the characters between its neighbours too, and names the first place and the
    last.
    """
    together = -(-len(parts) // most)
    if together <= 1:
        return tuple(parts)
    return tuple(
        _joined(parts[number], parts[min(number + together, len(parts)) - 1])
        for number in range(0, len(parts), together)
    )


def _joined(first: SourcePart, last: SourcePart) -> SourcePart:
    same = first.place == last.place
    place = first.place if same else f"{first.place} to {last.place}"
    return SourcePart(first.start, last.end, place)
