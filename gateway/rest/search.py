"""GET of the resources of one type, of one patient or of all: a searchset, page by page."""

from dataclasses import dataclass
from typing import Self

from fastapi import APIRouter, Request, Response
from starlette.datastructures import QueryParams

from gateway.rest.answers import base, made
from gateway.rest.preferences import prefers
from gateway.rest.searchset import searchset
from models.db.resources import Resources
from models.errors import BadRequest

USUAL_COUNT = 50
MOST_COUNT = 500

PATIENT = "patient"
COUNT = "_count"
AFTER = "_after"  # ours: where the next page begins; clients only follow the link
RESULT_PARAMETERS = frozenset({"_format", "_pretty"})
KNOWN = frozenset({PATIENT, COUNT, AFTER}) | RESULT_PARAMETERS


@dataclass(frozen=True, slots=True)
class Query:
    """What a client searches for."""

    patient: str | None
    count: int
    after: str | None

    @classmethod
    def of(cls, parameters: QueryParams, *, strict: bool) -> Self:
        """Read the parameters of a request; unknown ones are left out unless `strict`.

        Raises:
            BadRequest: a parameter cannot be understood (FHIR R4, search.html#errors).
        """
        require_no_modifiers(parameters)
        unknown = sorted(set(parameters) - KNOWN)
        if strict and unknown:
            raise BadRequest(reason=f"unknown search parameter {', '.join(unknown)}")
        return cls(patient(parameters), count(parameters), single(parameters, AFTER))

    def parameters(self) -> dict[str, str]:
        """Return the parameters that were understood, for the links of the Bundle."""
        given = {PATIENT: self.patient, COUNT: str(self.count), AFTER: self.after}
        return {name: value for name, value in given.items() if value is not None}


def searching(kind: str, resources: Resources) -> APIRouter:
    """Return the route that searches resources of one type."""
    router = APIRouter()

    @router.get("")
    def search(request: Request) -> Response:
        strict = prefers(request, "handling", "strict")
        query = Query.of(request.query_params, strict=strict)
        page = resources.search(kind, patient=query.patient, limit=query.count, after=query.after)
        return made(searchset(base(request), kind, query.parameters(), page))

    return router


def require_no_modifiers(parameters: QueryParams) -> None:
    """Refuse `patient:missing` and the like: a modifier may never be ignored, even when lenient."""
    for name in parameters:
        if ":" in name and name.partition(":")[0] in KNOWN:
            raise BadRequest(reason=f"search parameter {PATIENT} has no such modifier")


def patient(parameters: QueryParams) -> str | None:
    """Return the patient as a reference; a bare id means `Patient/<id>`."""
    value = single(parameters, PATIENT)
    if not value:
        return None
    if "," in value:
        raise BadRequest(reason=f"only one {PATIENT} can be asked for")
    return value if "/" in value or ":" in value else f"Patient/{value}"


def count(parameters: QueryParams) -> int:
    """Return how many resources a page shall hold: none for 0, at most MOST_COUNT."""
    value = single(parameters, COUNT)
    if value is None:
        return USUAL_COUNT
    if not (value.isascii() and value.isdigit()):
        raise BadRequest(reason=f"{COUNT} is not a number")
    return min(int(value[:9]), MOST_COUNT)


def single(parameters: QueryParams, name: str) -> str | None:
    """Return the value of a parameter that may be given once; AND of several is not offered."""
    values = parameters.getlist(name)
    if len(set(values)) > 1:
        raise BadRequest(reason=f"{name} is given more than once")
    return values[0] if values else None
