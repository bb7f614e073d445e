"""GET of the resources of one type, of one patient or of all: a searchset, page by page."""

from dataclasses import dataclass
from typing import Self

from fastapi import APIRouter, Request, Response
from starlette.datastructures import QueryParams

from gateway.rest import parameters as read
from gateway.rest.answers import base, made
from gateway.rest.parameters import AFTER, COUNT, PATIENT, REASON, TARGET
from gateway.rest.preferences import prefers
from gateway.rest.resource_types import SEARCHED
from gateway.rest.searchset import searchset
from models.db.provenances import Target, Token
from models.db.resources import Resources
from models.errors import BadRequest

RESULT_PARAMETERS = frozenset({COUNT, AFTER, "_format", "_pretty"})


@dataclass(frozen=True, slots=True)
class Query:
    """What a client searches for; `asked` are its words, for the links of the Bundle."""

    patient: str | None
    target: Target | None
    reason: Token | None
    count: int
    after: str | None
    asked: dict[str, str]

    @classmethod
    def of(cls, parameters: QueryParams, kind: str, *, base: str, strict: bool) -> Self:
        """Read the parameters of a request; unknown ones are left out unless `strict`.

        Raises:
            BadRequest: a parameter cannot be understood (FHIR R4, search.html#errors).
        """
        known = {*SEARCHED[kind], *RESULT_PARAMETERS}
        read.require_no_modifiers(parameters, known)
        unknown = sorted(set(parameters) - known)
        if strict and unknown:
            raise BadRequest(reason=f"unknown search parameter {', '.join(unknown)}")
        kept = QueryParams([each for each in parameters.multi_items() if each[0] in known])
        patient, count = read.patient(kept), read.count(kept)
        given = {PATIENT: patient, TARGET: kept.get(TARGET), REASON: kept.get(REASON)}
        given |= {COUNT: str(count), AFTER: kept.get(AFTER)}
        return cls(
            patient=patient,
            target=read.target(kept, base),
            reason=read.reason(kept),
            count=count,
            after=read.single(kept, AFTER),
            asked={name: value for name, value in given.items() if value},
        )


def searching(kind: str, resources: Resources) -> APIRouter:
    """Return the route that searches resources of one type."""
    router = APIRouter()

    @router.get("")
    def search(request: Request) -> Response:
        strict = prefers(request, "handling", "strict")
        query = Query.of(request.query_params, kind, base=base(request), strict=strict)
        page = resources.search(
            kind,
            patient=query.patient,
            target=query.target,
            reason=query.reason,
            limit=query.count,
            after=query.after,
        )
        return made(searchset(base(request), kind, query.asked, page))

    return router
