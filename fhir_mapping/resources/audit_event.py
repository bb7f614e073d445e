"""A row of the audit log as a FHIR AuditEvent (FHIR R4, auditevent.html; IHE BALP 1.1).

A patient is a keyed hash, so `entity.what` has an identifier and no reference.
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from typing import Any, Final

from models.audit_events import Entry, Event

DICOM: Final = "http://dicom.nema.org/resources/ontology/DCM"
TYPES: Final = "http://terminology.hl7.org/CodeSystem/audit-event-type"
INTERACTIONS: Final = "http://hl7.org/fhir/restful-interaction"
ROLES: Final = "http://terminology.hl7.org/CodeSystem/object-role"
KINDS: Final = "http://terminology.hl7.org/CodeSystem/audit-entity-type"
SOURCES: Final = "http://terminology.hl7.org/CodeSystem/security-source-type"
OURS: Final = "urn:biomed-ner:audit"
BALP: Final = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit."

PROFILES: Final[Mapping[str, str]] = {
    "create": "Create",
    "read": "Read",
    "vread": "Read",
    "update": "Update",
    "search-type": "Query",
}
"""The pattern of IHE BALP for an interaction; of a patient it has one of its own."""

_REST: Final = frozenset({*PROFILES, "history-instance", "batch", "transaction", "operation"})

Json = dict[str, Any]


def audit_event(entry: Entry) -> Json:
    """Return a row of the log; its `id` is the place in the chain, `meta.versionId` always 1."""
    event = entry.event
    found: Json = {
        "resourceType": "AuditEvent",
        "id": str(entry.position),
        "meta": _meta(event),
        "type": _type(event),
        "subtype": [_subtype(event)],
        "action": event.action,
        "recorded": _instant(event),
        "outcome": event.outcome,
        "agent": list(_agents(event)),
        "source": _source(),
        "entity": list(_entities(event)),
    }
    if event.detail:
        found["outcomeDesc"] = event.detail
    return {name: value for name, value in found.items() if value != []}


def _meta(event: Event) -> Json:
    name = PROFILES.get(event.interaction)
    stamp: Json = {"versionId": "1", "lastUpdated": _instant(event)}
    if name is None or event.outcome != "0":
        return stamp
    return {**stamp, "profile": [f"{BALP}{'Patient' if event.patient else ''}{name}"]}


def _instant(event: Event) -> str:
    return event.at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _type(event: Event) -> Json:
    if event.interaction in _REST:
        return {"system": TYPES, "code": "rest", "display": "RESTful Operation"}
    return {"system": DICOM, "code": "110100", "display": "Application Activity"}


def _subtype(event: Event) -> Json:
    system = INTERACTIONS if event.interaction in _REST else OURS
    return {"system": system, "code": event.interaction}


def _agents(event: Event) -> Iterator[Json]:
    """Yield who asked, and the server that did it; one of our processes is both."""
    who = event.agent
    identifier = {"system": who.issuer or OURS, "value": who.name}
    yield {
        "type": {"coding": [_dicom("110153", "Source Role ID")]},
        "who": {"identifier": identifier},
        "name": f"{who.kind} {who.name}",
        "requestor": who.kind != "process",
    }
    yield {
        "type": {"coding": [_dicom("110152", "Destination Role ID")]},
        "who": {"display": "biomed-ner"},
        "requestor": who.kind == "process",
    }


def _source() -> Json:
    server = {"system": SOURCES, "code": "4", "display": "Application Server"}
    return {"observer": {"display": "biomed-ner"}, "type": [server]}


def _entities(event: Event) -> Iterator[Json]:
    if event.patient:
        yield {
            "what": {"identifier": {"system": OURS, "value": event.patient}},
            "type": {"system": KINDS, "code": "1", "display": "Person"},
            "role": {"system": ROLES, "code": "1", "display": "Patient"},
        }
    if "/" in event.entity:
        yield {
            "what": {"reference": event.entity},
            "type": {"system": KINDS, "code": "2", "display": "System Object"},
            "role": {"system": ROLES, "code": "4", "display": "Domain Resource"},
        }
    if event.interaction == "search-type":
        yield {
            "type": {"system": KINDS, "code": "2", "display": "System Object"},
            "role": {"system": ROLES, "code": "24", "display": "Query"},
            "query": _base64(event.query),
        }


def _dicom(code: str, display: str) -> Json:
    return {"system": DICOM, "code": code, "display": display}


def _base64(text: str) -> str:
    return b64encode(text.encode()).decode()
