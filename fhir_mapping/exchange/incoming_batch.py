"""What another system asks for, alone or in a Bundle: put, create, read (FHIR R4, http.html)."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import orjson

from fhir_mapping.datatypes import json_values, systems
from fhir_mapping.datatypes.validation import fhir_complaints
from fhir_mapping.documents import document_reference
from fhir_mapping.exchange.conditional import criteria, unless
from models.clinical import DOCUMENT_TYPES, Criteria
from models.errors import BadRequest, NotAResource, NotFound, NotOffered, TooComplex
from models.fhir_ids import ID, is_id

CREATED: Final = DOCUMENT_TYPES
"""The types that are created by POST, and updated by a condition."""

_ADDRESS: Final = re.compile(rf"/?(?P<kind>[A-Z][A-Za-z]{{1,40}})/(?P<id>{ID})")
_CONDITION: Final = re.compile(r"/?(?P<kind>[A-Z][A-Za-z]{1,40})\?(?P<query>.*)", re.DOTALL)
_PATH: Final = re.compile(r"/?(?P<path>[A-Za-z][A-Za-z0-9\-._$/]{0,200})")
TAKEN: Final = ("batch", "transaction", "message")
_VERBS: Final = ("DELETE", "PATCH", "HEAD")
_MATCH: Final = re.compile(r'(?:W/)?"(?P<version>[0-9]{1,9})"')


@dataclass(frozen=True, slots=True)
class Update:
    """A resource to be stored under its type and id.

    With `if_match`, only if that is the version which is stored now. With `where` it goes where
    the one document lies that is meant, and where there is none it is new, if it `may_create`; `id`
    may be empty then.
    """

    kind: str
    id: str
    resource: Mapping[str, Any]
    if_match: int | None = None
    where: Criteria | None = None
    may_create: bool = True

    @property
    def key(self) -> tuple[object, ...]:
        """Type and id, or what is meant."""
        return (self.kind, self.where or self.id)

    @property
    def reference(self) -> str:
        """Type and id as a reference."""
        return f"{self.kind}/{self.id}"

    @property
    def is_note(self) -> bool:
        """Whether it is a document to be read, which no AI made."""
        return self.kind in DOCUMENT_TYPES and not _by_ai(self.resource)


@dataclass(frozen=True, slots=True)
class CreateRequest:
    """A document to be stored, unless there is the one that `unless` means."""

    resource: Mapping[str, Any]
    unless: Criteria | None = None

    @property
    def kind(self) -> str:
        """Its resource type."""
        return str(self.resource["resourceType"])


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """Something to be read or searched; `if_none_match` is an ETag that the asker has already."""

    path: str
    query: str
    if_none_match: str | None = None


Asked = Update | CreateRequest | ReadRequest


def bundle_type(bundle: object) -> str:
    """Return what a Bundle is for.

    Raises:
        BadRequest: it is no Bundle, or of a type that nobody sends to a server.
    """
    if not isinstance(bundle, dict) or bundle.get("resourceType") != "Bundle":
        raise BadRequest(reason="the resource is not a Bundle")
    if bundle.get("type") not in TAKEN:
        raise BadRequest(reason=f"only a Bundle of type {', '.join(TAKEN)} is taken")
    return str(bundle["type"])


def entries(bundle: Mapping[str, Any], *, most: int) -> list[object]:
    """Return the entries of a Bundle.

    Raises:
        BadRequest: they are no list.
        TooComplex: there are more than `most`.
    """
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
        method = str(request.get("method"))
        raise NotOffered(what=f"{method if method in _VERBS else 'such a method'} in a Bundle")
    return asked(request, entry.get("resource"), kinds)


def _put(request: Mapping[str, Any], resource: object, kinds: Collection[str]) -> Update:
    meant = _CONDITION.fullmatch(str(request.get("url")))
    if meant:
        return conditional_update(
            meant["kind"], meant["query"], resource, request.get("ifMatch"), kinds
        )
    address = _ADDRESS.fullmatch(str(request.get("url")))
    if address is None:
        raise BadRequest(reason="url is not TYPE/ID")
    return update(address["kind"], address["id"], resource, request.get("ifMatch"), kinds)


def _post(request: Mapping[str, Any], resource: object, kinds: Collection[str]) -> CreateRequest:
    kind = str(request.get("url")).removeprefix("/")
    if kind not in kinds:
        raise NotFound(reference=kind if kind.isascii() and kind.isalpha() else "the url")
    return create(kind, resource, request.get("ifNoneExist"))


def create(kind: str, resource: object, condition: object = None) -> CreateRequest:
    """Return a document to be stored, unless the condition, a query, is met.

    Raises:
        NotOffered: nothing of this type is created by POST.
        NotAResource: the resource is no valid one of this type.
        BadRequest: the condition is not understood.
    """
    if kind not in CREATED:
        raise NotOffered(what=f"the creation of a {kind} by POST")
    return CreateRequest(_sound(kind, resource), unless(kind, condition))


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


def conditional_update(
    kind: str, query: object, resource: object, if_match: object, kinds: Collection[str]
) -> Update:
    """Return the update of the document that a query means; errors as `update`."""
    if kind not in kinds:
        raise NotFound(reference=kind)
    if kind not in CREATED:
        raise NotOffered(what=f"the update of a {kind} by a condition")
    sound = _sound(kind, resource)
    if _by_ai(sound):
        raise NotOffered(what="the update by a condition of what an AI made")
    meant = criteria(kind, query)
    return Update(kind, str(sound.get("id", "")), sound, _version(if_match), meant)


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
    if kind in DOCUMENT_TYPES:
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
