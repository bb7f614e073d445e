"""Answers of the FHIR door: stored JSON as it is, with the headers FHIR clients read."""

from datetime import UTC
from email.utils import format_datetime

import orjson
from fastapi import Request, Response

from models.db.resources.resources import Stored

FHIR_JSON = "application/fhir+json; charset=utf-8"


class FhirResponse(Response):
    """A response that says it is FHIR JSON."""

    media_type = FHIR_JSON


def resource(stored: Stored, status: int = 200, **headers: str) -> FhirResponse:
    """Return a stored resource, byte for byte, with its version and time in the headers."""
    return FhirResponse(stored.json, status, {**version_headers(stored), **headers})


def unless_known(request: Request, stored: Stored) -> FhirResponse:
    """Return a stored resource, or 304 where the client has this version (RFC 9110, 13.1.2)."""
    if is_known(request.headers.getlist("if-none-match"), stored):
        return FhirResponse(None, 304, version_headers(stored))
    return resource(stored)


def is_known(headers: list[str], stored: Stored) -> bool:
    """Whether an If-None-Match header names a version; weak tags are as good as strong ones."""
    tags = {tag.strip().removeprefix("W/") for header in headers for tag in header.split(",")}
    return bool(tags & {"*", f'"{stored.version}"'})


def version_headers(stored: Stored) -> dict[str, str]:
    """Return ETag and Last-Modified of a stored resource (FHIR R4, http.html#versioning)."""
    changed = format_datetime(stored.last_updated.astimezone(UTC), usegmt=True)
    return {"ETag": f'W/"{stored.version}"', "Last-Modified": changed}


def made(content: object, status: int = 200, **headers: str) -> FhirResponse:
    """Return a resource made for this request, such as a Bundle."""
    return FhirResponse(orjson.dumps(content), status, headers)


def base(request: Request) -> str:
    """Return the absolute FHIR base of links, such as `http://127.0.0.1:8080/fhir`.

    The middleware `Addressing` has settled it.
    """
    return str(request.state.fhir_base)
