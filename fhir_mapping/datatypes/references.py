"""Which resource a reference points at, as far as the reference itself says (FHIR R4)."""

import re
from collections.abc import Collection, Mapping
from typing import Final

from models.fhir_ids import ID

_LITERAL: Final = re.compile(
    rf"(?:https?://[^\s#]+/)?([A-Z][A-Za-z]{{1,40}})/{ID}(?:/_history/{ID})?"
)
_URN: Final = re.compile(r"urn:(?:uuid:[0-9a-fA-F-]{36}|oid:[0-9.]+)")


def target_type(reference: Mapping[str, object]) -> str | None:
    """Return the resource type that a Reference points at, or None where it does not say."""
    literal = _LITERAL.fullmatch(str(reference.get("reference")))
    declared = reference.get("type")
    return literal[1] if literal else declared if isinstance(declared, str) else None


def literal(reference: object, types: Collection[str]) -> str | None:
    """Return the literal of a Reference that can point at one of `types`, else None.

    A contained `#id` is None: it means nothing outside its resource. So is a reference that is only
    an identifier or a display.
    """
    if not isinstance(reference, Mapping):
        return None
    text, kind = reference.get("reference"), target_type(reference)
    if not isinstance(text, str) or not (_LITERAL.fullmatch(text) or _URN.fullmatch(text)):
        return None
    return text if kind is None or kind in types else None


def of_any_version(reference: str | None) -> str | None:
    """Return a reference without the version it names: `Patient/7/_history/3` is `Patient/7`."""
    return reference.partition("/_history/")[0] if reference else None


def points_at(reference: str, kind: str) -> bool:
    """Return whether a literal reference such as `Patient/7` can point at a `kind`."""
    found = _LITERAL.fullmatch(reference)
    return found is None or found[1] == kind
