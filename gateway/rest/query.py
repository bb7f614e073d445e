"""What a client searches for: each parameter is applied, or there is a reason why it is not."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from fastapi import Request
from starlette.datastructures import QueryParams

from gateway.rest.parameters import COMMON, OF_RESULTS, READERS, SYNONYMS
from gateway.rest.resource_types import SEARCHED
from models.errors import UnusableParameter

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.:\-]{0,63}")


@dataclass(frozen=True, slots=True)
class Query:
    """The parameters of a search.

    `values` are what was understood, by the parameter that a synonym means; `applied` are the
    client's own words for it, for the links of the Bundle; `unusable` is what cannot be applied.
    """

    values: dict[str, Any] = field(default_factory=dict)
    applied: dict[str, str] = field(default_factory=dict)
    unusable: list[UnusableParameter] = field(default_factory=list)


def search_query(parameters: QueryParams, kind: str, base: str) -> Query:
    """Read the parameters of a search of a type; `base` is our absolute FHIR base.

    Raises:
        UnusableParameter: a known parameter has a modifier that is not served. That is never
            ignored, even when the client is lenient (FHIR R4, search.html#modifiers).
    """
    return _read(parameters, {*SEARCHED[kind], *OF_RESULTS}, base)


def condition(request: Request) -> str:
    """Return what a query says of a document that is meant: all but how the answer shall look."""
    pairs = request.url.query.split("&")
    return "&".join(pair for pair in pairs if pair.partition("=")[0] not in COMMON)


def require_common_only(parameters: QueryParams) -> None:
    """Refuse any parameter where nothing can be narrowed down.

    Raises:
        UnusableParameter: there is one.
    """
    for problem in _read(parameters, COMMON, "").unusable:
        raise problem


def _read(parameters: QueryParams, known: Collection[str], base: str) -> Query:
    _require_no_modifiers(parameters, known)
    query = Query()
    for name in parameters:
        values = parameters.getlist(name)
        try:
            _apply(query, name, _single(name, values, known), base)
        except ValueError as wrong:
            query.unusable.append(UnusableParameter(name=_shown(name), reason=str(wrong)))
    return query


def _apply(query: Query, name: str, value: str, base: str) -> None:
    meant = SYNONYMS.get(name, name)
    read = READERS[name](value, base)
    if query.values.setdefault(meant, read) != read:
        raise ValueError(f"asks for another {meant} than the parameter before it")
    query.applied[name] = value


def _single(name: str, values: Sequence[str], known: Collection[str]) -> str:
    """Return the one value of a parameter."""
    if name not in known:
        raise ValueError("is not served here")
    if len(set(values)) > 1:
        raise ValueError("is given more than once")
    if not values[0].strip():
        raise ValueError("has no value")
    return values[0]


def _require_no_modifiers(parameters: QueryParams, known: Collection[str]) -> None:
    for name in parameters:
        plain = name.partition(":")[0]
        if ":" in name and plain in known:
            raise UnusableParameter(name=plain, reason="has no such modifier")


def _shown(name: str) -> str:
    """Return a parameter's name, unless it is none: then it may be anything, a patient's too."""
    return name if _NAME.fullmatch(name) else "with a name that is no word"
