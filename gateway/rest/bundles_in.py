"""POST of a Bundle to the base: a batch, a transaction or a message (FHIR R4, http.html)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter, Depends, Request, Response
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool

from fhir_mapping.datatypes.json_text import checked
from fhir_mapping.exchange import incoming_batch
from fhir_mapping.exchange import message as messages
from fhir_mapping.exchange.incoming_batch import CreateRequest, ReadRequest
from fhir_mapping.exchange.operation_outcome import accepted
from gateway.access.principal import Principal
from gateway.client_puts import Updated, Updates
from gateway.linking import Together
from gateway.rest.audit_trail import OTHER, notes_of, principal_of, wrote
from gateway.rest.batch_reads import Answer, ask
from gateway.rest.body_limits import Bodies
from gateway.rest.bundle_answers import EntryResult, bundle_response
from gateway.rest.errors import note, status_of
from gateway.rest.errors import told as headers_of
from gateway.rest.negotiation import require_json_accepted, require_json_sent
from gateway.rest.permissions import allowed, allowed_together
from gateway.rest.query import require_common_only
from gateway.rest.resource_types import SERVED
from gateway.rest.responses import base, made
from gateway.rest.written import location
from models.audit_events import Action
from models.db.resources.stamping import search_values, verbatim
from models.errors import BadRequest, BiomedError, TooComplex
from worker.settings import Settings

Json = dict[str, Any]
Asked = incoming_batch.Asked | BiomedError


@dataclass(frozen=True, slots=True)
class Taken:
    """What was asked for and what came of all that is no reading; a message also its header."""

    kind: str
    asked: Sequence[Asked]
    stored: Sequence[Updated | BiomedError]
    message: messages.Message | None = None
    error: BiomedError | None = None


def bundles_in(updates: Updates, bodies: Bodies, settings: Settings) -> APIRouter:
    """Return the routes that take Bundles in."""
    router = APIRouter(dependencies=[Depends(require_json_accepted)])

    def taken(request: Request, raw: bytes) -> Taken:
        bundle = loaded(raw, settings.max_elements)
        kind = incoming_batch.bundle_type(bundle)
        notes_of(request).interaction = INTERACTIONS[kind]
        entries = incoming_batch.entries(bundle, most=settings.max_entries)
        return TAKERS[kind](request, updates, entries)

    async def bundle(request: Request) -> Response:
        require_json_sent(request)
        require_common_only(request.query_params)
        async with bodies.of(request) as raw:
            found = await run_in_threadpool(taken, request, raw)
        note_all(request, found)
        if found.message:
            response = message_answer(request, found, found.message)
        else:
            results = await answers(request, found, settings.max_body_bytes)
            read = updates.content
            body = await run_in_threadpool(bundle_response, request, found.kind, results, read)
            response = made(body)
        response.background = BackgroundTask(updates.ring, found.stored)
        return response

    async def process_message(request: Request) -> Response:
        return await bundle(request)

    router.post("")(bundle)
    router.post("/$process-message")(process_message)
    return router


def loaded(raw: bytes, most_elements: int) -> Json:
    """Return a resource whose numbers keep their digits.

    Raises:
        NotJson, BadRequest: it is not a JSON object in UTF-8.
        TooComplex: it holds more than `most_elements` values.
    """
    found: object = verbatim(checked(raw, most_elements=most_elements).text)
    if not isinstance(found, dict):
        raise BadRequest(reason="the body is not an object")
    return found


def batch(request: Request, updates: Updates, entries: Sequence[object]) -> Taken:
    """Take in the entries of a batch, each for itself."""
    client = principal_of(request)
    asked = [asked_by(client, entry) for entry in entries]
    stored = updates.apply([one for one in asked if not isinstance(one, ReadRequest)])
    return Taken("batch", asked, stored)


def asked_by(client: Principal, entry: object) -> Asked:
    """Return what an entry of a batch asks for, or why it is refused."""
    try:
        asked = incoming_batch.of_entry(entry, SERVED)
        return asked if isinstance(asked, ReadRequest) else allowed(client, asked)
    except BiomedError as error:
        return error


def transaction(request: Request, updates: Updates, entries: Sequence[object]) -> Taken:
    """Take in the entries of a transaction, all or none; none if the client may not do one.

    They are stored as POST, then PUT; what is read is read after that (http.html#trules).
    """
    asked = []
    for number, entry in enumerate(entries):
        with at_entry(number):
            asked.append(allowed_together(request, incoming_batch.of_entry(entry, SERVED)))
    pairs = zip(asked, map(full_url, entries), strict=True)
    changes = [(one, url) for one, url in pairs if not isinstance(one, ReadRequest)]
    numbers = sorted(
        range(len(changes)), key=lambda at: not isinstance(changes[at][0], CreateRequest)
    )
    ordered = [changes[at] for at in numbers]
    done = updates.together(Together([o for o, _ in ordered], [url for _, url in ordered], {}))
    by_number = dict(zip(numbers, done, strict=True))
    return Taken("transaction", asked, [by_number[at] for at in range(len(changes))])


def full_url(entry: object) -> str:
    """Return by which address others of a Bundle mean an entry, empty if by none."""
    url = entry.get("fullUrl") if isinstance(entry, dict) else None
    return url if isinstance(url, str) else ""


@contextmanager
def at_entry(number: int) -> Iterator[None]:
    """Let an error say at which entry of the Bundle it arose."""
    try:
        yield
    except BiomedError as error:
        error.add_note(f"Bundle.entry[{number}]")
        raise


def told(request: Request, updates: Updates, entries: Sequence[object]) -> Taken:
    """Take in the documents of a message, all or none; none if the client may not create one."""
    found = messages.message(entries)
    try:
        asked = [created(request, number, one) for number, one in found.documents]
        urls = [full_url(entries[number]) for number, _ in found.documents]
        elsewhere = dict(messages.places_of_others(entries))
        stored = updates.together(Together(asked, urls, elsewhere))
    except BiomedError as error:
        return Taken("message", (), (), found, error)
    return Taken("message", asked, stored, found)


def created(request: Request, number: int, resource: Any) -> CreateRequest:
    """Return a document of a message as one that is to be created."""
    with at_entry(number):
        asked = incoming_batch.create(resource["resourceType"], resource)
        allowed_together(request, asked)
        return asked


def note_all(request: Request, taken: Taken) -> None:
    """Write down what came of each entry that is no read; of one that failed it is in a batch."""
    asked = (one for one in taken.asked if not isinstance(one, ReadRequest))
    for one, result in zip(asked, taken.stored, strict=True):
        if isinstance(result, BiomedError):
            resource = {} if isinstance(one, BiomedError) else one.resource
            wrote(request, "batch", "", search_values(resource)["patient"], error=result.code)
        else:
            new = isinstance(one, CreateRequest)
            wrote(request, "create" if new else "update", location(result), result.patient)
    if taken.error:
        note(request.scope, taken.error)


INTERACTIONS: Final[Mapping[str, tuple[str, Action]]] = {
    "batch": ("batch", "E"),
    "transaction": ("transaction", "E"),
    "message": OTHER,
}
"""What a Bundle asks for, as FHIR calls it, and the kind of action."""

TAKERS: Final = {"batch": batch, "transaction": transaction, "message": told}


async def answers(request: Request, taken: Taken, most: int) -> list[EntryResult]:
    """Return what came of each entry; what is read is read after all is stored.

    Of what was read at most `most` bytes are answered, and what more is asked for is refused.
    """
    results: list[EntryResult] = []
    rest, size = iter(taken.stored), 0
    for one in taken.asked:
        if not isinstance(one, ReadRequest):
            results.append(next(rest))
        elif size > most:
            results.append(TooComplex(limit=most, what="bytes of answers"))
        else:
            read: Answer = await ask(request, one)
            size += len(read.body)
            results.append(read)
    return results


def message_answer(request: Request, taken: Taken, received: messages.Message) -> Response:
    """Return the message that answers one; refused, it has the status of the error too."""
    told = accepted(message_sentence(taken.stored, received.others))
    body = messages.answer(received.header, base(request), told, taken.error)
    if taken.error is None:
        return made(body)
    return made(body, int(status_of(taken.error)), **headers_of(taken.error))


def message_sentence(stored: Iterable[Updated | BiomedError], others: Iterable[str]) -> str:
    """Return what became of a message, in words: nothing in it is left out silently."""
    new = [one for one in stored if isinstance(one, Updated)]
    left = ", ".join(sorted(set(others)))
    said = f"{sum(one.created for one in new)} documents stored, of {len(new)}"
    return f"{said}; not taken in: {left}" if left else said


__all__ = ["bundles_in", "loaded"]
