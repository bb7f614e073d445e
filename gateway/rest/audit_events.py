"""GET of the audit log as AuditEvents: one row, or the newest that are asked for."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from starlette.datastructures import QueryParams

from fhir_mapping.resources.audit_event import audit_event
from gateway.rest.audit_trail import notes_of, searched
from gateway.rest.parameters import (
    AFTER,
    COMMON,
    COUNT,
    PATIENT,
    USUAL_COUNT,
    count,
    number,
    patient,
)
from gateway.rest.responses import base, made
from models.audit_events import Entry
from models.db.audit_log.audit_log import AuditLog, Wanted
from models.errors import NotFound, UnusableParameter

KIND: Final = "AuditEvent"
SEARCHED: Final = {
    PATIENT: "reference",
    "agent": "token",
    "action": "token",
    "outcome": "token",
    "date": "date",
}
"""By what the log is searched. `agent` is the name of a client, key, user or process."""

_DATE: Final = re.compile(r"(?P<prefix>ge|lt)(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})")
_SEVERAL: Final = frozenset({"date"})

Json = dict[str, Any]


def audit_events(log: AuditLog) -> APIRouter:
    """Return the routes that answer with rows of the log; looking at it is a row too."""
    router = APIRouter()

    @router.get("")
    def search(request: Request) -> Response:
        given = plain(request.query_params)
        limit = page_size(given)
        after = number(given[AFTER][0]) if AFTER in given else None
        asked = wanted(given, base(request))
        found, total, rest = log.search(asked, limit=limit, before=after)
        searched(request, given, next(iter(asked.patient or ()), None))
        return made(bundle(request, given, found, total, rest))

    @router.get("/{id}")
    def read(request: Request, id: str) -> Response:  # noqa: A002 as the specification calls it
        found = log.read(number(id))
        if found is None:
            raise NotFound(reference=f"an {KIND} of this id")
        notes_of(request).patients.setdefault("", []).append(f"{KIND}/{found.position}")
        return made(audit_event(found))

    return router


def plain(parameters: QueryParams) -> dict[str, list[str]]:
    """Return the parameters with their values.

    Raises:
        UnusableParameter: one is not served, or given more than once.
    """
    known = {*SEARCHED, *COMMON, COUNT, AFTER}
    given = {name: parameters.getlist(name) for name in parameters}
    for name, values in given.items():
        if name not in known:
            raise UnusableParameter(name="of an audit search", reason="is not served here")
        if len(values) > 1 and name not in _SEVERAL:
            raise UnusableParameter(name=name, reason="is given more than once")
    return given


def page_size(given: Mapping[str, list[str]]) -> int:
    """Return how many rows a page shall hold.

    Raises:
        UnusableParameter: that is not a number.
    """
    try:
        return count(given.get(COUNT, [str(USUAL_COUNT)])[0], "")
    except ValueError as wrong:
        raise UnusableParameter(name=COUNT, reason=str(wrong)) from None


def wanted(given: Mapping[str, list[str]], our_base: str) -> Wanted:
    """Return which rows are asked for.

    Raises:
        UnusableParameter: a value cannot be understood.
    """
    read: dict[str, Any] = {}
    for name in given.keys() & SEARCHED.keys():
        try:
            for value in given[name]:
                read |= READERS[name](value, our_base)
        except ValueError as wrong:
            raise UnusableParameter(name=name, reason=str(wrong)) from None
    return Wanted(**read)


def _date(value: str, _: str) -> Json:
    found = _DATE.fullmatch(value)
    if found is None:
        raise ValueError("is neither ge nor lt with a day")
    name = "since" if found["prefix"] == "ge" else "before"
    return {name: datetime.strptime(found["day"], "%Y-%m-%d").replace(tzinfo=UTC)}


READERS: Final[Mapping[str, Callable[[str, str], Json]]] = {
    PATIENT: lambda value, our_base: {"patient": patient(value, our_base)},
    "agent": lambda value, _: {"agent": value},
    "action": lambda value, _: {"action": value},
    "outcome": lambda value, _: {"outcome": value},
    "date": _date,
}


def bundle(
    request: Request,
    given: Mapping[str, list[str]],
    found: list[Entry],
    total: int,
    rest: int | None,
) -> Json:
    """Return the Bundle of one page, the newest rows first."""
    address = f"{base(request)}/{KIND}"
    pairs = [(name, value) for name, values in given.items() for value in values]
    links = [("self", pairs)]
    if rest is not None:
        kept = [pair for pair in pairs if pair[0] != AFTER]
        links.append(("next", [*kept, (AFTER, str(rest))]))
    entries = [
        {
            "fullUrl": f"{address}/{one.position}",
            "resource": audit_event(one),
            "search": {"mode": "match"},
        }
        for one in found
    ]
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": total,
        "link": [
            {"relation": name, "url": f"{address}?{urlencode(query)}" if query else address}
            for name, query in links
        ],
        **({"entry": entries} if entries else {}),
    }
