"""What a batch-response or transaction-response says of each entry (FHIR R4, bundle.html)."""

from collections.abc import Callable, Iterator, Sequence
from http import HTTPStatus

import orjson
from fastapi import Request

from fhir_mapping.exchange.operation_outcome import accepted, outcome
from gateway.client_puts import Updated
from gateway.rest.batch_reads import Answer
from gateway.rest.errors import status_of
from gateway.rest.written import Wanted, location, sentence, status, wanted
from models.db.resources.resources import Stored
from models.db.resources.stamping import instant
from models.errors import BiomedError

EntryResult = Updated | Answer | BiomedError
Content = Callable[[Updated], Stored]


def bundle_response(
    request: Request, kind: str, results: Sequence[EntryResult], content: Content
) -> dict[str, object]:
    """Return the answer to a batch or transaction: one entry for each of it, in the same order.

    What was stored is in it where the client prefers that; by default only where it lies.
    """
    bundle: dict[str, object] = {"resourceType": "Bundle", "type": f"{kind}-response"}
    prefers = wanted(request, Wanted.NOTHING)
    if results:
        bundle["entry"] = [dict(answered(one, prefers, content)) for one in results]
    return bundle


def answered(
    result: EntryResult, prefers: Wanted, content: Content
) -> Iterator[tuple[str, object]]:
    """Yield what is said of one entry."""
    if isinstance(result, Answer):
        yield from read(result)
    elif isinstance(result, BiomedError):
        yield "response", {"status": line(status_of(result)), "outcome": outcome(result)}
    else:
        yield from stored(result, prefers, content)


def stored(result: Updated, prefers: Wanted, content: Content) -> Iterator[tuple[str, object]]:
    """Yield where a version lies, and as much of it as is preferred."""
    if prefers == Wanted.RESOURCE:
        yield "resource", orjson.Fragment(content(result).json)
    told = {"outcome": accepted(sentence(result))} if prefers == Wanted.OUTCOME else {}
    yield (
        "response",
        {
            "status": line(status(result)),
            "location": location(result),
            "etag": f'W/"{result.version}"',
            "lastModified": instant(result.last_updated),
            **told,
        },
    )


def read(answer: Answer) -> Iterator[tuple[str, object]]:
    """Yield what was read, or the outcome that says why it was not."""
    code = HTTPStatus(answer.status)
    body = {"outcome": orjson.Fragment(bytes(answer.body))} if answer.body else {}
    etag = answer.headers.get(b"etag")
    tag = {"etag": etag.decode()} if etag else {}
    if body and code < HTTPStatus.MULTIPLE_CHOICES:
        yield "resource", body.pop("outcome")
    yield "response", {"status": line(code), **tag, **body}


def line(code: HTTPStatus) -> str:
    """Return a status as a batch-response writes it, such as `201 Created`."""
    return f"{code.value} {code.phrase}"
