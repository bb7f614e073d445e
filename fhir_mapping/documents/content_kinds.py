"""What an attachment that calls itself plain text truly is, by how it begins.

Markup that is read as prose misleads: a tag may stand between "no" and "fever". Sources: RFC 8118
(PDF), the RTF 1.9.1 specification, XML 1.0, WHATWG MIME Sniffing, HL7 CDA R2.
"""

import binascii
import re
from typing import Final

_BINARY: Final[tuple[tuple[bytes, str], ...]] = (
    (b"%PDF-", "PDF"),
    (b"PK\x03\x04", "a ZIP archive or an Office document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
    (b"\x1f\x8b\x08", "gzip"),
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"II*\0", "a TIFF image"),
    (b"MM\0*", "a TIFF image"),
)
_RTF: Final = re.compile(r"\s*+\{\\rtf")
# A DOCTYPE may hold declarations of its own. What is not closed goes on to the end: were it tried
# as something else, the end of each comment would be looked for in all that follows.
_PROLOG: Final = (
    r"\s*+(?:(?:<!DOCTYPE[^\[>]*+\[[^\]]*+(?:\]\s*+>|\Z)"
    r"|<!--[^-]*+(?:-(?!->)[^-]*+)*+(?:-->|\Z)"
    r"|<[?!](?!--|DOCTYPE[^\[>]*+\[)[^>]*+>)\s*+)*+"
)
_CDA: Final = re.compile(_PROLOG + r"<(?:\w++:)?ClinicalDocument[\s/>]", re.DOTALL)
_XHTML: Final = re.compile(_PROLOG + r"<html[\s>]", re.DOTALL | re.IGNORECASE)
_XML: Final = re.compile(r"\s*+<\?xml\s")
_HTML: Final = re.compile(
    r"\s*+<(?:!doctype\s++html|(?:html|head|body|div|p|span|table|section|article|pre|font|center"
    r"|h[1-6]|[ou]l|li|b|i|strong|em|br)(?:\s[^<>]*+)?/?>)",
    re.IGNORECASE,
)
# An end tag within the text: prose has none.
_HTML_INSIDE: Final = re.compile(r"(?i)</(?:html|body|div|p|span|table|tr|td|b|strong)\s*+>")
_TEXTS: Final = ((_RTF.match, "RTF"), (_CDA.match, "CDA"), (_XHTML.match, "HTML"),
                 (_XML.match, "XML"), (_HTML.match, "HTML"),
                 (_HTML_INSIDE.search, "HTML"))  # fmt: skip
_ANY_MARKUP: Final = re.compile(r"<[a-z!/]|&(?:#|[a-z])", re.IGNORECASE)

_LEAST: Final = 8
"""Characters; of words so long, alone in their note, 1 in 300 would decode to text by chance."""

_BASE64: Final = re.compile(
    r"(?:[A-Za-z0-9+/]{4})*+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?", re.ASCII
)
_CONTROL: Final = bytes(set(range(32)) - set(b"\t\n\f\r")) + b"\x7f"
_PRINTABLE: Final = bytes(range(32, 127)) + b"\t\n\f\r"
_LEAST_PRINTABLE: Final = 0.85


def binary_kind(data: bytes) -> str | None:
    """Return what bytes are that are no text; None where they may be text."""
    start = data.lstrip(b" \t\r\n")[:16]
    return next((kind for mark, kind in _BINARY if start.startswith(mark)), None)


def markup_kind(text: str) -> str | None:
    """Return which markup a text is, RTF, CDA, XML or HTML; None for plain text."""
    return next((kind for found, kind in _TEXTS if found(text)), None)


def may_be_html(text: str) -> bool:
    """Whether a text that is said to be HTML has anything of it: a tag, a letter by name."""
    return _ANY_MARKUP.search(text) is not None


def is_base64_of_text(text: str) -> bool:
    """Whether a text is itself base64, of another text or of a file."""
    joined = text.strip().replace("\r", "").replace("\n", "")
    long = len(joined) >= _LEAST or joined.endswith("=")
    if not (long and _BASE64.fullmatch(joined)):
        return False
    data = binascii.a2b_base64(joined)
    return bool(data) and (binary_kind(data) is not None or _is_text(data))


def _is_text(data: bytes) -> bool:
    if len(data.translate(None, _CONTROL)) != len(data):
        return False
    printable = len(data) - len(data.translate(None, _PRINTABLE))
    return printable >= _LEAST_PRINTABLE * len(data) or _is_utf8(data)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
