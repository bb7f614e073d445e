"""A message of HL7 v2 in its parts: header, segments, fields (HL7 v2.9, chapter 2, ER7 encoding).

It is split and nothing else: no grammar of message types, no copy of what is not asked for.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from fhir_mapping.documents.hl7v2.character_sets import decoded
from models.errors import NotHl7, WrongCharacterSet

LONGEST_HEADER: Final = 4096
"""Bytes of a message in which its header has to end."""

_MARK: Final = b"\xef\xbb\xbf"
_START: Final = re.compile(r"MSH([^\w\s])([^\w\s]{3,5})(?=\1|\Z)")
_NAMED: Final = "[A-Z][A-Z0-9]{2}"
_NAME: Final = re.compile(rf"{_NAMED}\Z")
_END: Final = re.compile(r"[\r\n]")


@dataclass(frozen=True, slots=True)
class Delimiters:
    """The signs that part a message, MSH-1 and MSH-2."""

    field: str
    component: str
    repetition: str
    escape: str
    subcomponent: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment: `fields[n]` is field n as it stands, of MSH too; `raw` are its bytes."""

    name: str
    fields: Sequence[str]
    raw: bytes = b""

    def __getitem__(self, number: int) -> str:
        return self.fields[number] if number < len(self.fields) else ""

    def has(self, number: int) -> bool:
        """Whether a field is valued; `""` says that it has no value."""
        return self[number].strip() not in {"", '""'}


@dataclass(frozen=True, slots=True)
class Header:
    """The first segment, and the signs that it names."""

    msh: Segment
    delimiters: Delimiters

    def part(self, number: int, component: int = 1) -> str:
        """Return a component of a field of the header, as it stands."""
        parts = self.msh[number].split(self.delimiters.component)
        return parts[component - 1].strip() if component <= len(parts) else ""


@dataclass(frozen=True, slots=True)
class Message:
    """A message: its segments in order, the header first, and the charset it was decoded by."""

    header: Header
    segments: Sequence[Segment]
    decoded_as: str

    def named(self, name: str) -> Iterator[Segment]:
        """Yield the segments of a name."""
        return (one for one in self.segments if one.name == name)


def header(data: bytes) -> Header:
    """Return the header of a message, its characters as the bytes stand (ISO 8859-1).

    Raises:
        NotHl7: it begins with no MSH segment that names its delimiters.
    """
    start = data.removeprefix(_MARK)[:LONGEST_HEADER].decode("latin-1")
    return _header(_END.split(start, maxsplit=1)[0])


def message(data: bytes, charset: str | None = None) -> Message:
    """Return a message in its parts; `charset` counts more than MSH-18 says.

    Raises:
        NotHl7: it has no header, or its segments do not end with carriage returns.
        UnknownCharacterSet, WrongCharacterSet: its bytes cannot be decoded.
    """
    sent = data.removeprefix(_MARK)
    text, name = decoded(sent, charset or _first_set(header(sent)))
    lines = [
        (line.removeprefix("\n"), raw) for line, raw in _lines(text, sent, name) if line.strip()
    ]
    if not lines:
        raise NotHl7(reason="it has no segments")
    found = _header(lines[0][0])
    field = found.delimiters.field
    _require_carriage_returns(text, field)
    segments = [_segment(line, raw, field, number) for number, (line, raw) in enumerate(lines, 1)]
    segments[0] = replace(found.msh, raw=lines[0][1])
    return Message(found, segments, name)


def _lines(text: str, sent: bytes, charset: str) -> Iterator[tuple[str, bytes]]:
    """Return the lines of a message as text and as bytes, which are the same in sets of bytes.

    UTF-16, which chapter 2 does not allow, has the byte of a carriage return in other characters.
    """
    written, raw = text.split("\r"), sent.split(b"\r")
    if len(written) != len(raw):
        raise WrongCharacterSet(charset=charset)
    return zip(written, raw, strict=True)


def _first_set(found: Header) -> str:
    return found.msh[18].partition(found.delimiters.repetition)[0]


def _header(line: str) -> Header:
    start = _START.match(line)
    if start is None or start[1] in start[2] or len(set(start[2])) < len(start[2]):
        raise NotHl7(reason="it does not begin with MSH and its delimiters")
    fields = line.split(start[1])
    # Four of five signs are always there; HL7 v2.7 added one, for what was cut off.
    component, repetition, escape, *rest = list(start[2])
    signs = Delimiters(start[1], component, repetition, escape, rest[0] if rest else "")
    return Header(Segment("MSH", ["MSH", *start[1], *fields[1:]]), signs)


def _require_carriage_returns(text: str, field: str) -> None:
    if re.search(rf"(?<!\r)\n{_NAMED}{re.escape(field)}", text):
        raise NotHl7(reason="its segments end with line feeds, not with carriage returns")


def _segment(line: str, raw: bytes, field: str, number: int) -> Segment:
    fields = line.split(field)
    if not _NAME.match(fields[0]):
        raise NotHl7(reason=f"segment {number} has no name; a line end in a text is \\.br\\")
    return Segment(fields[0], fields, raw)
