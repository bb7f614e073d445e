"""The answer to a message (HL7 v2.9, chapter 2.9 and 2.14: MSH, MSA, ERR; tables 0008 and 0357).

A says that a message was taken in, E that sending it again can help, R that it cannot. A sender
with MSH-15 or MSH-16 asks for commit acknowledgements (CA, CE, CR), and says when (table 0155).
"""

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final, Literal

from fhir_mapping.documents.hl7v2.escapes import escaped
from fhir_mapping.documents.hl7v2.message import Delimiters, Header, Segment
from models.errors import (
    BiomedError,
    CutOff,
    FieldTooLong,
    MissingField,
    NotHl7,
    UnknownCharacterSet,
    UnsupportedEvent,
    UnsupportedMessage,
    WrongCharacterSet,
)

Verdict = Literal["A", "E", "R"]

_UNKNOWN: Final = Header(
    Segment("MSH", ["MSH", "|", "^~\\&"]), Delimiters("|", "^", "~", "\\", "&")
)
_INTERNAL: Final = "207^Application internal error"
_CODES: Final[Mapping[type[BiomedError], str]] = {
    NotHl7: "100^Segment sequence error",
    MissingField: "101^Required field missing",
    WrongCharacterSet: "102^Data type error",
    FieldTooLong: "102^Data type error",
    CutOff: "100^Segment sequence error",
    UnknownCharacterSet: "103^Table value not found",
    UnsupportedMessage: "200^Unsupported message type",
    UnsupportedEvent: "201^Unsupported event code",
}
"""Message error conditions (table 0357)."""

_WANTED: Final[Mapping[str, frozenset[Verdict]]] = {
    "AL": frozenset({"A", "E", "R"}),
    "ER": frozenset({"E", "R"}),
    "SU": frozenset({"A"}),
    "NE": frozenset(),
}
"""When an acknowledgement is wanted (table 0155)."""

_CONTROL: Final = dict.fromkeys(range(32))
_STRUCTURE: Final = (2, 4)
_ERR: Final = (2, 5)
"""The versions from which on MSH-9 has three components, and ERR its fields of today."""


def verdict_of(error: BiomedError | None) -> Verdict:
    """Return what a message is answered that ended so."""
    if error is None:
        return "A"
    return "E" if error.retry else "R"


def acknowledgement(
    head: Header | None, error: BiomedError | None, warning: str = ""
) -> bytes | None:
    """Return the answer to a message, None where its sender wants none.

    `head` is its header as `hl7v2.message.header` reads it, None where it has none.
    """
    known = head or _UNKNOWN
    prefix = _prefix(known, verdict_of(error))
    if prefix is None:
        return None
    msa = ["MSA", prefix + verdict_of(error), _field(known, 10)]
    said = escaped(str(error or warning), known.delimiters)
    segments = [_msh(known), [*msa, said] if said else msa]
    if error is not None and _version(known) >= _ERR:
        segments.append(_err(known, error, said))
    lines = (known.delimiters.field.join(one) for one in segments)
    # The header's characters are bytes (ISO 8859-1): they go back as they came.
    return "".join(f"{line}\r" for line in lines).encode("latin-1", "replace")


def _prefix(head: Header, verdict: Verdict) -> str | None:
    """Return whether to acknowledge the commit (C) or, in the original mode, the message (A)."""
    commit, application = head.part(15), head.part(16)
    if not (commit or application):
        return "A"
    if verdict in _WANTED.get(commit, _WANTED["AL"]):
        return "C"
    wanted = application and commit == "NE" and verdict in _WANTED.get(application, _WANTED["AL"])
    return "A" if wanted else None


def _msh(head: Header) -> list[str]:
    """Return the header of the answer: sender and receiver change places."""
    signs = head.delimiters
    now = f"{datetime.now(UTC):%Y%m%d%H%M%S}+0000"
    own = uuid.uuid4().hex[:20]
    kind = _kind(head)
    start = f"MSH{signs.field}{head.msh[2]}"
    swapped = [_field(head, number) for number in (5, 6, 3, 4)]
    rest = [now, "", kind, own, _field(head, 11) or "P", _field(head, 12) or "2.5.1"]
    charset = _field(head, 18)
    fields = [*swapped, *rest, *([""] * 5), charset] if charset else [*swapped, *rest]
    return [start, *fields]


def _kind(head: Header) -> str:
    event = head.part(9, 2).translate(_CONTROL)
    component = head.delimiters.component
    if event and _version(head) >= _STRUCTURE:
        return component.join(["ACK", event, "ACK"])
    return f"ACK{component}{event}" if event else "ACK"


def _err(head: Header, error: BiomedError, said: str) -> list[str]:
    signs = head.delimiters
    condition = f"{_CODES.get(type(error), _INTERNAL)}^HL70357".replace("^", signs.component)
    own = signs.component.join([error.code, "", "L"])
    return ["ERR", "", "", condition, "E", own, "", "", said]


def _version(head: Header) -> tuple[int, ...]:
    """Return MSH-12 as numbers; what is none counts as the newest."""
    parts = head.part(12).split(".")
    known = all(part.isascii() and part.isdecimal() and len(part) < 4 for part in parts)  # noqa: PLR2004 no version has so many digits
    return tuple(map(int, parts)) if known else (2, 9)


def _field(head: Header, number: int) -> str:
    return head.msh[number].translate(_CONTROL)
