"""GET of one resource, in its latest version, an older one, or all of them."""

from fastapi import APIRouter, Request, Response

from gateway.rest.audit_trail import disclose
from gateway.rest.bundles import history
from gateway.rest.parameters import number
from gateway.rest.query import require_common_only
from gateway.rest.responses import base, made, unless_known
from models.db.resources.resources import Resources
from models.errors import NotFound
from models.fhir_ids import is_id


def reading(kind: str, resources: Resources) -> APIRouter:
    """Return the routes that read resources of one type.

    Who names the version that is there in If-None-Match gets 304.
    """
    router = APIRouter()

    @router.get("/{id}")
    def read(request: Request, id: str) -> Response:  # noqa: A002 as the FHIR specification calls it
        found = resources.read(kind, possible(kind, id))
        if found is None:
            raise NotFound(reference=f"{kind}/{id}")
        disclose(request, [found])
        return unless_known(request, found)

    @router.get("/{id}/_history/{version}")
    def vread(request: Request, id: str, version: str) -> Response:  # noqa: A002 as above
        found = resources.vread(kind, possible(kind, id), number(version))
        if found is None:
            raise NotFound(reference=f"{kind}/{id}/_history/{version}")
        disclose(request, [found])
        return unless_known(request, found)

    @router.get("/{id}/_history")
    def versions(request: Request, id: str) -> Response:  # noqa: A002 as above
        require_common_only(request.query_params)
        found = resources.history(kind, possible(kind, id))
        if not found:
            raise NotFound(reference=f"{kind}/{id}")
        disclose(request, found)
        return made(history(base(request), found))

    return router


def possible(kind: str, fhir_id: str) -> str:
    """Return an id that a resource may have.

    Raises:
        NotFound: none can have it, and no database has to be asked.
    """
    if not is_id(fhir_id):
        raise NotFound(reference=f"{kind} with such an id")
    return fhir_id
