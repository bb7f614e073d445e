"""Conversions for tests, and what holds of the parts of each."""

import re
from collections.abc import Callable

from fhir_mapping.documents.formats import dispatch
from fhir_mapping.documents.formats.converted import Converted
from models.errors import BiomedError

LIMIT = 100_000


def converted(data: bytes | str, declared: str, most: int = LIMIT) -> Converted:
    """Return what is made of bytes, or of a text in UTF-8."""
    raw = data.encode() if isinstance(data, str) else data
    return dispatch.convert(raw, declared, index=0, max_characters=most)


def text(data: bytes | str, declared: str) -> str:
    """Return the text of bytes."""
    return converted(data, declared).text


def code(data: bytes | str, declared: str, most: int = LIMIT) -> str:
    """Return the code of the error that bytes are refused with."""
    try:
        found = converted(data, declared, most)
    except BiomedError as error:
        return error.code
    raise AssertionError(f"{len(found.text)} characters were read")


def assert_parts(found: Converted, has: Callable[[str, str], bool]) -> None:
    """Check that the parts stand in the order of the text, and that each has its characters.

    `has(place, words)` says whether the original has words at a place, white space left out.
    """
    end = 0
    for part in found.source:
        assert end <= part.start < part.end <= len(found.text)
        end = part.end
        words = squeezed(found.text[part.start : part.end])
        assert has(part.place, words), (part.place, words)


def uncovered(found: Converted) -> str:
    """Return the characters that no part covers: the converter's own."""
    edges = [0, *(edge for part in found.source for edge in (part.start, part.end))]
    edges.append(len(found.text))
    return "".join(
        found.text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True)
    )


def squeezed(words: str) -> str:
    """Return words without any white space or signs that cannot be seen."""
    return re.sub(r"[\s\xad\u200b\u2060\ufeff]+", "", words)
