"""The attachments of a DocumentReference to the texts a reader is given (FHIR R4 datatypes)."""

import binascii
import re
from collections.abc import Mapping
from typing import Final, Protocol

from fhir_mapping.documents.formats import dispatch
from fhir_mapping.documents.formats.converted import Converted
from models.errors import BadBase64, NoContent, UrlNotAllowed

# FHIR R4 base64Binary allows white space between the groups.
_BASE64: Final = re.compile(
    r"(?:[A-Za-z0-9+/]{4})*+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?", re.ASCII
)
_WHITE_SPACE: Final = str.maketrans("", "", " \t\r\n\f\v")


class Convert(Protocol):
    """Bytes to text, as `formats.dispatch.convert`, wherever it is done."""

    def __call__(
        self, data: bytes, declared: str | None, *, index: int, max_characters: int
    ) -> Converted:
        """Return the text of the attachment `content[index]`."""


class Fetch(Protocol):
    """The bytes behind the url of an attachment."""

    def __call__(self, attachment: Mapping[str, object], index: int) -> bytes:
        """Return the bytes; raise UrlNotAllowed, NotFetched or FetchDelayed."""


def refuse(attachment: Mapping[str, object], index: int) -> bytes:  # noqa: ARG001 it is a Fetch
    """Fetch nothing: raise UrlNotAllowed."""
    raise UrlNotAllowed(index=index, reason="BIOMED_ATTACHMENT_HOSTS names no host")


def read(
    attachment: Mapping[str, object],
    index: int,
    *,
    max_characters: int,
    convert: Convert = dispatch.convert,
    fetch: Fetch = refuse,
) -> Converted:
    """Return the text of the attachment `content[index]`.

    Raises:
        NoContent: it carries neither data nor a url.
        BadBase64: its data is not base64.
        BiomedError: what `convert` and `fetch` say.
    """
    data = _data(attachment, index, fetch)
    declared = attachment.get("contentType")
    return convert(
        data,
        declared if isinstance(declared, str) else None,
        index=index,
        max_characters=max_characters,
    )


def _data(attachment: Mapping[str, object], index: int, fetch: Fetch) -> bytes:
    if attachment.get("data") is not None:
        return decoded(attachment["data"], index)
    if attachment.get("url") is not None:
        return fetch(attachment, index)
    raise NoContent(index=index)


def decoded(data: object, index: int) -> bytes:
    """Return the bytes of base64 text, which may hold white space and nothing else besides.

    Raises:
        BadBase64: it is not base64.
    """
    text = data.translate(_WHITE_SPACE) if isinstance(data, str) else "not text"
    # Python's strict decoders still take "YWJj=".
    if not _BASE64.fullmatch(text):
        raise BadBase64(index=index)
    return binascii.a2b_base64(text)
