"""Every refusal and failure as an OperationOutcome that holds no text of a note."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import Match
from starlette.types import Scope

from fhir_mapping.exchange.operation_outcome import outcome
from gateway.rest.noted_errors import note_error
from gateway.rest.responses import FhirResponse, made
from models.errors import (
    BadRequest,
    BiomedError,
    Busy,
    DatabaseUnavailable,
    Forbidden,
    IdInUse,
    InputTooLarge,
    KeysUnavailable,
    NamedTwice,
    NoCredentials,
    NoMatch,
    NotAcceptable,
    NotADocument,
    NotAResource,
    NotFound,
    NotJson,
    NotOffered,
    Purged,
    SchemaOutdated,
    ServerOwned,
    SeveralMatches,
    SlowBody,
    TooComplex,
    TooLongToStore,
    TooManyRequests,
    Unauthenticated,
    Unexpected,
    UnknownHost,
    UnknownPath,
    Unstorable,
    UnusableApiKeys,
    UnusableParameter,
    VersionConflict,
    WrongMediaType,
    WrongMethod,
)

STATUS: Mapping[type[BiomedError], HTTPStatus] = {
    NotADocument: HTTPStatus.BAD_REQUEST,
    Unstorable: HTTPStatus.BAD_REQUEST,
    TooLongToStore: HTTPStatus.BAD_REQUEST,
    BadRequest: HTTPStatus.BAD_REQUEST,
    UnknownHost: HTTPStatus.BAD_REQUEST,
    UnusableParameter: HTTPStatus.BAD_REQUEST,
    NotFound: HTTPStatus.NOT_FOUND,
    UnknownPath: HTTPStatus.NOT_FOUND,
    WrongMethod: HTTPStatus.METHOD_NOT_ALLOWED,
    NotAcceptable: HTTPStatus.NOT_ACCEPTABLE,
    NotJson: HTTPStatus.BAD_REQUEST,
    SlowBody: HTTPStatus.REQUEST_TIMEOUT,
    Busy: HTTPStatus.SERVICE_UNAVAILABLE,
    TooComplex: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    InputTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    NotAResource: HTTPStatus.BAD_REQUEST,
    ServerOwned: HTTPStatus.CONFLICT,
    IdInUse: HTTPStatus.CONFLICT,
    VersionConflict: HTTPStatus.PRECONDITION_FAILED,
    SeveralMatches: HTTPStatus.PRECONDITION_FAILED,
    NoMatch: HTTPStatus.PRECONDITION_FAILED,
    NotOffered: HTTPStatus.BAD_REQUEST,
    NamedTwice: HTTPStatus.BAD_REQUEST,
    WrongMediaType: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    DatabaseUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    SchemaOutdated: HTTPStatus.SERVICE_UNAVAILABLE,
    NoCredentials: HTTPStatus.UNAUTHORIZED,
    Unauthenticated: HTTPStatus.UNAUTHORIZED,
    Forbidden: HTTPStatus.FORBIDDEN,
    TooManyRequests: HTTPStatus.TOO_MANY_REQUESTS,
    KeysUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    UnusableApiKeys: HTTPStatus.SERVICE_UNAVAILABLE,
    Purged: HTTPStatus.GONE,
}
"""The HTTP status of each error a request can meet; every other one is the server's own (500)."""

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

RETRY_AFTER = {"Retry-After": "10"}
CHALLENGE: Final = 'Bearer realm="fhir"'


def add_handlers(app: FastAPI) -> None:
    """Answer with an OperationOutcome where the framework would answer in its own words."""
    app.add_exception_handler(BiomedError, on_error)
    app.add_exception_handler(HTTPException, on_http_error)
    app.add_exception_handler(RequestValidationError, on_invalid)


def answer(
    error: BiomedError, status: int | None = None, headers: Mapping[str, str] | None = None
) -> FhirResponse:
    """Return an error as an OperationOutcome, with the status of the table unless one is given."""
    code = status or status_of(error)
    return made(outcome(error), int(code), **{**told(error), **(headers or {})})


def told(error: BiomedError) -> Mapping[str, str]:
    """Return the headers by which a client knows what to do about an error.

    How to say who one is (RFC 6750, section 3), or when to try again (RFC 9110, 10.2.3).
    """
    match error:
        case NoCredentials():
            return {"WWW-Authenticate": CHALLENGE}
        case Unauthenticated():
            return {"WWW-Authenticate": f'{CHALLENGE}, error="invalid_token"'}
        case Forbidden():
            needed = f'error="insufficient_scope", scope="{error.needed}"'
            return {"WWW-Authenticate": f"{CHALLENGE}, {needed}"}
        case TooManyRequests():
            return {"Retry-After": str(error.seconds)}
        case _:
            return RETRY_AFTER if error.retry else {}


def status_of(error: BiomedError) -> HTTPStatus:
    """Return the HTTP status of an error."""
    return STATUS.get(type(error), HTTPStatus.INTERNAL_SERVER_ERROR)


def on_error(request: Request, error: Exception) -> FhirResponse:
    """Answer for an error of our own."""
    ours = error if isinstance(error, BiomedError) else Unexpected(kind=type(error).__name__)
    note(request.scope, ours)
    return answer(ours)


def note(scope: Scope, error: BiomedError) -> None:
    """Note an error that is answered, for who counts them and for the audit log."""
    note_error(scope, error.code)
    notes = scope.get("state", {}).get("notes")
    if notes:
        notes.code = error.code


def on_http_error(request: Request, error: Exception) -> FhirResponse:
    """Answer for what the framework refused: unknown paths, wrong methods, broken requests."""
    if not isinstance(error, HTTPException):
        raise error
    ours, headers = translated(request, error), dict(error.headers or {})
    note(request.scope, ours)
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(methods(request))
    return answer(ours, error.status_code, headers)


def methods(request: Request) -> list[str]:
    """Return what the path of a request answers to: the framework names one route's alone."""
    return [method for method in METHODS if answers(request, method)]


def answers(request: Request, method: str) -> bool:
    """Whether the path of a request answers to a method."""
    asked = {**request.scope, "method": method}
    return any(route.matches(asked)[0] == Match.FULL for route in request.app.routes)


def translated(request: Request, error: HTTPException) -> BiomedError:
    """Return the framework's refusal in our words; its own may quote the request."""
    match error.status_code:
        case HTTPStatus.NOT_FOUND:
            return UnknownPath()
        case HTTPStatus.METHOD_NOT_ALLOWED:
            return WrongMethod(method=request.method)
        case status if status < HTTPStatus.INTERNAL_SERVER_ERROR:
            return BadRequest(reason=HTTPStatus(status).phrase)
        case status:
            return Unexpected(kind=HTTPStatus(status).phrase)


def on_invalid(request: Request, error: Exception) -> FhirResponse:
    """Answer for FastAPI's own 422: it says where the fault is, never what was sent."""
    places = error.errors() if isinstance(error, RequestValidationError) else []
    where = ", ".join(".".join(map(str, place["loc"])) for place in places)
    ours = BadRequest(reason=f"see {where}")
    note(request.scope, ours)
    return answer(ours, HTTPStatus.UNPROCESSABLE_ENTITY)
