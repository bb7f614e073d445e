"""The values of search parameters, each understood or refused (FHIR R4, search.html).

A reader raises ValueError with what is wrong; its sentence never repeats the value.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

from models.db.resources.provenance_index import Target, Token
from models.fhir_ids import ID as FHIR_ID
from models.fhir_ids import is_id

USUAL_COUNT: Final = 50
MOST_COUNT: Final = 500

ID: Final = "_id"
PATIENT: Final = "patient"
SUBJECT: Final = "subject"
TARGET: Final = "target"
REASON: Final = "reason"
COUNT: Final = "_count"
SORT: Final = "_sort"
AFTER: Final = "_after"  # ours: where the next page begins; clients only follow the link
FORMAT: Final = "_format"
PRETTY: Final = "_pretty"

COMMON: Final = frozenset({FORMAT, PRETTY})
"""What every request may carry."""

OF_RESULTS: Final = COMMON | {COUNT, SORT, AFTER}
"""What every search may carry: how its result is shown."""

SYNONYMS: Final[Mapping[str, str]] = {SUBJECT: PATIENT}
"""Parameters that mean another one."""

_REFERENCE: Final = re.compile(
    rf"(?:(?P<type>[A-Z][A-Za-z]{{1,40}})/)?(?P<id>{FHIR_ID})(?:/_history/(?P<version>{FHIR_ID}))?"
)
_ELSEWHERE: Final = re.compile(r"(?:[a-z]+://|urn:)[^\s,\x00-\x1f]+")
_TOKEN: Final = re.compile(r"[^,\x00-\x1f]+")
_MOST_DIGITS: Final = 9


def ids(value: str, _: str) -> tuple[str, ...]:
    """Return the ids asked for: one of them is enough."""
    found = tuple(dict.fromkeys(value.split(",")))
    if not all(map(is_id, found)):
        raise ValueError("is not a list of ids")
    return found


def patient(value: str, base: str) -> tuple[str, ...]:
    """Return how the patient may stand in resources: a bare id means `Patient/<id>`.

    `Patient/7/_history/3` and the absolute address below our base mean `Patient/7`. A reference
    into another server is understood, since notes may name patients so.
    """
    plain = value.removeprefix(f"{base}/")
    found = _REFERENCE.fullmatch(plain)
    if found is None and _ELSEWHERE.fullmatch(plain):
        return (plain.partition("/_history/")[0],)
    if found is None or (found["version"] and not found["type"]):
        raise ValueError("is not one reference")
    name = f"{found['type'] or 'Patient'}/{found['id']}"
    return (name, f"{base}/{name}")


def target(value: str, base: str) -> Target:
    """Return what a Provenance shall be of: `Type/id`, below `base` or not, or a bare id.

    `Type/id/_history/2` asks for the Provenance of that version. A reference into another server
    is understood and finds what another system said of it.
    """
    found = _REFERENCE.fullmatch(value.removeprefix(f"{base}/"))
    if found is None and _ELSEWHERE.fullmatch(value):
        return Target(value)
    if found is None or (found["version"] and not found["type"]):
        raise ValueError("is not one reference")
    version = number(found["version"]) if found["version"] else None
    return Target(found["id"], found["type"], version)


def reason(value: str, _: str) -> Token:
    """Return why a Provenance shall have been made: `code`, `system|code`, `|code`, `system|`."""
    system, bar, code = value.rpartition("|")
    if not _TOKEN.fullmatch(value) or (bar and not (system or code)):
        raise ValueError("is not one token")
    return Token(code or None, system if bar else None)


def count(value: str, _: str) -> int:
    """Return how many resources a page shall hold: none for 0, at most MOST_COUNT."""
    if not (value.isascii() and value.isdigit()):
        raise ValueError("is not a number")
    return min(int(value[:_MOST_DIGITS]), MOST_COUNT)


def after(value: str, _: str) -> str:
    """Return the id behind which a page begins."""
    if not is_id(value):
        raise ValueError("is not from a link of this server")
    return value


def sort(value: str, _: str) -> str:
    """Return the order of the result: there is one, by id."""
    if value != ID:
        raise ValueError(f"can only be {ID}")
    return value


def pretty(value: str, _: str) -> str:
    """Return whether the JSON shall be indented; it is served as it was stored in any case."""
    if value not in {"true", "false"}:
        raise ValueError("is neither true nor false")
    return value


def form(value: str, _: str) -> str:
    """Return the format, which was agreed on before."""
    return value


READERS: Final[Mapping[str, Callable[[str, str], object]]] = {
    ID: ids,
    PATIENT: patient,
    SUBJECT: patient,
    TARGET: target,
    REASON: reason,
    COUNT: count,
    SORT: sort,
    AFTER: after,
    FORMAT: form,
    PRETTY: pretty,
}
"""Who reads each parameter, given its value and our absolute base."""


def number(version: str) -> int:
    """Return a version as a number; 0, which no resource has, for anything else.

    More digits are no version of ours, and more than a database column holds.
    """
    plain = version.isascii() and version.isdigit() and len(version) <= _MOST_DIGITS
    return int(version) if plain else 0
