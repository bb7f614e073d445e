"""FHIR messages: a MessageHeader with what it is about, and the message that answers it.

FHIR R4, messaging.html: the header comes first, and the answer names its id.
"""

import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fhir_mapping.datatypes import json_values
from fhir_mapping.datatypes.validation import fhir_complaints
from fhir_mapping.exchange.operation_outcome import outcome
from models.clinical import DOCUMENT_TYPES
from models.errors import BadRequest, BiomedError, NotAResource
from models.fhir_ids import is_id

HEADER: Final = "MessageHeader"
OK: Final = "ok"
_TYPE: Final = re.compile(r"[A-Z][A-Za-z]{1,40}")

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    """The header of a message, its documents by the number of their entry, and all else in it."""

    header: Mapping[str, Any]
    documents: tuple[tuple[int, Mapping[str, Any]], ...]
    others: tuple[str, ...]


def message(entries: Sequence[object]) -> Message:
    """Return what the entries of a message are.

    Raises:
        BadRequest: the first one holds no MessageHeader, another one no resource, or the message
            brings no document.
        NotAResource: the header is no valid one.
    """
    resources = [_resource(entry) for entry in entries]
    if not resources or resources[0].get("resourceType") != HEADER:
        raise BadRequest(reason="a message begins with a MessageHeader")
    header = _header(resources[0])
    rest = list(enumerate(resources[1:], 1))
    documents = tuple(pair for pair in rest if pair[1].get("resourceType") in DOCUMENT_TYPES)
    if not documents:
        raise BadRequest(reason="the message brings no document")
    others = (_type(one) for _, one in rest)
    return Message(header, documents, tuple(one for one in others if one not in DOCUMENT_TYPES))


def _type(resource: Mapping[str, Any]) -> str:
    """Return the type of a resource, `?` where what it says is none."""
    kind = resource.get("resourceType")
    return kind if isinstance(kind, str) and _TYPE.fullmatch(kind) else "?"


def _resource(entry: object) -> Mapping[str, Any]:
    resource = entry.get("resource") if isinstance(entry, dict) else None
    if not isinstance(resource, dict):
        raise BadRequest(reason="an entry of the message holds no resource")
    return resource


def _header(header: Mapping[str, Any]) -> Mapping[str, Any]:
    found = json_values.complaints(header) or fhir_complaints(HEADER, header)
    if not is_id(str(header.get("id", ""))):
        found = [*found, "id: none, and an answer would have to name it"]
    if found:
        raise NotAResource(kind=HEADER, reason="; ".join(found))
    return header


def places_of_others(entries: Sequence[object]) -> Iterator[tuple[str, str]]:
    """Yield, for entries under a `urn:`, how their resources are called where they lie.

    That is at the sender's: a Patient with an id, under whatever `fullUrl`, is `Patient/<id>`.
    """
    for entry in entries:
        resource = _resource(entry)
        full_url, fhir_id = str(entry.get("fullUrl", "")), str(resource.get("id", ""))  # type: ignore[attr-defined]  # an entry with a resource is a dict
        if full_url.startswith("urn:") and is_id(fhir_id) and _type(resource) != "?":
            yield full_url, f"{_type(resource)}/{fhir_id}"


def answer(header: Mapping[str, Any], base: str, told: Json, error: BiomedError | None) -> Json:
    """Return the message that answers one: what became of it, with an OperationOutcome.

    `told` is that outcome; with an error it is the error's.
    """
    details = f"urn:uuid:{uuid.uuid4()}"
    code = OK if error is None else "transient-error" if error.retry else "fatal-error"
    event = {name: header[name] for name in ("eventCoding", "eventUri") if name in header}
    made = {
        "resourceType": HEADER,
        "id": str(uuid.uuid4()),
        **event,
        "source": {"name": "biomed-ner", "endpoint": base},
        **_to(header),
        "response": {
            "identifier": header["id"],
            "code": code,
            "details": {"reference": details},
        },
    }
    return {
        "resourceType": "Bundle",
        "type": "message",
        "entry": [
            {"fullUrl": f"urn:uuid:{made['id']}", "resource": made},
            {"fullUrl": details, "resource": outcome(error) if error else told},
        ],
    }


def _to(header: Mapping[str, Any]) -> Json:
    """Return whom the answer is for: where the message came from."""
    source = header.get("source") or {}
    known = {name: source[name] for name in ("name", "endpoint") if name in source}
    return {"destination": [known]} if "endpoint" in known else {}
