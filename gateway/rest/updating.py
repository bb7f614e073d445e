"""PUT of one resource, and batches of them: stored as sent, answered with their version."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import orjson
from fastapi import APIRouter, Depends, Request, Response
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool

from fhir_mapping import incoming
from fhir_mapping.operation_outcome import outcome
from gateway.rest.answers import FhirResponse, base, made, version_headers
from gateway.rest.body import read_body
from gateway.rest.errors import status_of
from gateway.rest.negotiation import require_json_accepted, require_json_sent
from gateway.rest.preferences import prefers
from gateway.rest.resource_types import SERVED
from gateway.updates import Asked, Updated, Updates
from models.db.resources import Stored
from models.db.stamping import instant, verbatim
from models.errors import BadRequest, BiomedError


def updating(kind: str, updates: Updates, limit: int) -> APIRouter:
    """Return the route that stores one resource of a type; bodies have at most `limit` bytes."""
    router = APIRouter()

    @router.put("/{id}")
    async def put(request: Request, id: str) -> Response:  # noqa: A002 as the specification calls it
        require_json_sent(request)
        raw = await read_body(request, limit)
        match = request.headers.get("if-match")
        came = await run_in_threadpool(one, raw, id, match)
        if isinstance(came, BiomedError):
            raise came
        response = updated(request, came)
        response.background = BackgroundTask(updates.ring, [came])
        return response

    def one(raw: bytes, fhir_id: str, match: str | None) -> Updated | BiomedError:
        return updates.apply([incoming.update(kind, fhir_id, loaded(raw), match, SERVED)])[0]

    return router


def batching(updates: Updates, limit: int) -> APIRouter:
    """Return the route that takes a batch at the base; bodies have at most `limit` bytes."""
    router = APIRouter(dependencies=[Depends(require_json_accepted)])

    @router.post("")
    async def batch(request: Request) -> Response:
        require_json_sent(request)
        raw = await read_body(request, limit)
        came = await run_in_threadpool(all_of, raw)
        response = made(batch_response(came))
        response.background = BackgroundTask(updates.ring, came)
        return response

    def all_of(raw: bytes) -> list[Updated | BiomedError]:
        return updates.apply([asked(entry) for entry in incoming.entries(loaded(raw))])

    return router


def loaded(raw: bytes) -> dict[str, Any]:
    """Return a resource whose numbers keep their digits.

    Raises:
        BadRequest: it is not a JSON object in UTF-8.
    """
    try:
        orjson.loads(raw)  # stricter than the one that keeps the digits
        found = verbatim(raw.decode())
    except (orjson.JSONDecodeError, UnicodeDecodeError, RecursionError):
        raise BadRequest(reason="the body is not JSON") from None
    if not isinstance(found, dict):
        raise BadRequest(reason="the body is not an object")
    return found


def asked(entry: object) -> Asked:
    """Return the update that an entry asks for, or why it is refused."""
    try:
        return incoming.of_entry(entry, SERVED)
    except BiomedError as error:
        return error


def updated(request: Request, came: Updated) -> FhirResponse:
    """Return the answer to an update, with the resource unless `Prefer: return=minimal`."""
    headers = {"Location": f"{base(request)}/{location(came.stored)}"}
    body = "" if prefers(request, "return", "minimal") else came.stored.json
    return FhirResponse(body, status(came), {**headers, **version_headers(came.stored)})


def batch_response(came: Sequence[Updated | BiomedError]) -> dict[str, object]:
    """Return the answer to a batch: one entry for each of it, in the same order."""
    bundle: dict[str, object] = {"resourceType": "Bundle", "type": "batch-response"}
    if came:
        bundle["entry"] = [{"response": answered(one)} for one in came]
    return bundle


def answered(came: Updated | BiomedError) -> dict[str, object]:
    """Return what a batch-response says of one entry (FHIR R4, bundle.html#response)."""
    if isinstance(came, BiomedError):
        return {"status": line(status_of(came)), "outcome": outcome(came)}
    return {
        "status": line(status(came)),
        "location": location(came.stored),
        "etag": f'W/"{came.stored.version}"',
        "lastModified": instant(came.stored.last_updated),
    }


def status(came: Updated) -> HTTPStatus:
    """Return 201 for what was not there before, else 200."""
    return HTTPStatus.CREATED if came.created else HTTPStatus.OK


def line(code: HTTPStatus) -> str:
    """Return a status as a batch-response writes it, such as `201 Created`."""
    return f"{code.value} {code.phrase}"


def location(stored: Stored) -> str:
    """Return where a version is, from the base."""
    return f"{stored.type}/{stored.id}/_history/{stored.version}"
