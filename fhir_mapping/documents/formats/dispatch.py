"""From the bytes of an attachment to the converter for them."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from importlib import import_module
from typing import Final

from fhir_mapping.documents.formats import plain
from fhir_mapping.documents.formats.converted import Conversion, Converted, Converter, bounded
from fhir_mapping.documents.formats.media_type import (
    CDA,
    HTML,
    PDF,
    PLAIN,
    RTF,
    TYPED_HTML,
    content_type,
    readable_as,
)
from fhir_mapping.documents.hl7v2.tables import ER7
from models.errors import DocumentTooComplex, NoteTooLarge, NulCharacter


def _late(module: str, function: str = "convert") -> Converter:
    """Return the converter of a module that is loaded when it is first needed, with its library."""

    def convert(data: bytes, told: Conversion) -> Converted:
        found: Converter = getattr(import_module(f"{__package__}.{module}"), function)
        return found(data, told)

    return convert


CONVERTERS: Final[Mapping[str, Converter]] = {
    PLAIN: plain.convert,
    ER7: _late("hl7v2"),
    HTML: _late("html"),
    TYPED_HTML: _late("html", "convert_typed"),
    RTF: _late("rtf.convert"),
    CDA: _late("cda"),
    PDF: _late("pdf"),
}
"""Which function converts which media type."""

DEEPEST: Final = 3
"""How many formats may lie in one another: base64 of RTF in an OBX, of a PDF in a CDA document."""


def convert(
    data: bytes, declared: str | None, *, index: int, max_characters: int, depth: int = 0
) -> Converted:
    """Return the text of the attachment `content[index]`, `declared` its content type.

    It is pure, but what it is given may be hostile: workers call it in a process with limits.

    Raises:
        UnsupportedContentType, NotAsDeclared: no converter is for such bytes.
        DocumentTooComplex: converting takes more than is allowed.
        NulCharacter: the text holds a NUL.
        NoteTooLarge: the text has more than `max_characters` characters.
        BiomedError: what each converter says.
    """
    if depth >= DEEPEST:
        raise DocumentTooComplex(index=index, what=f"more than {DEEPEST} formats in one another")
    said = content_type(declared)
    converter = CONVERTERS[readable_as(data, said, CONVERTERS, index)]
    inner = partial(convert, index=index, max_characters=max_characters, depth=depth + 1)
    found = converter(data, Conversion(index, said.charset, max_characters, inner))
    if "\0" in found.text:
        raise NulCharacter(index=index)
    if len(found.text) > max_characters:
        raise NoteTooLarge(size=len(found.text), limit=max_characters)
    return replace(found, source=bounded(found.source))
