"""An attachment of a DocumentReference to the text a reader is given (FHIR R4 datatypes).

The text is exactly what was sent: line ends, odd spaces and signs stay, since offsets count in it.
Only a byte order mark at its start is left out: it says how the bytes are to be read.
"""

import binascii
import re
from collections.abc import Mapping
from typing import Final

from fhir_mapping.documents.charset import decode
from fhir_mapping.documents.content_kinds import binary_kind, is_base64_of_text, markup_kind
from models.errors import (
    BadBase64,
    EncodedTwice,
    NoContent,
    NotAsDeclared,
    NoteTooLarge,
    NulCharacter,
    UnsupportedContentType,
)

PLAIN_TEXT: Final = "text/plain"
_READABLE: Final = frozenset({PLAIN_TEXT})
_MEDIA_TYPE: Final = re.compile(r"[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,60}")
# FHIR R4 base64Binary allows white space between the groups.
_BASE64: Final = re.compile(
    r"(?:[A-Za-z0-9+/]{4})*+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?", re.ASCII
)
_WHITE_SPACE: Final = str.maketrans("", "", " \t\r\n\f\v")


def read(attachment: Mapping[str, object], index: int, *, max_characters: int) -> tuple[str, str]:
    """Return the text of the attachment `content[index]` and the charset it was decoded by.

    Raises:
        NoContent: it carries no data (a `url` is not followed).
        UnsupportedContentType: it is not plain text.
        BadBase64: its data is not base64.
        EncodedTwice: its data is base64 of base64.
        NotAsDeclared: it is markup, or a file that is no text at all.
        UnknownCharset: it declares a charset that is not known.
        WrongCharset: its bytes are not valid in its charset.
        NulCharacter: its text holds a NUL.
        NoteTooLarge: its text has more than `max_characters` characters.
    """
    if attachment.get("data") is None:
        raise NoContent(index=index)
    charset = _charset_of_readable(attachment, index)
    data = _bytes(attachment["data"], index)
    _require_plain(binary_kind(data), index)
    text, decoded_as = decode(data, charset, index)
    _check(text, index, max_characters)
    _require_plain(markup_kind(text), index)
    if is_base64_of_text(text):
        raise EncodedTwice(index=index)
    return text, decoded_as


def _charset_of_readable(attachment: Mapping[str, object], index: int) -> str | None:
    """Return the charset that a content type we read declares; none declared is plain text."""
    media_type, _, parameters = str(attachment.get("contentType") or PLAIN_TEXT).partition(";")
    media_type = media_type.strip().lower()
    if media_type not in _READABLE:
        shown = media_type if _MEDIA_TYPE.fullmatch(media_type) else "not a media type"
        raise UnsupportedContentType(index=index, content_type=shown)
    return _charset(parameters)


def _charset(parameters: str) -> str | None:
    """Return the charset of content type parameters such as `; charset="UTF-8"` (RFC 9110)."""
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip("\"'")
    return None


def _bytes(data: object, index: int) -> bytes:
    """Return the bytes of base64 text, which may hold white space and nothing else besides."""
    text = data.translate(_WHITE_SPACE) if isinstance(data, str) else "not text"
    # Python's strict decoders still take "YWJj=".
    if not _BASE64.fullmatch(text):
        raise BadBase64(index=index)
    return binascii.a2b_base64(text)


def _require_plain(kind: str | None, index: int) -> None:
    if kind:
        raise NotAsDeclared(index=index, found=kind)


def _check(text: str, index: int, max_characters: int) -> None:
    """Refuse a text that cannot be stored or is too long to read."""
    if "\0" in text:
        raise NulCharacter(index=index)
    if len(text) > max_characters:
        raise NoteTooLarge(size=len(text), limit=max_characters)
