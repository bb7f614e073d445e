"""POST of a document: store, commit, answer; the worker reads it later."""

from fastapi import APIRouter, Request, Response
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool

from fhir_mapping.documents.document_reference import parse
from fhir_mapping.exchange.conditional import unless
from gateway.client_puts import Updated, Updates
from gateway.rest.audit_trail import wrote
from gateway.rest.body_limits import Bodies
from gateway.rest.negotiation import require_json_sent
from gateway.rest.query import condition
from gateway.rest.written import location, written
from models.db.resources.resources import Stored
from models.errors import BadRequest
from worker.settings import Settings


def documents(kind: str, updates: Updates, bodies: Bodies, settings: Settings) -> APIRouter:
    """Return the route that takes documents of a type in.

    A stored document answers 201; one that is known already 200, with the same Location, and so
    does the one that If-None-Exist means. The bell is rung after the answer has gone: a slow or
    dead broker never keeps a sender waiting, and what it misses the sweeper finds.
    """
    router = APIRouter()

    def store(raw: bytes, condition: str | None) -> tuple[Updated, Stored]:
        most = settings.max_elements
        document = parse(raw, tenant=settings.tenant, most_elements=most, kinds=(kind,))
        result = updates.document(document, unless(kind, condition))
        return result, updates.content(result)

    @router.post("")
    async def create(request: Request) -> Response:
        require_json_sent(request)
        condition = create_condition(request)
        async with bodies.of(request) as raw:
            result, stored = await run_in_threadpool(store, raw, condition)
        wrote(request, "create", location(result), stored.patient)
        response = written(request, result, stored)
        response.background = BackgroundTask(updates.ring, [result])
        return response

    return router


def create_condition(request: Request) -> str | None:
    """Return what must not be there for a create: If-None-Exist, or a query, as some clients send.

    R4 knows the header alone; fhirpy and servers of its kind put the same into the query. To ignore
    it would store what is there already.

    Raises:
        BadRequest: it is said in both.
    """
    header, query = request.headers.get("if-none-exist"), condition(request)
    if header is not None and query:
        raise BadRequest(reason="the condition stands in If-None-Exist and in the query")
    return query or header
