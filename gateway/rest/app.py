"""The FHIR server: which routes it has and what they stand on."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, Depends, FastAPI, Response
from starlette.types import Lifespan

from gateway.intake import Intake
from gateway.memory import Memory
from gateway.rest.body import Bodies
from gateway.rest.capability import capability
from gateway.rest.documents import documents
from gateway.rest.doorkeeper import Doorkeeper
from gateway.rest.errors import add_handlers
from gateway.rest.negotiation import require_json_accepted
from gateway.rest.reading import reading
from gateway.rest.resource_types import CREATED, SERVED
from gateway.rest.search import searching
from gateway.rest.updating import batching, updating
from gateway.updates import Updates
from worker.queue import Doorbell
from worker.settings import Settings

BASE = "/fhir"


def create_app(settings: Settings) -> FastAPI:
    """Return the FHIR server over the database and the broker of the settings.

    Raises:
        SchemaOutdated: `biomed-ner db upgrade` has not been run.
        DatabaseUnavailable: the database does not answer.
    """
    memory = Memory.open(settings)
    doorbell = Doorbell(settings)
    # No pages of the framework's own: they load scripts from elsewhere.
    app = FastAPI(
        title="biomed-ner",
        openapi_url=None,
        redirect_slashes=False,
        lifespan=closing(memory, doorbell),
    )
    add_handlers(app)
    app.add_middleware(Doorkeeper)
    app.include_router(fhir(memory, doorbell, settings))
    app.include_router(health())
    return app


def fhir(memory: Memory, doorbell: Doorbell, settings: Settings) -> APIRouter:
    """Return the routes of the FHIR base."""
    base, router = APIRouter(), APIRouter(dependencies=[Depends(require_json_accepted)])
    intake, bodies = Intake(memory.inbox, doorbell), Bodies(settings)
    updates = Updates(intake, memory.copies, memory.resources, settings.tenant)
    router.include_router(capability())
    created = documents(intake, memory.resources, bodies, settings)
    router.include_router(created, prefix=f"/{CREATED}")
    for kind in SERVED:
        router.include_router(searching(kind, memory.resources), prefix=f"/{kind}")
        router.include_router(reading(kind, memory.resources), prefix=f"/{kind}")
        router.include_router(updating(kind, updates, bodies, settings), prefix=f"/{kind}")
    base.include_router(batching(updates, bodies, settings), prefix=BASE)
    base.include_router(router, prefix=BASE)
    return base


def health() -> APIRouter:
    """Return the route by which an orchestrator sees that the process answers."""
    router = APIRouter()

    @router.get("/healthz")
    def healthz() -> Response:
        return Response("ok", media_type="text/plain")

    return router


def closing(memory: Memory, doorbell: Doorbell) -> Lifespan[FastAPI]:
    """Return what happens when the server stops: connections are given back."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        doorbell.close()
        memory.close()

    return lifespan
