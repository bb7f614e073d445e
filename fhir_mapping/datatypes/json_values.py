"""What must hold of every value in the JSON of a resource, whatever its type.

fhir.resources lets all of this pass, and each of it fails later: in a search, a view, an index of
the database or another server. Source: FHIR R4, json.html ("Properties can never be null", null in
arrays only to keep the place of a primitive) and datatypes.html#string.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from models.fhir_ids import ID
from models.storable_text import is_storable

DEEPEST: Final = 64
"""Elements within elements; the deepest of FHIR's own examples have about 15."""

LONGEST_NAME: Final = 1000
"""Bytes of what names something: PostgreSQL refuses an index row of more than 2,704."""

WORST_SHOWN: Final = 10

_NAMES: Final = frozenset({"reference", "system", "code", "value", "id", "identifier"})
_ELEMENT: Final = re.compile(r"_?[A-Za-z][A-Za-z0-9]{0,40}")
# Clients resolve "." and ".." in an address, so nothing of that id could be read.
_ID: Final = re.compile(rf"(?!\.{{1,2}}\Z){ID}")

Path = tuple[int | str, ...]


def complaints(resource: Mapping[str, Any]) -> list[str]:
    """Return the first of what is wrong with the values of a resource, as `element: what`."""
    return list(islice(_of(resource, ()), WORST_SHOWN))


def place(path: Sequence[int | str]) -> str:
    """Return a path such as `content.0.attachment`; a name that no element can have is `?`."""
    names = [str(part) for part in path]
    shown = (name if _ELEMENT.fullmatch(name) or name.isdigit() else "?" for name in names)
    return ".".join(shown) or "resource"


def _of(value: object, path: Path) -> Iterator[str]:
    if len(path) > DEEPEST:
        yield f"{place(path[:3])}: nested more than {DEEPEST} levels deep"
    elif isinstance(value, dict):
        yield from _of_object(value, path)
    elif isinstance(value, list):
        yield from _of_list(value, path)
    elif isinstance(value, str):
        yield from _of_string(value, path)


def _of_object(value: Mapping[str, Any], path: Path) -> Iterator[str]:
    for name, part in value.items():
        if not is_storable(name):
            yield f"{place((*path, name))}: a name that is none"
        elif part is None:
            yield f"{place((*path, name))}: null"
        else:
            yield from _of(part, (*path, name))


def _of_list(value: Sequence[Any], path: Path) -> Iterator[str]:
    for index, part in enumerate(value):
        if part is not None:
            yield from _of(part, (*path, index))
        elif not _keeps_a_place(value, path):
            yield f"{place((*path, index))}: null"


def _keeps_a_place(items: Sequence[Any], path: Path) -> bool:
    """Whether a null keeps the place of a primitive, whose extensions stand in another list."""
    if str(path[-1] if path else "").startswith("_"):
        return True
    return any(one is not None and not isinstance(one, (dict, list)) for one in items)


def _of_string(value: str, path: Path) -> Iterator[str]:
    if not is_storable(value):
        yield f"{place(path)}: holds a NUL character or half a surrogate"
    elif _names_a_resource(path) and not _ID.fullmatch(value):
        yield f"{place(path)}: not an id"
    elif path and path[-1] in _NAMES and len(value.encode()) > LONGEST_NAME:
        yield f"{place(path)}: longer than {LONGEST_NAME} bytes"


def _names_a_resource(path: Path) -> bool:
    return path == ("id",) or (path[:1] == ("contained",) and path[2:] == ("id",))
