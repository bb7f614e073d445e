"""PUT of one resource, by its id or by a condition: stored as sent, answered with its version."""

from collections.abc import Callable

from fastapi import APIRouter, Request, Response
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool

from fhir_mapping.exchange import incoming_batch
from fhir_mapping.exchange.incoming_batch import Update
from gateway.client_puts import Updated, Updates
from gateway.rest.audit_trail import principal_of, wrote
from gateway.rest.body_limits import Bodies
from gateway.rest.bundles_in import loaded
from gateway.rest.negotiation import require_json_sent
from gateway.rest.permissions import allowed
from gateway.rest.query import condition, require_common_only
from gateway.rest.resource_types import SERVED
from gateway.rest.written import location, written
from models.db.resources.resources import Stored
from worker.settings import Settings

Meant = Callable[[object], Update]


def updating(kind: str, updates: Updates, bodies: Bodies, settings: Settings) -> APIRouter:
    """Return the route that stores one resource of a type."""
    router = APIRouter()

    @router.put("/{id}")
    async def put(request: Request, id: str) -> Response:  # noqa: A002 as the specification calls it
        require_common_only(request.query_params)
        match = request.headers.get("if-match")
        return await answered(
            request,
            lambda resource: incoming_batch.update(kind, id, resource, match, SERVED),
            updates,
            bodies,
            settings,
        )

    return router


def conditional_updating(
    kind: str, updates: Updates, bodies: Bodies, settings: Settings
) -> APIRouter:
    """Return the route that stores the next version of the document that the query means."""
    router = APIRouter()

    @router.put("")
    async def put(request: Request) -> Response:
        match, query = request.headers.get("if-match"), condition(request)
        return await answered(
            request,
            lambda resource: incoming_batch.conditional_update(
                kind, query, resource, match, SERVED
            ),
            updates,
            bodies,
            settings,
        )

    return router


async def answered(
    request: Request, meant: Meant, updates: Updates, bodies: Bodies, settings: Settings
) -> Response:
    """Store what a request brings and return the answer to it."""
    require_json_sent(request)
    client = principal_of(request)

    def one(raw: bytes) -> tuple[Updated, Stored]:
        result = updates.one(allowed(client, meant(loaded(raw, settings.max_elements))))
        return result, updates.content(result)

    async with bodies.of(request) as raw:
        result, stored = await run_in_threadpool(one, raw)
    wrote(request, "update", location(result), stored.patient)
    response = written(request, result, stored)
    response.background = BackgroundTask(updates.ring, [result])
    return response
