"""Finding elements in FHIR JSON."""

from collections.abc import Iterator
from typing import Any

Place = tuple[str, Any]


def values(node: Any, path: str, place: str = "") -> Iterator[Place]:
    """Return the (place, value) of every element at a dotted path, through lists; "" is all."""
    if isinstance(node, list):
        for index, item in enumerate(node):
            yield from values(item, path, f"{place}[{index}]")
    elif not path:
        yield place, node
    elif isinstance(node, dict):
        head, _, rest = path.partition(".")
        for name in (n for n in node if _is(n, head)):
            yield from values(node[name], rest, f"{place}.{name}".lstrip("."))


def _is(name: str, wanted: str) -> bool:
    """Return whether a JSON name is the element `wanted`, perhaps a choice as `age[x]` is."""
    stem = wanted.removesuffix("[x]")
    return name == wanted or (stem != wanted and name.startswith(stem) and name[len(stem) :] != "")


def objects(
    node: Any, place: str = "", name: str = ""
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Return (place, element name, object) of every JSON object, from the outside in."""
    if isinstance(node, list):
        for index, item in enumerate(node):
            yield from objects(item, f"{place}[{index}]", name)
    elif isinstance(node, dict):
        yield place, name, node
        for key, value in node.items():
            yield from objects(value, f"{place}.{key}".lstrip("."), key)
