"""Resources that another system puts here (FHIR R4, http.html#update and #transaction)."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

from fhir_mapping import systems
from fhir_mapping.complaints import WORST_SHOWN, complaints
from models.errors import BadRequest, NotAResource, NotFound

_ADDRESS: Final = re.compile(r"/?(?P<kind>[A-Z][A-Za-z]{1,40})/(?P<id>[A-Za-z0-9\-.]{1,64})")
_ID: Final = re.compile(r"[A-Za-z0-9\-.]{1,64}")
_MATCH: Final = re.compile(r'(?:W/)?"(?P<version>[0-9]{1,9})"')


@dataclass(frozen=True, slots=True)
class Update:
    """A resource to be stored under its type and id.

    With `if_match`, only if that is the version which is stored now.
    """

    kind: str
    id: str
    resource: Mapping[str, Any]
    if_match: int | None = None

    @property
    def key(self) -> tuple[str, str]:
        """Type and id."""
        return (self.kind, self.id)

    @property
    def reference(self) -> str:
        """Type and id as a reference."""
        return f"{self.kind}/{self.id}"

    @property
    def is_note(self) -> bool:
        """Whether it is a document to be read: a DocumentReference that no AI made."""
        return self.kind == "DocumentReference" and not _by_ai(self.resource)


def entries(bundle: object) -> list[object]:
    """Return the entries of a batch.

    Raises:
        BadRequest: it is no Bundle of type batch.
    """
    if not isinstance(bundle, dict) or bundle.get("resourceType") != "Bundle":
        raise BadRequest(reason="the resource is not a Bundle")
    if bundle.get("type") != "batch":
        raise BadRequest(reason="only a Bundle of type batch is taken")
    found = bundle.get("entry", [])
    if not isinstance(found, list):
        raise BadRequest(reason="entry is not a list")
    return found


def of_entry(entry: object, kinds: Collection[str]) -> Update:
    """Return the update that an entry of a batch asks for.

    Raises:
        BadRequest, NotFound, NotAResource: it asks for something else, or for something wrong.
    """
    request = entry.get("request") if isinstance(entry, dict) else None
    if not isinstance(entry, dict) or not isinstance(request, dict):
        raise BadRequest(reason="the entry has no request")
    if request.get("method") != "PUT":
        raise BadRequest(reason="only PUT is taken in a batch")
    address = _ADDRESS.fullmatch(str(request.get("url")))
    if address is None:
        raise BadRequest(reason="url is not TYPE/ID")
    resource = entry.get("resource")
    return update(address["kind"], address["id"], resource, request.get("ifMatch"), kinds)


def update(
    kind: str, fhir_id: str, resource: object, if_match: object, kinds: Collection[str]
) -> Update:
    """Return the update of a resource, whose numbers may be Fragments of JSON.

    Raises:
        NotFound: the type is not served.
        NotAResource: the resource is no valid one of this type and id.
        BadRequest: the id or `if_match`, which is an ETag or None, cannot be one.
    """
    if kind not in kinds:
        raise NotFound(reference=kind)
    if not _ID.fullmatch(fhir_id):
        raise BadRequest(reason="the id is none")
    if not isinstance(resource, dict) or resource.get("resourceType") != kind:
        raise NotAResource(kind=kind, reason="resourceType differs from the url")
    if resource.get("id") != fhir_id:
        raise NotAResource(kind=kind, reason="id differs from the url")
    _check(kind, resource)
    return Update(kind, fhir_id, resource, _version(if_match))


def _check(kind: str, resource: Mapping[str, Any]) -> None:
    found = complaints(kind, orjson.loads(orjson.dumps(resource)))
    if found:
        raise NotAResource(kind=kind, reason="; ".join(found[:WORST_SHOWN]))


def _version(if_match: object) -> int | None:
    if if_match is None:
        return None
    found = _MATCH.fullmatch(str(if_match))
    if found is None:
        raise BadRequest(reason="the version to match is no ETag of ours")
    return int(found["version"])


def _by_ai(resource: Mapping[str, Any]) -> bool:
    labels = resource.get("meta", {}).get("security", [])
    marks = {(label.get("system"), label.get("code")) for label in labels}
    return (systems.OBSERVATION_VALUE, "AIAST") in marks
