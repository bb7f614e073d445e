"""The batch Bundle that we send, and what its answer says of each entry (FHIR R4, http.html)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

from fhir_mapping.datatypes.codeable_concept import Resource
from models.errors import ServerConfused
from models.fhir_ids import ID

_STATUS: Final = re.compile(r"([1-5][0-9]{2})(?: .*)?", re.DOTALL)
_ETAG: Final = re.compile(rf'(?:W/)?"({ID})"')
_LOCATION: Final = re.compile(rf".*/_history/({ID})", re.DOTALL)

ISSUES: Final = frozenset(
    {
        "invalid",
        "structure",
        "required",
        "value",
        "invariant",
        "security",
        "login",
        "unknown",
        "expired",
        "forbidden",
        "suppressed",
        "processing",
        "not-supported",
        "duplicate",
        "multiple-matches",
        "not-found",
        "deleted",
        "too-long",
        "code-invalid",
        "extension",
        "too-costly",
        "business-rule",
        "conflict",
        "transient",
        "lock-error",
        "no-store",
        "exception",
        "timeout",
        "incomplete",
        "throttled",
        "informational",
    }
)
"""Value set issue-type: all that is repeated of an OperationOutcome; its sentences may quote."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server says of one update: the HTTP status, the version it has now, what is wrong."""

    status: int
    version: str | None
    issues: tuple[str, ...]

    def __str__(self) -> str:
        return " ".join((str(self.status), *self.issues))


def updates(resources: Sequence[Mapping[str, Any]]) -> bytes:
    """Return the JSON of a batch that puts each resource under its own type and id."""
    return orjson.dumps(
        {"resourceType": "Bundle", "type": "batch", "entry": [_entry(one) for one in resources]}
    )


def answers(raw: bytes, wanted: int) -> list[Answer]:
    """Return what the answer to a batch of `wanted` entries says of each, in their order.

    Raises:
        ServerConfused: it is no batch-response of so many entries.
    """
    bundle = _object(raw)
    if bundle.get("resourceType") != "Bundle" or bundle.get("type") != "batch-response":
        raise ServerConfused(reason="no batch-response")
    entries = bundle.get("entry")
    if not isinstance(entries, list) or len(entries) != wanted:
        raise ServerConfused(reason="not one entry for each")
    return [_answer(entry) for entry in entries]


def issues(raw: bytes) -> tuple[str, ...]:
    """Return the issue types of an OperationOutcome; none where it is no such thing."""
    try:
        return _issues(_object(raw))
    except ServerConfused:
        return ()


def _entry(resource: Mapping[str, Any]) -> Resource:
    address = f"{resource['resourceType']}/{resource['id']}"
    return {"resource": resource, "request": {"method": "PUT", "url": address}}


def _object(raw: bytes) -> dict[str, Any]:
    try:
        found = orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise ServerConfused(reason="not JSON") from None
    if not isinstance(found, dict):
        raise ServerConfused(reason="not an object")
    return found


def _answer(entry: object) -> Answer:
    response = entry.get("response") if isinstance(entry, dict) else None
    if not isinstance(response, dict):
        raise ServerConfused(reason="an entry without a response")
    status = _STATUS.fullmatch(str(response.get("status")))
    if status is None:
        raise ServerConfused(reason="an entry without a status")
    return Answer(int(status[1]), _version(response), _issues(response.get("outcome")))


def _version(response: Mapping[str, object]) -> str | None:
    etag = _ETAG.fullmatch(str(response.get("etag")))
    found = etag or _LOCATION.fullmatch(str(response.get("location")))
    return found[1] if found else None


def _issues(outcome: object) -> tuple[str, ...]:
    found = outcome.get("issue") if isinstance(outcome, dict) else None
    codes = [
        one.get("code")
        for one in (found if isinstance(found, list) else ())
        if isinstance(one, dict)
    ]
    return tuple(dict.fromkeys(code for code in codes if code in ISSUES))
