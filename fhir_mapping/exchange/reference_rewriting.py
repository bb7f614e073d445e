"""References that another server can follow, which numbers versions in its own way."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from fhir_mapping.resources.narrative import narrated
from models.clinical import DOCUMENT_TYPES
from models.fhir_ids import ID

_VERSIONED: Final = re.compile(
    rf"(?P<kind>{'|'.join(DOCUMENT_TYPES)})/(?P<id>{ID})/_history/(?P<version>[0-9]{{1,9}})"
)
_OURS: Final = frozenset({"versionId", "lastUpdated"})


def versioned_documents(resource: object) -> set[str]:
    """Return the ids of the documents of which a resource names a version."""
    return {found["id"] for found in map(_VERSIONED.fullmatch, _references(resource)) if found}


def rewritten(
    resource: Mapping[str, Any], numbers: Mapping[tuple[str, int], str]
) -> dict[str, Any]:
    """Return a resource as it is sent: without our version and time, and with references to follow.

    `numbers` says, by document id and our version, which version it is at the other server. Where
    that is unknown the reference names the document alone: our number would mean other words there.
    """
    renumbered = _with_own_narrative(_renumbered(resource, numbers))
    sent = renumbered.pop("meta", None)
    meta = {key: value for key, value in (sent or {}).items() if key not in _OURS}
    return {**renumbered, **({"meta": meta} if meta else {})}


def _with_own_narrative(resource: dict[str, Any]) -> dict[str, Any]:
    """Make our narrative anew, which names documents too; a document's is its sender's own."""
    ours = "text" in resource and resource["resourceType"] not in DOCUMENT_TYPES
    return narrated(resource) if ours else resource


def _references(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        reference = value.get("reference")
        if isinstance(reference, str):
            yield reference
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from _references(part)


def _renumbered(value: Any, numbers: Mapping[tuple[str, int], str]) -> Any:
    if isinstance(value, list):
        return [_renumbered(part, numbers) for part in value]
    if not isinstance(value, Mapping):
        return value
    return {
        key: _address(part, numbers) if key == "reference" else _renumbered(part, numbers)
        for key, part in value.items()
    }


def _address(reference: Any, numbers: Mapping[tuple[str, int], str]) -> Any:
    found = _VERSIONED.fullmatch(reference) if isinstance(reference, str) else None
    if found is None:
        return _renumbered(reference, numbers)
    number = numbers.get((found["id"], int(found["version"])))
    return f"{found['kind']}/{found['id']}" + (f"/_history/{number}" if number else "")
