"""PUT of one resource, and batches: stored as sent, answered with their version."""

from collections.abc import Iterable, Iterator, Sequence
from http import HTTPStatus
from typing import Any

import orjson
from fastapi import APIRouter, Depends, Request, Response
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool

from fhir_mapping.datatypes.json_text import checked
from fhir_mapping.exchange import incoming
from fhir_mapping.exchange.incoming import Inquiry
from fhir_mapping.exchange.operation_outcome import outcome
from gateway.rest.answers import FhirResponse, base, made, version_headers
from gateway.rest.body import Bodies
from gateway.rest.errors import status_of
from gateway.rest.inquiries import Answer, ask
from gateway.rest.negotiation import require_json_accepted, require_json_sent
from gateway.rest.preferences import prefers
from gateway.rest.resource_types import SERVED
from gateway.updates import Updated, Updates
from models.db.resources.resources import Stored
from models.db.resources.stamping import instant, verbatim
from models.errors import BadRequest, BiomedError, TooComplex
from worker.settings import Settings

Asked = incoming.Asked | BiomedError
Came = Updated | Answer | BiomedError


def updating(kind: str, updates: Updates, bodies: Bodies, settings: Settings) -> APIRouter:
    """Return the route that stores one resource of a type."""
    router = APIRouter()

    @router.put("/{id}")
    async def put(request: Request, id: str) -> Response:  # noqa: A002 as the specification calls it
        require_json_sent(request)
        match = request.headers.get("if-match")
        async with bodies.of(request) as raw:
            came, stored = await run_in_threadpool(one, raw, id, match)
        response = updated(request, came, stored)
        response.background = BackgroundTask(updates.ring, [came])
        return response

    def one(raw: bytes, fhir_id: str, match: str | None) -> tuple[Updated, Stored]:
        resource = loaded(raw, settings.max_elements)
        [came] = updates.apply([incoming.update(kind, fhir_id, resource, match, SERVED)])
        if isinstance(came, BiomedError):
            raise came
        return came, updates.content(came)

    return router


def batching(updates: Updates, bodies: Bodies, settings: Settings) -> APIRouter:
    """Return the route that takes a batch at the base."""
    router = APIRouter(dependencies=[Depends(require_json_accepted)])

    @router.post("")
    async def batch(request: Request) -> Response:
        require_json_sent(request)
        async with bodies.of(request) as raw:
            asked, stored = await run_in_threadpool(all_of, raw)
        came = await answers(request, asked, stored, settings.max_body_bytes)
        response = made(batch_response(came))
        response.background = BackgroundTask(updates.ring, stored)
        return response

    def all_of(raw: bytes) -> tuple[list[Asked], list[Updated | BiomedError]]:
        bundle = loaded(raw, settings.max_elements)
        asked = list(map(asked_by, incoming.entries(bundle, most=settings.max_entries)))
        return asked, updates.apply([one for one in asked if not isinstance(one, Inquiry)])

    return router


def loaded(raw: bytes, most_elements: int) -> dict[str, Any]:
    """Return a resource whose numbers keep their digits.

    Raises:
        NotJson, BadRequest: it is not a JSON object in UTF-8.
        TooComplex: it holds more than `most_elements` values.
    """
    found: object = verbatim(checked(raw, most_elements=most_elements))
    if not isinstance(found, dict):
        raise BadRequest(reason="the body is not an object")
    return found


def asked_by(entry: object) -> Asked:
    """Return what an entry asks for, or why it is refused."""
    try:
        return incoming.of_entry(entry, SERVED)
    except BiomedError as error:
        return error


async def answers(
    request: Request, asked: Iterable[Asked], stored: Iterable[Updated | BiomedError], most: int
) -> list[Came]:
    """Return what came of each entry; what is read is read after all is stored.

    Of what was read at most `most` bytes are answered, and what more is asked for is refused.
    """
    came: list[Came] = []
    rest, size = iter(stored), 0
    for one in asked:
        if not isinstance(one, Inquiry):
            came.append(next(rest))
        elif size > most:
            came.append(TooComplex(limit=most, what="bytes of answers"))
        else:
            answer = await ask(request, one)
            size += len(answer.body)
            came.append(answer)
    return came


def updated(request: Request, came: Updated, stored: Stored) -> FhirResponse:
    """Return the answer to an update, with the resource unless `Prefer: return=minimal`."""
    headers = {"Location": f"{base(request)}/{location(came)}"}
    body = "" if prefers(request, "return", "minimal") else stored.json
    return FhirResponse(body, status(came), {**headers, **version_headers(stored)})


def batch_response(came: Sequence[Came]) -> dict[str, object]:
    """Return the answer to a batch: one entry for each of it, in the same order."""
    bundle: dict[str, object] = {"resourceType": "Bundle", "type": "batch-response"}
    if came:
        bundle["entry"] = [dict(answered(one)) for one in came]
    return bundle


def answered(came: Came) -> Iterator[tuple[str, object]]:
    """Yield what a batch-response says of one entry (FHIR R4, bundle.html#response)."""
    if isinstance(came, Answer):
        yield from read(came)
    elif isinstance(came, BiomedError):
        yield "response", {"status": line(status_of(came)), "outcome": outcome(came)}
    else:
        yield (
            "response",
            {
                "status": line(status(came)),
                "location": location(came),
                "etag": f'W/"{came.version}"',
                "lastModified": instant(came.last_updated),
            },
        )


def read(answer: Answer) -> Iterator[tuple[str, object]]:
    """Yield what was read, or the outcome that says why it was not."""
    code = HTTPStatus(answer.status)
    body = {"outcome": orjson.Fragment(bytes(answer.body))} if answer.body else {}
    etag = answer.headers.get(b"etag")
    tag = {"etag": etag.decode()} if etag else {}
    if body and code < HTTPStatus.MULTIPLE_CHOICES:
        yield "resource", body.pop("outcome")
    yield "response", {"status": line(code), **tag, **body}


def status(came: Updated) -> HTTPStatus:
    """Return 201 for what was not there before, else 200."""
    return HTTPStatus.CREATED if came.created else HTTPStatus.OK


def line(code: HTTPStatus) -> str:
    """Return a status as a batch-response writes it, such as `201 Created`."""
    return f"{code.value} {code.phrase}"


def location(came: Updated) -> str:
    """Return where a version is, from the base."""
    return f"{came.type}/{came.id}/_history/{came.version}"
