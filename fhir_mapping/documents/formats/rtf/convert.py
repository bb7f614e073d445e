"""application/rtf to text, with a way back to the bytes (RTF 1.9.1)."""

import re
from typing import Final

from fhir_mapping.documents import charset
from fhir_mapping.documents.formats.converted import Conversion, Converted
from fhir_mapping.documents.formats.rtf.reader import Reader
from fhir_mapping.documents.formats.rtf.tokens import tokens
from fhir_mapping.documents.formats.sheet import Sheet, written
from models.errors import BiomedError, MalformedDocument, NoTextInDocument

_WIDE: Final = re.compile("[\x80-\U0010ffff]")
_WITHOUT_RAW: Final = frozenset({"us-ascii", "ascii", "utf-16", "utf-16-le", "utf-16-be"})


def convert(data: bytes, told: Conversion) -> Converted:
    r"""Return what a reader of the document sees; the places are bytes of the file.

    Hidden (`\v`), deleted (`\deleted`) and struck text is left out, as are pictures and remarks.

    Raises:
        DocumentTooComplex: groups lie too deep in one another.
        UnknownCharset, WrongCharset: the bytes cannot be decoded.
        NoTextInDocument: it holds pictures only.
        NoteTooLarge: the text is too long.
    """
    source, mapped = _as_bytes(data, told)
    sheet = Sheet(told.max_characters)
    reader = Reader(sheet, told.index, _raw_codec(source, told), mapped=mapped)
    for token in tokens(source):
        reader.take(token)
    cut_off = len(reader.groups) > 1
    reader.finish()
    text, parts = written(sheet.lines)
    if reader.pictures and not text.strip():
        raise NoTextInDocument(index=told.index, format="RTF")
    return Converted(text, "rtf", parts, _unread(told.index) if cut_off else ())


def _as_bytes(data: bytes, told: Conversion) -> tuple[bytes, bool]:
    """Return the file as bytes of ASCII and a code page, and whether they are the original's."""
    marked = charset.marked(data)
    if marked is None:
        return data, True
    text, _ = charset.decode(data, None, told.index)
    if marked == "utf-8-sig":
        return data, True
    return _WIDE.sub(lambda letter: _escaped(letter[0]), text).encode("ascii"), False


def _escaped(letter: str) -> str:
    units = letter.encode("utf-16-le")
    pairs = (int.from_bytes(units[i : i + 2], "little") for i in range(0, len(units), 2))
    return "".join(rf"\uc0\u{unit} " for unit in pairs)


def _raw_codec(data: bytes, told: Conversion) -> str | None:
    """Return the codec that a content type declares for letters outside ASCII, if there are any."""
    if told.charset is None or data.isascii():
        return None
    _, name = charset.decode(data, told.charset, told.index)
    return None if name in _WITHOUT_RAW else name


def _unread(index: int) -> tuple[BiomedError, ...]:
    reason = "it ends before its groups do, and what is there was read"
    return (MalformedDocument(index=index, format="RTF", reason=reason),)
