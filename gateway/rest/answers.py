"""Answers of the FHIR door: stored JSON as it is, with the headers FHIR clients read."""

from datetime import UTC
from email.utils import format_datetime

import orjson
from fastapi import Request, Response

from models.db.resources import Stored

FHIR_JSON = "application/fhir+json; charset=utf-8"


class FhirResponse(Response):
    """A response that says it is FHIR JSON."""

    media_type = FHIR_JSON


def resource(stored: Stored, status: int = 200, **headers: str) -> FhirResponse:
    """Return a stored resource, byte for byte, with its version and time in the headers."""
    return FhirResponse(stored.json, status, {**version_headers(stored), **headers})


def version_headers(stored: Stored) -> dict[str, str]:
    """Return ETag and Last-Modified of a stored resource (FHIR R4, http.html#versioning)."""
    changed = format_datetime(stored.last_updated.astimezone(UTC), usegmt=True)
    return {"ETag": f'W/"{stored.version}"', "Last-Modified": changed}


def made(content: object, status: int = 200, **headers: str) -> FhirResponse:
    """Return a resource made for this request, such as a Bundle."""
    return FhirResponse(orjson.dumps(content), status, headers)


def base(request: Request) -> str:
    """Return the absolute FHIR base, with the host name the client used: `http://host:port/fhir`.

    Behind a proxy that passes Host on, this is the outside name; X-Forwarded-Proto is honoured
    by uvicorn from the proxies it trusts.
    """
    return f"{request.base_url}fhir"
