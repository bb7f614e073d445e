"""What another system asks for, alone or in a batch: put, create, read (FHIR R4, http.html)."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import orjson

from fhir_mapping.datatypes import json_values, systems
from fhir_mapping.datatypes.validation import fhir_complaints
from fhir_mapping.documents import document_reference
from fhir_mapping.exchange.conditional import unless
from models.errors import BadRequest, NotAResource, NotFound, TooComplex
from models.fhir_ids import ID, is_id

CREATED: Final = "DocumentReference"
"""The one type that is created by POST."""

_ADDRESS: Final = re.compile(rf"/?(?P<kind>[A-Z][A-Za-z]{{1,40}})/(?P<id>{ID})")
_PATH: Final = re.compile(r"/?(?P<path>[A-Za-z][A-Za-z0-9\-._$/]{0,200})")
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


@dataclass(frozen=True, slots=True)
class CreateRequest:
    """A DocumentReference to be stored, unless there is the one that `unless` names."""

    resource: Mapping[str, Any]
    unless: str | None = None


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """Something to be read or searched; `if_none_match` is an ETag that the asker has already."""

    path: str
    query: str
    if_none_match: str | None = None


Asked = Update | CreateRequest | ReadRequest


def entries(bundle: object, *, most: int) -> list[object]:
    """Return the entries of a batch.

    Raises:
        BadRequest: it is no Bundle of type batch.
        TooComplex: there are more than `most`.
    """
    if not isinstance(bundle, dict) or bundle.get("resourceType") != "Bundle":
        raise BadRequest(reason="the resource is not a Bundle")
    if bundle.get("type") != "batch":
        raise BadRequest(reason="only a Bundle of type batch is taken")
    found = bundle.get("entry", [])
    if not isinstance(found, list):
        raise BadRequest(reason="entry is not a list")
    if len(found) > most:
        raise TooComplex(limit=most, what="entries")
    return found


def of_entry(entry: object, kinds: Collection[str]) -> Asked:
    """Return what an entry of a batch asks for; `kinds` are the types that are served.

    Raises:
        BadRequest, NotFound, NotAResource: it asks for something else, or for something wrong.
    """
    request = entry.get("request") if isinstance(entry, dict) else None
    if not isinstance(entry, dict) or not isinstance(request, dict):
        raise BadRequest(reason="the entry has no request")
    asked = _METHODS.get(str(request.get("method")))
    if asked is None:
        raise BadRequest(reason="only GET, POST and PUT are taken in a batch")
    return asked(request, entry.get("resource"), kinds)


def _put(request: Mapping[str, Any], resource: object, kinds: Collection[str]) -> Update:
    address = _ADDRESS.fullmatch(str(request.get("url")))
    if address is None:
        raise BadRequest(reason="url is not TYPE/ID")
    return update(address["kind"], address["id"], resource, request.get("ifMatch"), kinds)


def _post(request: Mapping[str, Any], resource: object, kinds: Collection[str]) -> CreateRequest:
    kind = str(request.get("url")).removeprefix("/")
    if kind not in kinds:
        raise NotFound(reference=kind if kind.isascii() and kind.isalpha() else "the url")
    if kind != CREATED:
        raise BadRequest(reason=f"only a {CREATED} is created by POST")
    return CreateRequest(_sound(kind, resource), unless(request.get("ifNoneExist")))


def _get(request: Mapping[str, Any], _: object, __: Collection[str]) -> ReadRequest:
    url = request.get("url")
    parts = urlsplit(url) if isinstance(url, str) and url.isascii() else None
    path = _PATH.fullmatch(parts.path) if parts else None
    if parts is None or path is None or parts.scheme or parts.netloc or parts.fragment:
        raise BadRequest(reason="url is not an address below the base")
    match = request.get("ifNoneMatch")
    return ReadRequest(path["path"], parts.query, match if isinstance(match, str) else None)


_METHODS: Final[Mapping[str, Callable[[Mapping[str, Any], object, Collection[str]], Asked]]] = {
    "GET": _get,
    "POST": _post,
    "PUT": _put,
}


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
    if not is_id(fhir_id):
        raise BadRequest(reason="the id is none")
    sound = _sound(kind, resource)
    if sound.get("id") != fhir_id:
        raise NotAResource(kind=kind, reason="id differs from the url")
    return Update(kind, fhir_id, sound, _version(if_match))


def _sound(kind: str, resource: object) -> dict[str, Any]:
    """Return a resource of this type of which everything that is stored can be used."""
    if not isinstance(resource, dict) or resource.get("resourceType") != kind:
        raise NotAResource(kind=kind, reason="resourceType differs from the url")
    found = json_values.complaints(resource) or _complaints(kind, plain(resource))
    if found:
        raise NotAResource(kind=kind, reason="; ".join(found))
    return resource


def _complaints(kind: str, resource: dict[str, Any]) -> list[str]:
    """Return what is wrong; of a document only what keeps it from being stored (decision 4)."""
    if kind == CREATED:
        return document_reference.faults(resource)
    return fhir_complaints(kind, resource)


def plain(resource: Mapping[str, Any]) -> dict[str, Any]:
    """Return a resource whose numbers are numbers, not Fragments of JSON."""
    found: dict[str, Any] = orjson.loads(orjson.dumps(resource))
    return found


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
