"""The FHIR server: which routes it has and what they stand on."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from starlette.types import Lifespan

from gateway.access.admission import Admission
from gateway.client_puts import Updates
from gateway.intake import Intake
from gateway.open_database import Memory
from gateway.rest.access import Access
from gateway.rest.addressing import BASE, HEALTH, Addressing
from gateway.rest.audit_events import KIND as AUDIT_EVENT
from gateway.rest.audit_events import audit_events
from gateway.rest.audit_trail import AuditTrail
from gateway.rest.body_limits import Bodies
from gateway.rest.bundles_in import bundles_in
from gateway.rest.capability import capability
from gateway.rest.documents import documents
from gateway.rest.errors import add_handlers
from gateway.rest.measuring import Measuring, metrics_route, on_stored
from gateway.rest.middleware import ResponseMiddleware
from gateway.rest.negotiation import require_json_accepted
from gateway.rest.openapi import REFUSED, described
from gateway.rest.readiness import Readiness, readiness
from gateway.rest.reading import reading
from gateway.rest.resource_types import CREATED, SERVED
from gateway.rest.responses import base as address_of
from gateway.rest.responses import made
from gateway.rest.search import searching
from gateway.rest.smart import security, smart
from gateway.rest.updating import conditional_updating, updating
from worker.metrics.database import DatabaseMetrics
from worker.metrics.server import ServerMetrics
from worker.queue import Doorbell
from worker.settings import Settings


def create_app(settings: Settings) -> FastAPI:
    """Return the FHIR server over the database and the broker of the settings.

    Raises:
        SchemaOutdated: `biomed-ner db upgrade` has not been run.
        DatabaseUnavailable: the database does not answer.
        UnusableApiKeys, WrongSettings: it cannot be known who may come in.
    """
    memory = Memory.open(settings)
    doorbell, metrics = Doorbell(settings), ServerMetrics()
    metrics.registry.register(DatabaseMetrics(memory.inbox, memory.outbox))
    # No pages of the framework's own: they load scripts from elsewhere, and its description of
    # the routes is put right before it is served.
    app = FastAPI(
        openapi_url=None,
        redirect_slashes=False,
        lifespan=closing(memory, doorbell),
    )
    add_handlers(app)
    # From the inside out: every request passes them from the last to the first.
    behind_proxy = settings.base_url is not None
    app.add_middleware(Access, admission=Admission.of(settings), behind_proxy=behind_proxy)
    app.add_middleware(AuditTrail, log=memory.audit_log)
    app.add_middleware(Measuring, metrics=metrics)
    app.add_middleware(Addressing, base_url=settings.base_url)
    app.add_middleware(ResponseMiddleware)
    app.include_router(fhir(memory, doorbell, settings, metrics), responses=REFUSED)
    app.include_router(smart(settings))
    app.include_router(smart(settings), prefix=BASE)
    app.include_router(health())
    app.include_router(readiness(Readiness(memory.check, doorbell.ping)))
    app.include_router(metrics_route(metrics))
    app.include_router(openapi(app))
    return app


def fhir(
    memory: Memory, doorbell: Doorbell, settings: Settings, metrics: ServerMetrics
) -> APIRouter:
    """Return the routes of the FHIR base."""
    base, router = APIRouter(), APIRouter(dependencies=[Depends(require_json_accepted)])
    intake, bodies = Intake(memory.inbox, doorbell, on_stored(metrics)), Bodies(settings)
    updates = Updates(intake, memory.transactions, memory.resources, settings.tenant)
    for kind in CREATED:
        router.include_router(documents(kind, updates, bodies, settings), prefix=f"/{kind}")
        updated = conditional_updating(kind, updates, bodies, settings)
        router.include_router(updated, prefix=f"/{kind}")
    for kind in SERVED:
        router.include_router(searching(kind, memory.resources), prefix=f"/{kind}")
        router.include_router(reading(kind, memory.resources), prefix=f"/{kind}")
        router.include_router(updating(kind, updates, bodies, settings), prefix=f"/{kind}")
    router.include_router(audit_events(memory.audit_log), prefix=f"/{AUDIT_EVENT}")
    json_only = [Depends(require_json_accepted)]
    base.include_router(capability(security(settings)), prefix=BASE, dependencies=json_only)
    base.include_router(bundles_in(updates, bodies, settings), prefix=BASE)
    base.include_router(router, prefix=BASE)
    return base


def health() -> APIRouter:
    """Return the route by which an orchestrator sees that the process answers."""
    router = APIRouter(include_in_schema=False)

    @router.get(HEALTH)
    def healthz() -> Response:
        return Response("ok", media_type="text/plain")

    return router


def openapi(app: FastAPI) -> APIRouter:
    """Return the route that describes the routes of the FHIR base."""
    router = APIRouter(include_in_schema=False)

    @router.get("/openapi.json")
    def document(request: Request) -> Response:
        found = made(described(app, address_of(request)))
        found.headers["Content-Type"] = "application/json"
        return found

    return router


def closing(memory: Memory, doorbell: Doorbell) -> Lifespan[FastAPI]:
    """Return what happens when the server stops: connections are given back."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        doorbell.close()
        memory.close()

    return lifespan
