"""The font table of an RTF file: how the bytes of a font are to be read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from fhir_mapping.documents.formats.rtf.tables import CHARSETS, CODE_PAGES, FONTS, SYMBOLS

_LONGEST_NAME: Final = 64


class Face(NamedTuple):
    """How to read a font's bytes: by a codec (None: the document's), or as the signs they show."""

    codec: str | None = None
    signs: Mapping[int, str] | None = None


@dataclass(slots=True)
class _Font:
    codec: str | None = None
    symbols: bool = False
    name: str = ""

    def face(self) -> Face:
        name = self.name.strip("; ").lower()
        known = next((FONTS[one] for one in FONTS if name.startswith(one)), None)
        return Face(self.codec, {} if known is None and self.symbols else known)


class FontTable:
    """The fonts of a file, as they are read from its font table."""

    def __init__(self) -> None:
        self._fonts: dict[int, _Font] = {}
        self._faces: dict[int, Face] = {}
        self._now = _Font()

    def word(self, name: str, number: int | None) -> None:
        """Take a control word of the table."""
        self._faces.clear()
        if name == "f":
            self._now = self._fonts.setdefault(number or 0, _Font())
        elif name == "fcharset":
            self._now.symbols = number == SYMBOLS
            self._now.codec = CHARSETS.get(number or 0)
        elif name == "cpg":
            self._now.codec = CODE_PAGES.get(number or 0, self._now.codec)

    def text(self, letters: bytes) -> None:
        """Take letters of a font's name."""
        if len(self._now.name) < _LONGEST_NAME:
            self._now.name += letters.decode("latin-1")

    def face(self, number: int) -> Face:
        """Return how to read a font; an unknown one is of the document's letters."""
        if number not in self._faces:
            font = self._fonts.get(number)
            self._faces[number] = font.face() if font else Face()
        return self._faces[number]
