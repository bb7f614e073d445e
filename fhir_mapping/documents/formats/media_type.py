"""Which converter bytes are for: their declared media type, and what they truly begin with.

Senders call RTF and HTML text/plain, so what markup or a file says of itself outweighs the label.
"""

import codecs
import re
from collections.abc import Collection
from typing import Final, NamedTuple

from fhir_mapping.documents.charset import marked
from fhir_mapping.documents.content_kinds import binary_kind, markup_kind, may_be_html
from models.errors import NotAsDeclared, UnsupportedContentType

PLAIN: Final = "text/plain"
HTML: Final = "text/html"
TYPED_HTML: Final = "text/x-typed-html"
"""Text that calls itself plain and holds tags; a name of our own."""
RTF: Final = "application/rtf"
CDA: Final = "application/hl7-cda+xml"
PDF: Final = "application/pdf"

ALIASES: Final = {
    "application/xhtml+xml": HTML,
    "text/rtf": RTF,
    "application/x-rtf": RTF,
    "text/richtext": RTF,
    "application/x-pdf": PDF,
}
_BY_KIND: Final = {"PDF": PDF, "RTF": RTF, "CDA": CDA, "HTML": HTML}
_XML: Final = frozenset({"text/xml", "application/xml", CDA})
_TEXTS: Final = frozenset({PLAIN, HTML, RTF, *_XML})
_ANY: Final = frozenset({"application/octet-stream", "binary/octet-stream"})
_MEDIA_TYPE: Final = re.compile(r"[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,60}")
_WIDE: Final = re.compile(r"utf[-_]?(?:16|32)(?:[-_]?[lb]e)?", re.IGNORECASE)


class ContentType(NamedTuple):
    """A media type in lower case, and the charset that it declares."""

    media_type: str
    charset: str | None


def content_type(declared: str | None) -> ContentType:
    """Return the parts of a content type such as `text/html; charset="UTF-8"` (RFC 9110, 8.3)."""
    media_type, _, parameters = (declared or PLAIN).partition(";")
    media_type = media_type.strip().lower()
    return ContentType(ALIASES.get(media_type, media_type), _charset(parameters))


def _charset(parameters: str) -> str | None:
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip("\"'")
    return None


def readable_as(data: bytes, declared: ContentType, known: Collection[str], index: int) -> str:
    """Return the media type, one of the `known`, as which bytes are to be converted.

    Raises:
        UnsupportedContentType: no converter is for what the attachment `content[index]` declares.
        NotAsDeclared: it is another kind of file, which is not read.
    """
    said = declared.media_type
    if said in known and said not in _TEXTS and said != PDF:
        return said
    if said not in known and said not in _XML | _ANY:
        shown = said if _MEDIA_TYPE.fullmatch(said) else "not a media type"
        raise UnsupportedContentType(index=index, content_type=shown)
    text = _glanced(data, declared.charset)
    kind = binary_kind(data) or markup_kind(text)
    found = _BY_KIND.get(kind) if kind else _unmarked(said, text)
    if found == HTML and said == PLAIN:
        found = TYPED_HTML
    if found is None or found not in known:
        raise NotAsDeclared(index=index, found=kind or "no file that says what it is")
    return found


def _unmarked(said: str, text: str) -> str | None:
    """Return as what bytes are read that do not begin as markup: some may be it all the same."""
    if said == PDF or (said == HTML and may_be_html(text)):
        return said
    return PLAIN if said in {PLAIN, HTML, RTF} else None


def _glanced(data: bytes, charset: str | None) -> str:
    """Return bytes as a text in which markup can be seen; other letters may be wrong."""
    name = marked(data) or (charset if charset and _WIDE.fullmatch(charset) else "latin-1")
    return data.decode(name, "replace").lstrip(codecs.BOM_UTF8.decode())
