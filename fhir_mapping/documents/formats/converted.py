"""What a converter is told, and what it gives back."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from models.clinical import SourcePart
from models.errors import BiomedError


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
