"""GET of /fhir/metadata or the base itself: what this server does, and no more than is true."""

from collections.abc import Mapping
from importlib.metadata import version

from fastapi import APIRouter, Request, Response

from gateway.rest import audit_events
from gateway.rest.query import require_common_only
from gateway.rest.resource_types import CREATED, SEARCHED, SERVED
from gateway.rest.responses import base, made

WRITTEN = "2026-12-01"  # when this statement was last changed
FORMATS = ("application/fhir+json", "json")
PROCESS_MESSAGE = {
    "name": "process-message",
    "definition": "http://hl7.org/fhir/OperationDefinition/MessageHeader-process-message",
}
OVER_HTTP = {"system": "http://terminology.hl7.org/CodeSystem/message-transport", "code": "http"}
MESSAGES = (
    "A Bundle of type message is taken at the base and by $process-message, whatever its event: "
    "the DocumentReferences and DiagnosticReports in it are stored, all or none. The answer is a "
    "message too."
)
OFFERED = ("read", "vread", "update", "history-instance", "search-type")


AUDIT_LOG = {
    "type": audit_events.KIND,
    "interaction": [{"code": "read"}, {"code": "search-type"}],
    "versioning": "no-version",
    "searchParam": [{"name": name, "type": type_} for name, type_ in audit_events.SEARCHED.items()],
}


def capability(security: Mapping[str, object]) -> APIRouter:
    """Return the routes that answer with the CapabilityStatement.

    Who asks the base itself gets it too, unless it is a search over all types: there is none.
    """
    router = APIRouter()

    @router.get("")
    def root(request: Request) -> Response:
        require_common_only(request.query_params)
        address = base(request)
        found = made(statement(address, security))
        found.headers["Content-Location"] = f"{address}/metadata"
        return found

    @router.get("/metadata")
    def metadata(request: Request) -> Response:
        return made(statement(base(request), security))

    return router


def statement(base: str, security: Mapping[str, object]) -> dict[str, object]:
    """Return what the server at `base` can do (FHIR R4, capabilitystatement.html).

    `security` is how it asks who sends a request.
    """
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": WRITTEN,
        "kind": "instance",
        "software": {"name": "biomed-ner", "version": version("biomed-ner")},
        "implementation": {"description": "Findings read in clinical notes", "url": base},
        "fhirVersion": "4.0.1",
        "format": list(FORMATS),
        "rest": [
            {
                "mode": "server",
                "security": dict(security),
                "resource": [*(described(kind) for kind in SERVED), AUDIT_LOG],
                "interaction": [{"code": "batch"}, {"code": "transaction"}],
                "operation": [PROCESS_MESSAGE],
            }
        ],
        "messaging": [
            {
                "endpoint": [{"protocol": OVER_HTTP, "address": f"{base}/$process-message"}],
                "documentation": MESSAGES,
            }
        ],
    }


def described(kind: str) -> dict[str, object]:
    """Return what can be done with one type."""
    interactions = (*OFFERED, "create") if kind in CREATED else OFFERED
    return {
        "type": kind,
        "interaction": [{"code": code} for code in interactions],
        "versioning": "versioned",
        "readHistory": True,
        "conditionalRead": "not-match",
        "updateCreate": True,
        "conditionalCreate": kind in CREATED,
        "conditionalUpdate": kind in CREATED,
        "referencePolicy": ["literal", "local"],
        "searchParam": [{"name": name, "type": type_} for name, type_ in SEARCHED[kind].items()],
    }
