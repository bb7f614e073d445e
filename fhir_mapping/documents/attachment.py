"""The attachments of a DocumentReference to the texts a reader is given (FHIR R4 datatypes)."""

from collections.abc import Mapping
from typing import Protocol

from fhir_mapping.documents.base64_text import decoded
from fhir_mapping.documents.formats import dispatch
from fhir_mapping.documents.formats.converted import Converted
from models.errors import NoContent, UrlNotAllowed


class Convert(Protocol):
    """Bytes to text, as `formats.dispatch.convert`, wherever it is done."""

    def __call__(
        self, data: bytes, declared: str | None, *, index: int, max_characters: int
    ) -> Converted:
        """Return the text of the attachment `content[index]`."""


class Fetch(Protocol):
    """The bytes behind the url of an attachment."""

    def __call__(self, attachment: Mapping[str, object], index: int, /) -> bytes:
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
