"""The answer to what was stored: its version, and as much of it as the client prefers."""

from enum import StrEnum
from http import HTTPStatus

import orjson
from fastapi import Request

from fhir_mapping.exchange.operation_outcome import accepted
from gateway.client_puts import Updated
from gateway.rest.negotiation import prefers
from gateway.rest.responses import FhirResponse, base, version_headers
from models.db.resources.resources import Stored


class Wanted(StrEnum):
    """What the body of an answer shall hold (FHIR R4, http.html#ops: `Prefer: return=…`)."""

    NOTHING = "minimal"
    RESOURCE = "representation"
    OUTCOME = "OperationOutcome"


def wanted(request: Request, otherwise: Wanted) -> Wanted:
    """Return what the client prefers, or what it gets that says nothing."""
    return next((one for one in Wanted if prefers(request, "return", one)), otherwise)


def written(request: Request, result: Updated, stored: Stored) -> FhirResponse:
    """Return the answer to a create or an update: the resource, unless another is preferred."""
    headers = {"Location": f"{base(request)}/{location(result)}", **version_headers(stored)}
    bodies = {
        Wanted.NOTHING: b"",
        Wanted.RESOURCE: stored.json,
        Wanted.OUTCOME: orjson.dumps(accepted(sentence(result))),
    }
    return FhirResponse(bodies[wanted(request, Wanted.RESOURCE)], status(result), headers)


def sentence(result: Updated) -> str:
    """Return what was done, in words."""
    reads = result.receipt is not None and result.receipt.created
    done = f"{result.type}/{result.id} is stored as version {result.version}"
    return f"{done} and waits to be read" if reads else done


def status(result: Updated) -> HTTPStatus:
    """Return 201 for what was not there before, else 200."""
    return HTTPStatus.CREATED if result.created else HTTPStatus.OK


def location(result: Updated) -> str:
    """Return where a version is, from the base."""
    return f"{result.type}/{result.id}/_history/{result.version}"
