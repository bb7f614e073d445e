"""Naming a document by what it says: conditional create, update and reference (FHIR R4, http.html).

What may be asked is what R4 lets a search for documents ask for: `identifier` (the master
identifier too), `_id`, `subject` and `patient`. Each may stand several times, and then all must
hold; of values with commas between them one must.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any, Final
from urllib.parse import parse_qsl

from models.clinical import Criteria
from models.errors import BadRequest
from models.fhir_ids import ID, is_id

MOST_VALUES: Final = 20

_SUBJECT: Final = re.compile(rf"(?:(?:https?://[^\s#]+/)?(?:Patient|Group)/)?{ID}")
_COMMA: Final = re.compile(r"(?<!\\),")
_BAR: Final = re.compile(r"(?<!\\)\|")


def criteria(kind: str, query: object) -> Criteria:
    """Return which document of a type a query means, such as `identifier=urn:sender|7`.

    Raises:
        BadRequest: it asks for anything else, or for nothing; a condition must not be ignored.
    """
    asked = query.removeprefix("?") if isinstance(query, str) else ""
    pairs = parse_qsl(asked, keep_blank_values=True) if asked.count("&") < MOST_VALUES else []
    if not pairs:
        raise BadRequest(reason="the condition names nothing, or too much")
    found: dict[str, list[Any]] = {"identifiers": [], "ids": [], "subjects": []}
    for name, value in pairs:
        part, read = _reader(name)
        found[part].append(tuple(one for each in _values(value) for one in read(each)))
    return Criteria(kind, **{part: tuple(values) for part, values in found.items()})


def unless(kind: str, query: object) -> Criteria | None:
    """Return what If-None-Exist asks for, None where there is no condition; errors as `criteria`.

    It is also taken with the type before it, as `DocumentReference?identifier=…`.
    """
    if query is None:
        return None
    return criteria(kind, query.removeprefix(f"{kind}?") if isinstance(query, str) else query)


def _values(value: str) -> list[str]:
    values = _COMMA.split(value)
    if len(values) > MOST_VALUES or not all(values) or "\0" in value:
        raise BadRequest(reason="a value of the condition is empty, or there are too many")
    return values


def _reader(name: str) -> tuple[str, Callable[[str], Sequence[Any]]]:
    if name not in _READERS:
        raise BadRequest(reason="a condition takes identifier, _id, subject and patient")
    return _READERS[name]


def _identifier(token: str) -> Sequence[tuple[str | None, str]]:
    """Return `system|value`, `|value` (no system) or `value` (any system)."""
    parts = [part.replace("\\|", "|").replace("\\,", ",") for part in _BAR.split(token)]
    if len(parts) > 2 or not parts[-1]:  # noqa: PLR2004 a system and a value
        raise BadRequest(reason="an identifier of the condition is not SYSTEM|VALUE")
    return [(parts[0] if len(parts) == 2 else None, parts[-1])]  # noqa: PLR2004 as above


def _id(value: str) -> Sequence[str]:
    if not is_id(value):
        raise BadRequest(reason="an _id of the condition is none")
    return [value]


def _subject(value: str) -> Sequence[str]:
    if not _SUBJECT.fullmatch(value):
        raise BadRequest(reason="a subject of the condition is not TYPE/ID")
    return [value] if "/" in value else [f"Patient/{value}", f"Group/{value}"]


def _patient(value: str) -> Sequence[str]:
    return [one for one in _subject(value) if not one.startswith("Group/")]


_READERS: Final[dict[str, tuple[str, Callable[[str], Sequence[Any]]]]] = {
    "identifier": ("identifiers", _identifier),
    "_id": ("ids", _id),
    "subject": ("subjects", _subject),
    "patient": ("subjects", _patient),
}
PARAMETERS: Final = tuple(_READERS)
"""What a condition may ask for."""
