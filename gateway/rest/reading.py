"""GET of one resource, in its latest version, an older one, or all of them."""

from fastapi import APIRouter, Request, Response

from gateway.rest.answers import base, made, resource
from gateway.rest.history import history
from gateway.rest.parameters import number
from models.db.resources import Resources
from models.errors import NotFound


def reading(kind: str, resources: Resources) -> APIRouter:
    """Return the routes that read resources of one type."""
    router = APIRouter()

    @router.get("/{id}")
    def read(id: str) -> Response:  # noqa: A002 as the FHIR specification calls it
        found = resources.read(kind, id)
        if found is None:
            raise NotFound(reference=f"{kind}/{id}")
        return resource(found)

    @router.get("/{id}/_history/{version}")
    def vread(id: str, version: str) -> Response:  # noqa: A002 as above
        found = resources.vread(kind, id, number(version))
        if found is None:
            raise NotFound(reference=f"{kind}/{id}/_history/{version}")
        return resource(found)

    @router.get("/{id}/_history")
    def versions(request: Request, id: str) -> Response:  # noqa: A002 as above
        found = resources.history(kind, id)
        if not found:
            raise NotFound(reference=f"{kind}/{id}")
        return made(history(base(request), found))

    return router
