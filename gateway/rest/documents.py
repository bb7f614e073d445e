"""POST /fhir/DocumentReference: store, commit, answer; the worker reads it later."""

from fastapi import APIRouter, Request, Response
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool

from fhir_mapping.documents.document_reference import parse
from fhir_mapping.exchange.conditional import unless
from gateway.intake import Intake
from gateway.rest.audit_trail import wrote
from gateway.rest.body_limits import Bodies
from gateway.rest.negotiation import prefers, require_json_sent
from gateway.rest.resource_types import CREATED
from gateway.rest.responses import FhirResponse, base, version_headers
from models.db.inbox.inbox import Receipt
from models.db.resources.resources import Resources, Stored
from models.errors import NotFound
from worker.settings import Settings


def documents(
    intake: Intake, resources: Resources, bodies: Bodies, settings: Settings
) -> APIRouter:
    """Return the route that takes documents in.

    A stored document answers 201; one that is known already 200, with the same Location, and so
    does the one that If-None-Exist names. The bell is rung after the answer has gone: a slow or
    dead broker never keeps a sender waiting, and what it misses the sweeper finds.
    """
    router = APIRouter()

    def store(raw: bytes, condition: str | None) -> tuple[Receipt, Stored]:
        document = parse(raw, tenant=settings.tenant, most_elements=settings.max_elements)
        receipt = intake.store([document], [unless(condition)])[0]
        return receipt, stored_document(resources, receipt)

    @router.post("")
    async def create(request: Request) -> Response:
        require_json_sent(request)
        condition = request.headers.get("if-none-exist")
        async with bodies.of(request) as raw:
            receipt, stored = await run_in_threadpool(store, raw, condition)
        version = f"{CREATED}/{receipt.id}/_history/{receipt.version}"
        wrote(request, "create", version, stored.patient)
        response = created(request, receipt, stored)
        response.background = BackgroundTask(intake.ring, [receipt])
        return response

    return router


def stored_document(resources: Resources, receipt: Receipt) -> Stored:
    """Return the version of the document that a receipt names."""
    stored = resources.vread(CREATED, receipt.id, int(receipt.version))
    if stored is None:
        raise NotFound(reference=f"{CREATED}/{receipt.id}/_history/{receipt.version}")
    return stored


def created(request: Request, receipt: Receipt, stored: Stored) -> FhirResponse:
    """Return the answer to a create, with the document unless `Prefer: return=minimal`."""
    path = f"{CREATED}/{receipt.id}/_history/{receipt.version}"
    headers = {"Location": f"{base(request)}/{path}", **version_headers(stored)}
    body = "" if prefers(request, "return", "minimal") else stored.json
    return FhirResponse(body, 201 if receipt.created else 200, headers)
