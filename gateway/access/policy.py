"""Who may do what under which address: nothing that is not written here."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from gateway.access.principal import Principal
from gateway.access.scopes import EVERYTHING, METRICS, Permission
from models.errors import Forbidden

BASE: Final = "/fhir"
METRICS_PATH: Final = "/metrics"
SMART: Final = "/.well-known/smart-configuration"

OPEN: Final = frozenset(
    {
        ("GET", path)
        for path in ("/healthz", "/readyz", "/openapi.json", BASE, f"{BASE}/metadata", SMART)
    }
    | {("GET", f"{BASE}{SMART}")}
)
"""What tells nothing of a patient, and is told to everybody."""

BUNDLES: Final = frozenset({(BASE, "POST"), (f"{BASE}/$process-message", "POST")})
"""Where a Bundle comes in, of which each entry is asked about for itself: anybody may send one."""

PRESENTATION: Final = frozenset({"_format", "_pretty"})
"""Parameters that say how an answer looks, and not what is meant."""

OF_A_TYPE: Final[Mapping[tuple[str, int], Permission]] = {
    ("GET", 1): "s",
    ("POST", 1): "c",
    ("GET", 2): "r",
    ("PUT", 1): "u",
    ("PUT", 2): "u",
    ("PATCH", 2): "u",
    ("DELETE", 2): "d",
    ("GET", 3): "r",
    ("GET", 4): "r",
}
"""The permission for a method under /Type, /Type/id, /Type/id/_history, …/_history/version."""

OPERATIONS: Final[Mapping[str, tuple[tuple[str, Permission], ...]]] = {
    "$everything": ((EVERYTHING, "r"), (EVERYTHING, "s")),
    "$export": ((EVERYTHING, "r"), (EVERYTHING, "s")),
}
"""What an operation needs; one that is not here needs every permission there is."""

_ANYTHING: Final = tuple((EVERYTHING, letter) for letter in ("c", "r", "u", "d", "s"))
_KIND: Final = re.compile(r"[A-Z][A-Za-z]{1,40}")
_WITH_MATCHES: Final = re.compile(r"_(?P<way>rev)?include(?::\w+)?")

Needed = tuple[str, Permission]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as far as it decides who may make it: path without a last slash, and its query."""

    method: str
    path: str
    parameters: tuple[tuple[str, str], ...] = ()
    if_none_exist: bool = False


def is_open(asked: Asked) -> bool:
    """Return whether anybody may ask."""
    return (asked.method, asked.path) in OPEN


def authorise(principal: Principal, asked: Asked) -> None:
    """Make sure that a client may make a request; entries of a Bundle are asked about later.

    Raises:
        Forbidden: it may not.
    """
    if asked.path == METRICS_PATH:
        if METRICS not in principal.scopes.own:
            raise Forbidden(needed=METRICS)
        return
    if (asked.path, asked.method) in BUNDLES:
        return
    for kind, permission in needed(asked):
        principal.require(kind, permission)


def needed(asked: Asked) -> list[Needed]:
    """Return all that a client needs for a request."""
    segments = asked.path.removeprefix(f"{BASE}/").split("/") if _below_the_base(asked) else []
    found = [*_of_path(asked.method, segments), *_of_query(asked.parameters)]
    if _is_conditional(asked, segments):
        # The answer says whether the other document is there, and gives it back.
        found += [(segments[0], "s"), (segments[0], "r")] if _KIND.fullmatch(segments[0]) else []
    return found


def _is_conditional(asked: Asked, segments: list[str]) -> bool:
    """Whether another document is meant by what it says; that an update may create, comes later."""
    if not segments or asked.method not in {"POST", "PUT"}:
        return False
    by_query = len(segments) == 1 and any(name not in PRESENTATION for name, _ in asked.parameters)
    return asked.if_none_exist or by_query or (asked.method, len(segments)) == ("PUT", 1)


def _below_the_base(asked: Asked) -> bool:
    return asked.path.startswith(f"{BASE}/")


def _of_path(method: str, segments: list[str]) -> Iterable[Needed]:
    operation = next((one for one in segments if one.startswith("$")), None)
    if operation:
        return OPERATIONS.get(operation, _ANYTHING)
    if not segments or not _KIND.fullmatch(segments[0]):
        return _ANYTHING
    if segments[1:] == ["_search"] and method == "POST":
        return ((segments[0], "s"),)
    if segments[1:] == ["_history"]:
        return ((segments[0], "r"), (segments[0], "s"))
    compartment = len(segments) > 2 and segments[2] != "_history"  # noqa: PLR2004
    permission = None if compartment else OF_A_TYPE.get((method, len(segments)))
    return _ANYTHING if permission is None else ((segments[0], permission),)


def _of_query(parameters: Iterable[tuple[str, str]]) -> Iterable[Needed]:
    """Yield what parameters need that bring, or ask about, resources of other types."""
    for name, value in parameters:
        included = _WITH_MATCHES.fullmatch(name)
        if included:
            yield from _included(value, reverse=bool(included["way"]))
        elif name.startswith("_has:") or "." in name:
            yield EVERYTHING, "s"


def _included(value: str, *, reverse: bool) -> Iterable[Needed]:
    """Yield what `Type:parameter[:TargetType]` needs (FHIR R4, search.html#include)."""
    parts = value.split(":")
    kind = parts[0] if reverse else parts[2] if len(parts) > 2 else EVERYTHING  # noqa: PLR2004
    yield (kind if _KIND.fullmatch(kind) else EVERYTHING), "r"
