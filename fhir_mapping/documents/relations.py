"""What one document says of another (FHIR R4, DocumentReference.relatesTo).

Only `replaces` changes what was found elsewhere: an addendum (`appends`) leaves its parent alone.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from fhir_mapping.datatypes import references


def replaces(resource: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the documents that a DocumentReference replaces, each as its key or `id:<FHIR id>`.

    A document that was itself entered in error replaces none.
    """
    if "entered-in-error" in (resource["status"], resource.get("docStatus")):
        return ()
    relations = (one for one in resource.get("relatesTo") or () if one["code"] == "replaces")
    return tuple(dict.fromkeys(name for one in relations for name in _names(one["target"])))


def _names(target: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names of the target: by the id in its reference, by its identifier."""
    literal = references.literal(target, ("DocumentReference",))
    if literal:
        path = literal.partition("/_history/")[0]
        yield f"id:{path.rpartition('/')[2].removeprefix('urn:uuid:')}"
    identifier = target.get("identifier") or {}
    if identifier.get("value"):
        yield f"{identifier.get('system', '')}|{identifier['value']}"
