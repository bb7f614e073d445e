"""What /openapi.json says: the routes as they are, below the FHIR base.

The framework knows the routes, but not what their handlers take out of the request itself: bodies,
search parameters, media types and the codes of success. Those are added here.
"""

from collections.abc import Iterator
from importlib.metadata import version
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from fhir_mapping.exchange.conditional import PARAMETERS as CONDITIONS
from fhir_mapping.exchange.incoming_batch import TAKEN
from gateway.rest import audit_events
from gateway.rest.addressing import BASE
from gateway.rest.negotiation import JSON_TYPES
from gateway.rest.parameters import AFTER, COUNT, FORMAT, PRETTY, SORT
from gateway.rest.resource_types import CREATED, SEARCHED

Json = dict[str, Any]

NAME: Final = "biomed-ner"
RESOURCE: Final[Json] = {"type": "object", "required": ["resourceType"]}
ANSWER: Final[Json] = {"application/fhir+json": {"schema": RESOURCE}}
BUNDLE: Final[Json] = {
    "type": "object",
    "required": ["resourceType", "type"],
    "properties": {
        "resourceType": {"const": "Bundle"},
        "type": {"enum": list(TAKEN)},
        "entry": {"type": "array", "items": {"type": "object"}},
    },
}
REFUSED: Final[dict[int | str, Json]] = {
    "4XX": {"description": "An OperationOutcome says why", "content": ANSWER},
    "5XX": {"description": "An OperationOutcome says whether to try again", "content": ANSWER},
}
SUCCESS: Final[dict[str, dict[str, str]]] = {
    "get": {"200": "As it is"},
    "put": {"200": "As it was, or its next version", "201": "New"},
    "create": {"200": "Known already", "201": "Stored"},
    "bundle": {"200": "An answer for each entry, or a message that answers one"},
}

UNCHANGED: Final = {"304": {"description": "The version that If-None-Match names"}}
OF_RESULTS: Final = (COUNT, SORT, AFTER)
OF_ALL: Final = (FORMAT, PRETTY)


def described(app: FastAPI, base: str) -> Json:
    """Return the OpenAPI document of the routes of the FHIR base at this absolute address."""
    made = get_openapi(title=NAME, version=version(NAME), routes=app.routes)
    paths = {
        path.removeprefix(BASE) or "/": {
            method: operation(path.removeprefix(BASE), method, told)
            for method, told in methods.items()
        }
        for path, methods in made["paths"].items()
    }
    return {
        "openapi": made["openapi"],
        "info": made["info"],
        "servers": [{"url": base}],
        "paths": paths,
    }


def operation(path: str, method: str, told: Json) -> Json:
    """Return what is true of one method of one path; `told` is what the framework says of it."""
    queried = map(in_query, query_parameters(path, method))
    named = [*told.get("parameters", []), *queried, *map(in_header, headers(path, method))]
    return {
        "operationId": told["operationId"],
        "summary": told["summary"],
        "parameters": named,
        "responses": {**successes(path, method), **REFUSED},
        **({} if method == "get" else {"requestBody": body(path)}),
    }


def body(path: str) -> Json:
    """Return what is sent to a path: a resource of its type, or a Bundle."""
    kind = path.removeprefix("/").partition("/")[0]
    named = {**RESOURCE, "properties": {"resourceType": {"const": kind}}}
    schema = named if kind in SEARCHED else BUNDLE
    content = {media_type: {"schema": schema} for media_type in sorted(JSON_TYPES)}
    return {"required": True, "content": content}


def successes(path: str, method: str) -> Json:
    """Return the answers that are no refusals."""
    posted = "create" if path.removeprefix("/") in CREATED else "bundle"
    codes = SUCCESS[posted if method == "post" else method]
    found = {code: {"description": text, "content": ANSWER} for code, text in codes.items()}
    versioned = not path.startswith(f"/{audit_events.KIND}")
    one_version = versioned and method == "get" and path.endswith(("/{id}", "/{version}"))
    return {**found, **(UNCHANGED if one_version else {})}


def query_parameters(path: str, method: str) -> Iterator[str]:
    """Yield the names of what may stand in the query of a path."""
    kind = path.removeprefix("/")
    if method == "get" and kind in SEARCHED:
        yield from (*SEARCHED[kind], *OF_RESULTS)
    if method == "get" and kind == audit_events.KIND:
        yield from (*audit_events.SEARCHED, COUNT, AFTER)
    if method in {"put", "post"} and kind in CREATED:
        yield from CONDITIONS
    yield from OF_ALL


def headers(path: str, method: str) -> Iterator[str]:
    """Yield the names of the headers that change what a method of a path does."""
    kind = path.removeprefix("/").partition("/")[0]
    if method == "post" and kind in CREATED:
        yield "If-None-Exist"
    if method == "put":
        yield "If-Match"
    if method in {"put", "post"}:
        yield "Prefer"


def in_header(name: str) -> Json:
    """Return a header of the request."""
    return {"name": name, "in": "header", "required": False, "schema": {"type": "string"}}


def in_query(name: str) -> Json:
    """Return a parameter of the query."""
    return {"name": name, "in": "query", "required": False, "schema": {"type": "string"}}
