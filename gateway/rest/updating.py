"""PUT of one resource, and batches: stored as sent, answered with their version."""

from collections.abc import Iterable, Iterator, Sequence
from http import HTTPStatus
from typing import Any, Final

import orjson
from fastapi import APIRouter, Depends, Request, Response
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool

from fhir_mapping.datatypes.json_text import checked
from fhir_mapping.exchange import incoming_batch
from fhir_mapping.exchange.incoming_batch import ReadRequest
from fhir_mapping.exchange.operation_outcome import outcome
from gateway.access.principal import Principal
from gateway.access.scopes import Permission
from gateway.client_puts import Updated, Updates
from gateway.rest.audit_trail import principal_of, wrote
from gateway.rest.batch_reads import Answer, ask
from gateway.rest.body_limits import Bodies
from gateway.rest.errors import status_of
from gateway.rest.negotiation import prefers, require_json_accepted, require_json_sent
from gateway.rest.resource_types import SERVED
from gateway.rest.responses import FhirResponse, base, made, version_headers
from models.db.resources.resources import Stored
from models.db.resources.stamping import instant, search_values, verbatim
from models.errors import BadRequest, BiomedError, Forbidden, TooComplex
from worker.settings import Settings

Asked = incoming_batch.Asked | BiomedError
UNCONDITIONALLY: Final[tuple[Permission, ...]] = ("c",)
CONDITIONALLY: Final[tuple[Permission, ...]] = (
    "c",
    "s",
    "r",
)  # the answer names the other document
EntryResult = Updated | Answer | BiomedError


def updating(kind: str, updates: Updates, bodies: Bodies, settings: Settings) -> APIRouter:
    """Return the route that stores one resource of a type."""
    router = APIRouter()

    @router.put("/{id}")
    async def put(request: Request, id: str) -> Response:  # noqa: A002 as the specification calls it
        require_json_sent(request)
        match = request.headers.get("if-match")
        async with bodies.of(request) as raw:
            result, stored = await run_in_threadpool(one, raw, id, match)
        wrote(request, "update", location(result), stored.patient)
        response = updated(request, result, stored)
        response.background = BackgroundTask(updates.ring, [result])
        return response

    def one(raw: bytes, fhir_id: str, match: str | None) -> tuple[Updated, Stored]:
        resource = loaded(raw, settings.max_elements)
        [result] = updates.apply([incoming_batch.update(kind, fhir_id, resource, match, SERVED)])
        if isinstance(result, BiomedError):
            raise result
        return result, updates.content(result)

    return router


def batching(updates: Updates, bodies: Bodies, settings: Settings) -> APIRouter:
    """Return the route that takes a batch at the base."""
    router = APIRouter(dependencies=[Depends(require_json_accepted)])

    @router.post("")
    async def batch(request: Request) -> Response:
        require_json_sent(request)
        async with bodies.of(request) as raw:
            asked, stored = await run_in_threadpool(all_of, raw, principal_of(request))
        note_all(request, asked, stored)
        results = await answers(request, asked, stored, settings.max_body_bytes)
        response = made(batch_response(results))
        response.background = BackgroundTask(updates.ring, stored)
        return response

    def all_of(raw: bytes, client: Principal) -> tuple[list[Asked], list[Updated | BiomedError]]:
        bundle = loaded(raw, settings.max_elements)
        entries = incoming_batch.entries(bundle, most=settings.max_entries)
        asked = [permitted(client, asked_by(one)) for one in entries]
        return asked, updates.apply([one for one in asked if not isinstance(one, ReadRequest)])

    return router


def loaded(raw: bytes, most_elements: int) -> dict[str, Any]:
    """Return a resource whose numbers keep their digits.

    Raises:
        NotJson, BadRequest: it is not a JSON object in UTF-8.
        TooComplex: it holds more than `most_elements` values.
    """
    found: object = verbatim(checked(raw, most_elements=most_elements).text)
    if not isinstance(found, dict):
        raise BadRequest(reason="the body is not an object")
    return found


def asked_by(entry: object) -> Asked:
    """Return what an entry asks for, or why it is refused."""
    try:
        return incoming_batch.of_entry(entry, SERVED)
    except BiomedError as error:
        return error


def permitted(client: Principal, asked: Asked) -> Asked:
    """Return what an entry asks for, or that its client may not; reads are asked when made."""
    try:
        if isinstance(asked, incoming_batch.Update):
            client.require(asked.kind, "u")
        elif isinstance(asked, incoming_batch.CreateRequest):
            for letter in CONDITIONALLY if asked.unless else UNCONDITIONALLY:
                client.require(incoming_batch.CREATED, letter)
    except Forbidden as error:
        return error
    return asked


def note_all(
    request: Request, asked: Iterable[Asked], stored: Iterable[Updated | BiomedError]
) -> None:
    """Write down what came of each entry that is no read."""
    written = (one for one in asked if not isinstance(one, ReadRequest))
    for one, result in zip(written, stored, strict=True):
        resource = {} if isinstance(one, BiomedError) else one.resource
        patient = search_values(resource)["patient"]
        if isinstance(result, BiomedError):
            wrote(request, "batch", "", patient, error=result.code)
        else:
            created = isinstance(one, incoming_batch.CreateRequest)
            wrote(request, "create" if created else "update", location(result), patient)


async def answers(
    request: Request, asked: Iterable[Asked], stored: Iterable[Updated | BiomedError], most: int
) -> list[EntryResult]:
    """Return what came of each entry; what is read is read after all is stored.

    Of what was read at most `most` bytes are answered, and what more is asked for is refused.
    """
    results: list[EntryResult] = []
    rest, size = iter(stored), 0
    for one in asked:
        if not isinstance(one, ReadRequest):
            results.append(next(rest))
        elif size > most:
            results.append(TooComplex(limit=most, what="bytes of answers"))
        else:
            answer = await ask(request, one)
            size += len(answer.body)
            results.append(answer)
    return results


def updated(request: Request, result: Updated, stored: Stored) -> FhirResponse:
    """Return the answer to an update, with the resource unless `Prefer: return=minimal`."""
    headers = {"Location": f"{base(request)}/{location(result)}"}
    body = "" if prefers(request, "return", "minimal") else stored.json
    return FhirResponse(body, status(result), {**headers, **version_headers(stored)})


def batch_response(results: Sequence[EntryResult]) -> dict[str, object]:
    """Return the answer to a batch: one entry for each of it, in the same order."""
    bundle: dict[str, object] = {"resourceType": "Bundle", "type": "batch-response"}
    if results:
        bundle["entry"] = [dict(answered(one)) for one in results]
    return bundle


def answered(result: EntryResult) -> Iterator[tuple[str, object]]:
    """Yield what a batch-response says of one entry (FHIR R4, bundle.html#response)."""
    if isinstance(result, Answer):
        yield from read(result)
    elif isinstance(result, BiomedError):
        yield "response", {"status": line(status_of(result)), "outcome": outcome(result)}
    else:
        yield (
            "response",
            {
                "status": line(status(result)),
                "location": location(result),
                "etag": f'W/"{result.version}"',
                "lastModified": instant(result.last_updated),
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


def status(result: Updated) -> HTTPStatus:
    """Return 201 for what was not there before, else 200."""
    return HTTPStatus.CREATED if result.created else HTTPStatus.OK


def line(code: HTTPStatus) -> str:
    """Return a status as a batch-response writes it, such as `201 Created`."""
    return f"{code.value} {code.phrase}"


def location(result: Updated) -> str:
    """Return where a version is, from the base."""
    return f"{result.type}/{result.id}/_history/{result.version}"
