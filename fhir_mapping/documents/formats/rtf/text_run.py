"""Characters of an RTF file with the bytes they come from, on their way to a sheet."""

from typing import Final

from fhir_mapping.documents.formats.rtf.fonts import Face
from fhir_mapping.documents.formats.rtf.tables import UNKNOWN_SIGN
from fhir_mapping.documents.formats.sheet import Sheet

_HIGH: Final = range(0xD800, 0xDC00)
_LOW: Final = range(0xDC00, 0xE000)
_PRIVATE: Final = range(0xF000, 0xF100)  # where Windows puts the signs of symbol fonts
_MOST: Final = 0xFFFF
_CONTROL: Final = dict.fromkeys({*range(32), 127, *range(0x80, 0xA0)} - {ord("\t"), 0x85}, " ")


class TextRun:
    """Collects neighbouring characters; each stretch of bytes is one part of the source.

    `mapped` says whether the bytes are those of the original.
    """

    def __init__(self, *, mapped: bool) -> None:
        self._mapped = mapped
        self._pieces: list[str] = []
        self._bytes = bytearray()
        self._codec = ""
        self._high = 0
        self._start = self._end = 0

    def bytes(self, data: bytes, face: Face, codec: str, at: tuple[int, int], sheet: Sheet) -> None:
        """Take bytes in a font of the given codec; several may make one letter."""
        self._reach(at, sheet)
        if face.signs is not None:
            self._settle()
            self._pieces.append("".join(face.signs.get(one, UNKNOWN_SIGN) for one in data))
            return
        if codec != self._codec or self._high:
            self._settle()
            self._codec = codec
        self._bytes += data

    def text(self, text: str, at: tuple[int, int], sheet: Sheet) -> None:
        """Take a sign that stands for itself."""
        self._reach(at, sheet)
        self._settle()
        self._pieces.append(text)

    def code_unit(self, number: int, face: Face, at: tuple[int, int], sheet: Sheet) -> None:
        """Take a UTF-16 code unit, a signed number of 16 bits; two may make one letter."""
        self._reach(at, sheet)
        unit = number + _MOST + 1 if number < 0 else number
        if unit in _LOW and self._high:
            pair = 0x10000 + ((self._high - _HIGH.start) << 10) + unit - _LOW.start
            self._high = 0
            self._pieces.append(chr(pair))
            return
        self._settle()
        if unit in _HIGH:
            self._high = unit
        else:
            self._pieces.append(_letter(unit, face))

    def passed_over(self, at: tuple[int, int]) -> None:
        """Count bytes that only repeat what was taken to what was taken."""
        if at[0] == self._end:
            self._end = at[1]

    def flush(self, sheet: Sheet) -> None:
        """Write what was collected."""
        self._settle()
        text = "".join(self._pieces).translate(_CONTROL)
        self._pieces.clear()
        if text:
            place = f"bytes {self._start}-{self._end}" if self._mapped else None
            sheet.words(text, place, as_typed=True)

    def _reach(self, at: tuple[int, int], sheet: Sheet) -> None:
        if at[0] != self._end:
            self.flush(sheet)
            self._start = at[0]
        elif not (self._pieces or self._bytes or self._high):
            self._start = at[0]
        self._end = at[1]

    def _settle(self) -> None:
        if self._bytes:
            self._pieces.append(self._bytes.decode(self._codec, "replace"))
            self._bytes.clear()
        if self._high:
            self._pieces.append(UNKNOWN_SIGN)
            self._high = 0


def _letter(unit: int, face: Face) -> str:
    """Return the letter of a code unit that stands alone."""
    if unit in _PRIVATE:
        return (face.signs or {}).get(unit - _PRIVATE.start, UNKNOWN_SIGN)
    return UNKNOWN_SIGN if unit in _LOW or not 0 < unit <= _MOST else chr(unit)
