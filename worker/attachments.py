"""The attachments of documents to texts: what the settings allow, in processes with limits."""

from collections.abc import Mapping
from typing import Any, Self

from fhir_mapping.documents import attachment, document_reference
from models.clinical import Document, Note, Unread
from worker.converter_pool import ConverterPool
from worker.converter_process import ConversionLimits
from worker.settings import Settings
from worker.url_fetch import UrlFetch
from worker.url_rules import allowed


class Attachments:
    """Opens documents; shared by the threads of a worker."""

    def __init__(self, settings: Settings) -> None:
        limits = ConversionLimits(settings.conversion_seconds, settings.conversion_megabytes)
        self._converters = ConverterPool(limits)
        self._fetch = fetch(settings)
        self._max_characters = settings.max_note_characters

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._converters.__exit__()

    def notes(
        self, document: Document, resource: Mapping[str, Any], *, wait_for_passing: bool = False
    ) -> tuple[tuple[Note, ...], tuple[Unread, ...]]:
        """Return the texts of a document and what cannot be read, as `document_reference.notes`."""
        return document_reference.notes(
            document,
            resource,
            max_characters=self._max_characters,
            convert=self._converters.convert,
            fetch=self._fetch,
            wait_for_passing=wait_for_passing,
        )


def fetch(settings: Settings) -> attachment.Fetch:
    """Return what fetches urls: nothing, where no server is listed."""
    if not settings.attachment_hosts:
        return attachment.refuse
    return UrlFetch(
        allowed(settings.attachment_hosts),
        seconds=settings.attachment_seconds,
        most_bytes=settings.max_attachment_bytes,
    )
