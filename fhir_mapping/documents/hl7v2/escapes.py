r"""Escape sequences to the characters they stand for (HL7 v2.9, chapter 2.7; FT: chapter 2.7.5).

`\F\`, `\S\`, `\T\`, `\R\`, `\E\` and `\P\` are the delimiters, `\Xhh..\` bytes in the message's
charset, `\.br\` and its kin line ends and blanks. Highlighting is dropped. What is none of these,
a single backslash above all, stays as it was sent.
"""

import re
from typing import Final

from fhir_mapping.documents.hl7v2.message import Delimiters

_HEX: Final = re.compile(r"X((?:[0-9A-Fa-f]{2})+)")
_FORMAT: Final = re.compile(r"\.(br|sp|ce|fi|nf|in|ti|sk)\s?([+-]?\d{0,3})", re.IGNORECASE)
_HIGHLIGHT: Final = frozenset({"H", "N"})
_LINES: Final = frozenset({"br", "sp", "ce"})
_MOST: Final = 100
_LONGEST: Final = 400
"""Characters between two signs of escape: more are text between two single backslashes."""


class Escapes:
    """Resolves the escape sequences of one message."""

    def __init__(self, signs: Delimiters, charset: str) -> None:
        self._sign = signs.escape
        self._charset = charset
        self._plain = {
            "F": signs.field,
            "S": signs.component,
            "R": signs.repetition,
            "E": signs.escape,
            "T": signs.subcomponent or "&",
            "P": "#",
        }

    def resolved(self, text: str) -> str:
        """Return a text with its escape sequences resolved, in time that grows with the text."""
        if self._sign not in text:
            return text
        pieces = text.split(self._sign)
        found, last = [pieces[0]], len(pieces) - 1
        at = 1
        while at <= last:
            meant = self._meant(pieces[at]) if at < last else None
            if meant is None:
                found += [self._sign, pieces[at]]
                at += 1
            else:
                found += [meant, pieces[at + 1]]
                at += 2
        return "".join(found)

    def _meant(self, sequence: str) -> str | None:
        """Return what stands between two signs of escape; None where it is no sequence."""
        if sequence in self._plain:
            return self._plain[sequence]
        if sequence in _HIGHLIGHT:
            return ""
        if len(sequence) <= _LONGEST and (data := _HEX.fullmatch(sequence)):
            return self._bytes(data[1])
        command = _FORMAT.fullmatch(sequence)
        return _laid_out(command[1].lower(), command[2]) if command else None

    def _bytes(self, digits: str) -> str | None:
        try:
            text = bytes.fromhex(digits).decode(self._charset)
        except UnicodeError:
            return None
        return text.replace("\r\n", "\n").replace("\r", "\n")


def escaped(text: str, signs: Delimiters) -> str:
    """Return a text with the delimiters of a message escaped."""
    names = {
        signs.field: "F",
        signs.component: "S",
        signs.repetition: "R",
        signs.escape: "E",
        signs.subcomponent: "T",
    }
    return "".join(
        f"{signs.escape}{names[one]}{signs.escape}" if one in names else one for one in text
    )


def _laid_out(command: str, number: str) -> str:
    times = min(abs(int(number)), _MOST) if number.strip("+-") else 1
    if command in _LINES:
        return "\n" * (times if command == "sp" else 1)
    return " " * times if command == "sk" else ""
