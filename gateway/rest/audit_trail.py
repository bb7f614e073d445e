"""What is written down of a request, before its answer goes out.

Handlers say what an answer holds by `disclose`, and what was stored by `wrote`; the middleware
makes the rows of it, and lets the answer go when they are committed.
"""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any, Final

import structlog
from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.access.policy import BASE, Asked, is_open
from gateway.access.principal import Principal
from gateway.rest.errors import answer
from gateway.rest.refusals import Refusals
from models.audit_events import DONE, FAILED, REFUSED, Action, Agent, Event
from models.db.audit_log.audit_log import AuditLog
from models.db.resources.resources import Stored
from models.errors import BiomedError, Forbidden

WITHIN: Final = "biomed.within"
"""Where the scope of a batch's entry keeps the notes of the batch."""

INTERACTIONS: Final[Mapping[tuple[str, int], tuple[str, Action]]] = {
    ("POST", 0): ("batch", "E"),
    ("GET", 1): ("search-type", "E"),
    ("POST", 1): ("create", "C"),
    ("GET", 2): ("read", "R"),
    ("PUT", 1): ("update", "U"),
    ("PUT", 2): ("update", "U"),
    ("GET", 3): ("history-instance", "R"),
    ("GET", 4): ("vread", "R"),
}
"""A method below /, /Type, /Type/id, … as FHIR calls it, and the kind of action."""

ACTIONS: Final[Mapping[str, Action]] = {"create": "C", "update": "U"}
OTHER: Final[tuple[str, Action]] = ("operation", "E")
WRITES: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_AT_THE_DOOR: Final = frozenset({401, 403, 429})


@dataclass(slots=True)
class Notes:
    """What handlers say of a request: whose resources it answers, what it wrote, why it failed.

    `interaction` is what it asks for, where its path does not say it.
    """

    patients: dict[str, list[str]] = field(default_factory=dict)
    query: str = ""
    code: str = ""
    events: list[Event] = field(default_factory=list)
    interaction: tuple[str, Action] | None = None


def disclose(request: Request, found: Iterable[Stored]) -> None:
    """Say that an answer holds these resources.

    Raises:
        Forbidden: the client may neither read nor search one of their types.
    """
    patients = notes_of(request).patients
    scopes = principal_of(request).scopes
    for one in found:
        if not (scopes.allow(one.type, "r") or scopes.allow(one.type, "s")):
            raise Forbidden(needed=f"system/{one.type}.rs")
        named_so = f"{one.type}/{one.id}/_history/{one.version}"
        patients.setdefault(one.patient or "", []).append(named_so)


def searched(request: Request, names: Iterable[str], patient: str | None) -> None:
    """Say by which parameters was searched, and for whom, if nothing is found of them."""
    notes = notes_of(request)
    notes.query = "&".join(names)
    if patient:
        notes.patients.setdefault(patient, [])


def wrote(
    request: Request, interaction: str, entity: str, patient: str | None, error: str = ""
) -> None:
    """Say that a resource was stored, or why it was refused."""
    made = Event(
        agent=principal_of(request).agent,
        interaction=interaction,
        action=ACTIONS.get(interaction, "E"),
        outcome=REFUSED if error else DONE,
        entity=entity,
        patient=patient or "",
        detail=error,
    )
    notes_of(request).events.append(made)


def notes_of(request: Request) -> Notes:
    """Return the notes of a request."""
    found: Notes = request.scope["state"]["notes"]
    return found


def principal_of(request: Request) -> Principal:
    """Return who sends a request."""
    found: Principal = request.scope["state"]["principal"]
    return found


class AuditTrail:
    """ASGI middleware around those that may refuse a request."""

    def __init__(self, app: ASGIApp, log: AuditLog) -> None:
        self.app = app
        self._log = log
        self._refusals = Refusals()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or is_open(Asked(scope["method"], scope["path"])):
            await self.app(scope, receive, send)
            return
        scope["state"]["notes"] = notes = Notes()
        held = Held(scope, receive, send, lambda status: self._write(scope, notes, status))
        await self.app(scope, receive, held.send)

    async def _write(self, scope: Scope, notes: Notes, status: int) -> BiomedError | None:
        """Write the rows of an answer; return why it must not go out."""
        events = list(self._events(scope, notes, status))
        within = scope.get(WITHIN)
        if within is not None:
            within.events += events
            return None
        try:
            await run_in_threadpool(self._log.record, events)
        except BiomedError as error:
            structlog.get_logger().error("audit.unwritten", code=error.code)
            return None if status in _AT_THE_DOOR else error
        return None

    def _events(self, scope: Scope, notes: Notes, status: int) -> Iterator[Event]:
        yield from notes.events
        interaction, action = notes.interaction or interaction_of(scope["method"], scope["path"])
        told = Event(agent_of(scope), interaction, action, query=notes.query)
        if status in _AT_THE_DOOR:
            refused = replace(told, outcome=REFUSED, detail=notes.code)
            yield from self._refusals.written(refused)
        elif status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            yield replace(told, outcome=FAILED, detail=notes.code)
        elif status >= HTTPStatus.BAD_REQUEST:
            if scope["method"] in WRITES:
                yield replace(told, outcome=REFUSED, detail=notes.code)
        else:
            yield from read_events(told, notes)


Write = Callable[[int], Awaitable[BiomedError | None]]
"""Writes the rows of an answer with a status, and returns why it must not go out."""


class Held:
    """The answer of a request, which begins when its rows are written."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, write: Write) -> None:
        self._scope = scope
        self._receive = receive
        self._send = send
        self._write = write
        self._refused = False

    async def send(self, message: Message) -> None:
        """Send one part of the answer, or another answer in its place."""
        if message["type"] == "http.response.start":
            error = await self._write(message["status"])
            if error:
                self._refused = True
                await answer(error)(self._scope, self._receive, self._send)
        if not self._refused:
            await self._send(message)


def read_events(told: Event, notes: Notes) -> Iterator[Event]:
    """Yield an event for each patient of whom something is answered.

    That is how IHE BALP wants a search noted (section 3:5.7.4). What is of no patient, or nothing,
    is one event; of a write that answers nothing else there is one already.
    """
    for patient, entities in notes.patients.items():
        of_one = entities[0] if len(entities) == 1 and told.interaction != "search-type" else ""
        detail = f"{len(entities)} resources" if not of_one else ""
        yield replace(told, patient=patient, entity=of_one, detail=detail)
    if not notes.patients and not notes.events:
        yield told


def interaction_of(method: str, path: str) -> tuple[str, Action]:
    """Return what a request asks for, as FHIR calls it, and the kind of action."""
    below = path.removeprefix(BASE).strip("/")
    segments = below.split("/") if below else []
    if not path.startswith(BASE) or any(one.startswith("$") for one in segments):
        return OTHER
    if segments[1:] == ["_search"]:
        return "search-type", "E"
    return INTERACTIONS.get((method, len(segments)), OTHER)


def agent_of(scope: MutableMapping[str, Any]) -> Agent:
    """Return who sends a request; of one who did not say so, the address it came from."""
    found: Principal | None = scope["state"].get("principal")
    return found.agent if found else Agent("nobody", address_of(scope))


def address_of(scope: MutableMapping[str, Any]) -> str:
    """Return the address that a request came from."""
    client = scope.get("client")
    return str(client[0]) if client else "?"
