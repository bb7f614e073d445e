"""GET /fhir/metadata: what this server does, and no more than is true."""

from importlib.metadata import version

from fastapi import APIRouter, Request, Response

from gateway.rest.answers import base, made
from gateway.rest.resource_types import CREATED, SEARCHED, SERVED

WRITTEN = "2026-11-24"  # when this statement was last changed
FORMATS = ("application/fhir+json", "json")
OFFERED = ("read", "vread", "update", "history-instance", "search-type")


def capability() -> APIRouter:
    """Return the route that answers with the CapabilityStatement."""
    router = APIRouter()

    @router.get("/metadata")
    def metadata(request: Request) -> Response:
        return made(statement(base(request)))

    return router


def statement(base: str) -> dict[str, object]:
    """Return what the server at `base` can do (FHIR R4, capabilitystatement.html)."""
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
                "resource": [described(kind) for kind in SERVED],
                "interaction": [{"code": "batch"}],
            }
        ],
    }


def described(kind: str) -> dict[str, object]:
    """Return what can be done with one type."""
    interactions = (*OFFERED, "create") if kind == CREATED else OFFERED
    return {
        "type": kind,
        "interaction": [{"code": code} for code in interactions],
        "versioning": "versioned",
        "readHistory": True,
        "updateCreate": True,
        "conditionalCreate": kind == CREATED,
        "searchParam": [{"name": name, "type": type_} for name, type_ in SEARCHED[kind].items()],
    }
