"""The search parameters of a request, each read or refused (FHIR R4, search.html)."""

import re
from collections.abc import Collection
from typing import Final

from starlette.datastructures import QueryParams

from models.db.provenances import Target, Token
from models.errors import BadRequest

USUAL_COUNT: Final = 50
MOST_COUNT: Final = 500

PATIENT: Final = "patient"
TARGET: Final = "target"
REASON: Final = "reason"
COUNT: Final = "_count"
AFTER: Final = "_after"  # ours: where the next page begins; clients only follow the link

_REFERENCE: Final = re.compile(
    r"(?:(?P<type>[A-Z][A-Za-z]{1,40})/)?(?P<id>[A-Za-z0-9\-.]{1,64})"
    r"(?:/_history/(?P<version>[A-Za-z0-9\-.]{1,64}))?"
)
_ELSEWHERE: Final = re.compile(r"(?:[a-z]+://|urn:).+")
_MOST_DIGITS: Final = 9


def require_no_modifiers(parameters: QueryParams, known: Collection[str]) -> None:
    """Refuse `patient:missing` and the like: a modifier may never be ignored, even when lenient."""
    for name in parameters:
        plain = name.partition(":")[0]
        if ":" in name and plain in known:
            raise BadRequest(reason=f"search parameter {plain} has no such modifier")


def patient(parameters: QueryParams) -> str | None:
    """Return the patient as a reference; a bare id means `Patient/<id>`."""
    value = one(parameters, PATIENT)
    if not value:
        return None
    return value if "/" in value or ":" in value else f"Patient/{value}"


def target(parameters: QueryParams, base: str) -> Target | None:
    """Return what a Provenance shall be of: `Type/id`, below `base` or not, or a bare id.

    `Type/id/_history/2` asks for the Provenance of that version. A reference into another server
    is understood and finds nothing.
    """
    value = one(parameters, TARGET)
    if not value:
        return None
    found = _REFERENCE.fullmatch(value.removeprefix(f"{base}/"))
    if found is None and _ELSEWHERE.fullmatch(value):
        return Target(value)
    if found is None or (found["version"] and not found["type"]):
        raise BadRequest(reason=f"{TARGET} is not a reference")
    version = number(found["version"]) if found["version"] else None
    return Target(found["id"], found["type"], version)


def reason(parameters: QueryParams) -> Token | None:
    """Return why a Provenance shall have been made: `code`, `system|code`, `|code`, `system|`."""
    value = one(parameters, REASON)
    if not value:
        return None
    system, bar, code = value.rpartition("|")
    if bar and not (system or code):
        raise BadRequest(reason=f"{REASON} is not a token")
    return Token(code or None, system if bar else None)


def count(parameters: QueryParams) -> int:
    """Return how many resources a page shall hold: none for 0, at most MOST_COUNT."""
    value = single(parameters, COUNT)
    if value is None:
        return USUAL_COUNT
    if not (value.isascii() and value.isdigit()):
        raise BadRequest(reason=f"{COUNT} is not a number")
    return min(int(value[:9]), MOST_COUNT)


def number(version: str) -> int:
    """Return a version as a number; 0, which no resource has, for anything else.

    More digits are no version of ours, and more than a database column holds.
    """
    plain = version.isascii() and version.isdigit() and len(version) <= _MOST_DIGITS
    return int(version) if plain else 0


def one(parameters: QueryParams, name: str) -> str | None:
    """Return the value of a parameter that asks for one thing; OR of several is not offered."""
    value = single(parameters, name)
    if value and "," in value:
        raise BadRequest(reason=f"only one {name} can be asked for")
    return value


def single(parameters: QueryParams, name: str) -> str | None:
    """Return the value of a parameter that may be given once; AND of several is not offered."""
    values = parameters.getlist(name)
    if len(set(values)) > 1:
        raise BadRequest(reason=f"{name} is given more than once")
    return values[0] if values else None
