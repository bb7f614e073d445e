"""GET of the resources of one type, of one patient or of all: a searchset, page by page."""

from fastapi import APIRouter, Request, Response

from fhir_mapping.exchange.operation_outcome import outcome
from gateway.rest.audit_trail import disclose, searched
from gateway.rest.bundles import searchset
from gateway.rest.errors import note
from gateway.rest.negotiation import lenient
from gateway.rest.parameters import AFTER, COUNT, ID, PATIENT, REASON, TARGET, USUAL_COUNT
from gateway.rest.query import Query, search_query
from gateway.rest.responses import base, made
from models.db.resources.resources import Page, Resources

MOST_PROBLEMS = 10


def searching(kind: str, resources: Resources) -> APIRouter:
    """Return the route that searches resources of one type.

    What cannot be applied is refused with 400, so that a search never answers more than it was
    asked. Who prefers `handling=lenient` is answered without it, and told so in the Bundle.
    """
    router = APIRouter()

    @router.get("")
    def search(request: Request) -> Response:
        query = search_query(request.query_params, kind, base(request))
        problems = query.unusable[:MOST_PROBLEMS]
        if problems and not lenient(request):
            note(request.scope, problems[0])
            return made(outcome(*problems), 400)
        page = found(resources, kind, query)
        searched(request, query.applied, next(iter(query.values.get(PATIENT, ())), None))
        disclose(request, page.resources)
        return made(searchset(base(request), kind, query.applied, page, problems))

    return router


def found(resources: Resources, kind: str, query: Query) -> Page:
    """Return the page that a query asks for."""
    asked = query.values
    return resources.search(
        kind,
        ids=asked.get(ID),
        patient=asked.get(PATIENT),
        target=asked.get(TARGET),
        reason=asked.get(REASON),
        limit=asked.get(COUNT, USUAL_COUNT),
        after=asked.get(AFTER),
    )
