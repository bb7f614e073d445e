r"""x-application/hl7-v2+er7: the text in a message of HL7 v2 (HL7 v2.9, chapters 2.A, 7 and 9).

The text is what stands in OBX-5 of the types TX, FT and ED, and of ST where a message is of
documents. Each OBX and each repetition is a line; `\.br\` and its kin are line ends. Another
observation (OBX-3) begins a paragraph, under its name where the message has several: the name says
what a text is of, such as the history of the family. What was deleted or is wrong (OBX-11) is left
out. Values of other types and comments (NTE) are not read, which is said.

Places are written `OBX[3]-5[2].5`: of the third OBX, field 5, second repetition, component 5.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from fhir_mapping.documents.base64_text import decoded
from fhir_mapping.documents.formats.converted import Conversion, Converted
from fhir_mapping.documents.hl7v2.fields import Fields, part
from fhir_mapping.documents.hl7v2.message import Message, Segment, message
from fhir_mapping.documents.hl7v2.tables import WITHDRAWN
from models.clinical import SourcePart
from models.errors import BadBase64, BiomedError, NoTextInMessage, NotText

_TEXTS: Final = {"MDM": ("TX", "FT", "ST", ""), "ORU": ("TX", "FT")}
_ENCAPSULATED: Final = "ED"
_MEDIA_TYPES: Final = {
    "PDF": "application/pdf",
    "RTF": "application/rtf",
    "HTML": "text/html",
    "HTM": "text/html",
    "XML": "text/xml",
    "PLAIN": "text/plain",
    "TEXT": "text/plain",
    "TXT": "text/plain",
    "TX": "text/plain",
}
"""Subtypes of ED-3 (table 0291), and what senders write for them."""

_ANY: Final = "application/octet-stream"
_MOST_PLACES: Final = 10


@dataclass(frozen=True, slots=True)
class _Piece:
    """A piece of the text with where it comes from; what the converter adds has no source."""

    text: str
    source: tuple[SourcePart, ...] = ()

    @classmethod
    def at(cls, place: str, text: str) -> "_Piece":
        return cls(text, (SourcePart(0, len(text), place),) if text else ())


def convert(data: bytes, told: Conversion) -> Converted:
    """Return the text of a message.

    Raises:
        NotHl7, UnknownCharacterSet, WrongCharacterSet: it cannot be read.
        NoTextInMessage: it holds no text.
        BiomedError: what converting the only value that may be text says.
    """
    return _Text(message(data, told.charset), told).converted()


class _Text:
    """Makes the text of one message."""

    def __init__(self, parsed: Message, told: Conversion) -> None:
        self._parsed = parsed
        self._fields = Fields(parsed)
        self._told = told
        self._types = _TEXTS.get(parsed.header.part(9), _TEXTS["ORU"])
        self._unread: list[BiomedError] = []
        self._other: list[str] = []
        self._titles: dict[str, str] = {}
        numbered = enumerate(parsed.named("OBX"), 1)
        self._observations = [
            (place, one) for place, one in numbered if one[11].strip() not in WITHDRAWN
        ]

    def converted(self) -> Converted:
        pieces = list(self._pieces())
        if self._other:
            self._unread.append(NotText(places=_listed(self._other)))
        if not pieces:
            raise self._nothing()
        text = "".join(piece.text for piece in pieces)
        source = tuple(_placed(pieces))
        return Converted(text, self._parsed.decoded_as, source, tuple(self._unread))

    def _nothing(self) -> BiomedError:
        tried = [one for one in self._unread if not isinstance(one, NotText)]
        known = [*filter(None, self._types), _ENCAPSULATED]
        return tried[0] if tried else NoTextInMessage(types=", ".join(known))

    def _pieces(self) -> Iterator[_Piece]:
        """Yield the pieces of the text in their order, those between two observations too."""
        titled = len({self._title(one) for _, one in self._observations}) > 1
        before: str | None = None
        for place, one in self._observations:
            lines = list(self._lines(place, one))
            if not lines:
                continue
            if before is not None:
                yield _Piece("\n" if one[3] == before else "\n\n")
            if titled and one[3] != before:
                yield from self._heading(place, one, lines[0].text)
            yield from _joined(lines)
            before = one[3]
        self._note_comments()

    def _title(self, one: Segment) -> str:
        """Return the name of an observation; thousands of lines have the same."""
        field = one[3]
        if field not in self._titles:
            self._titles[field] = self._fields.component(field, 2)
        return self._titles[field]

    def _heading(self, place: int, one: Segment, first: str) -> Iterator[_Piece]:
        """Yield the name of an observation, unless its text begins with it."""
        title = self._title(one)
        if title and not first.lstrip().casefold().startswith(title.casefold()):
            yield _Piece.at(f"OBX[{place}]-3.2", title)
            yield _Piece(":\n")

    def _lines(self, place: int, one: Segment) -> Iterator[_Piece]:
        """Yield the lines of one OBX, and note what of it is not read."""
        if not one.has(5):
            return
        kind = one[2].strip()
        if kind not in {*self._types, _ENCAPSULATED}:
            self._other.append(f"OBX[{place}]-5")
            return
        for number, value in enumerate(self._fields.repetitions(one[5]), 1):
            at = f"OBX[{place}]-5[{number}]"
            if kind == _ENCAPSULATED:
                yield from self._inner(f"{at}.5", value)
            else:
                yield _Piece.at(at, self._fields.escapes.resolved(value))

    def _inner(self, place: str, value: str) -> Iterator[_Piece]:
        """Yield the text of encapsulated data (ED), or note why it is not read."""
        try:
            found = self._told.inner(self._bytes(value), self._content_type(value))
        except BiomedError as error:
            if error.retry:
                raise
            self._unread.append(error)
            return
        self._unread += found.unread
        parts = tuple(replace(one, place=f"{place} {one.place}") for one in found.source)
        yield _Piece(found.text, parts) if parts else _Piece.at(place, found.text)

    def _bytes(self, value: str) -> bytes:
        """Return encapsulated data decoded as ED-4 says (table 0299)."""
        sign = self._fields.signs.component
        encoding = part(value, sign, 4).strip().casefold()
        data = self._fields.escapes.resolved(sign.join(value.split(sign)[4:]))
        if encoding not in {"base64", "hex"}:
            return data.encode()
        if encoding == "base64":
            return decoded(data, self._told.index)
        try:
            return bytes.fromhex(data)
        except ValueError:
            raise BadBase64(index=self._told.index) from None

    def _content_type(self, value: str) -> str:
        kind, subtype = (self._fields.component(value, number) for number in (2, 3))
        return _MEDIA_TYPES.get(subtype.upper()) or _named(kind, subtype)

    def _note_comments(self) -> None:
        comments = enumerate(self._parsed.named("NTE"), 1)
        self._other += [f"NTE[{number}]-3" for number, one in comments if one.has(3)]


def _named(kind: str, subtype: str) -> str:
    """Return a media type whose name ED-2 and ED-3 have in full, such as image/jpeg."""
    known = {"IM": "image", "AU": "audio"}.get(kind.upper(), kind.lower())
    full = known in {"image", "audio", "video", "application", "text"} and subtype
    return f"{known}/{subtype.lower()}" if full else _ANY


def _joined(lines: Sequence[_Piece]) -> Iterator[_Piece]:
    for number, line in enumerate(lines):
        if number:
            yield _Piece("\n")
        yield line


def _placed(pieces: Sequence[_Piece]) -> Iterator[SourcePart]:
    """Yield the sources of the pieces, counted in the whole text."""
    start = 0
    for piece in pieces:
        for one in piece.source:
            yield SourcePart(start + one.start, start + one.end, one.place)
        start += len(piece.text)


def _listed(places: Sequence[str]) -> str:
    more = len(places) - _MOST_PLACES
    return ", ".join(places[:_MOST_PLACES]) + (f" and {more} more" if more > 0 else "")
