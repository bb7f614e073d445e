"""How deep the elements of a page lie in one another, before a parser makes a tree of them.

A parser's time grows with the square of the depth: 50,000 open elements take it 20 seconds. The
open elements are followed as far as depth needs it (WHATWG HTML 13.2.4.2, 13.2.6.4.7): which end
tag closes what, which start tag ends an element that was left open.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from fhir_mapping.documents.formats import elements

_TAG: Final = re.compile(
    r"<!--(?:(?!-->).)*+(?:-->|\Z)"
    r"|<(?P<raw>script|style|textarea|title|xmp|iframe|noembed|noframes)\b"
    r"(?:(?!</(?P=raw)).)*+(?:</(?P=raw)|\Z)"
    r"|<(?P<end>/?)(?P<name>[a-z][^\s/>]*+)",
    re.IGNORECASE | re.DOTALL,
)
_FORMATTING: Final = frozenset(
    {"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt",
     "u"}
)  # fmt: skip
_SPECIAL: Final = (
    elements.BLOCKS | elements.PARAGRAPHS | elements.LISTS | elements.ITEMS | elements.CELLS
    | elements.HEADINGS | elements.AS_TYPED | {"object", "applet", "marquee", "template", "select"}
)  # fmt: skip
_WALLS: Final = frozenset(
    {"table", "td", "th", "caption", "object", "applet", "marquee", "template", "svg", "math"}
)
_TABLE_WALLS: Final = frozenset({"table", "template"})
_CELL: Final = frozenset({"td", "th"})
_GROUP: Final = frozenset({"tbody", "thead", "tfoot"})
_PASSED_BY_ITEMS: Final = frozenset({"div", "p", "address"})


class _Ends(NamedTuple):
    """What a start tag ends: the last of these elements, if none of the walls is above it."""

    ended: frozenset[str]
    walls: frozenset[str]


_ITEM_WALLS: Final = _SPECIAL - _PASSED_BY_ITEMS
_ENDS: Final[Mapping[str, _Ends]] = {
    "li": _Ends(frozenset({"li"}), _ITEM_WALLS),
    **dict.fromkeys(("dt", "dd"), _Ends(frozenset({"dt", "dd"}), _ITEM_WALLS)),
    **dict.fromkeys(_CELL, _Ends(_CELL, _TABLE_WALLS | {"tr"})),
    "tr": _Ends(frozenset({"tr"}), _TABLE_WALLS | _GROUP),
    **dict.fromkeys(_GROUP, _Ends(_GROUP, _TABLE_WALLS)),
    **dict.fromkeys(("option", "optgroup"), _Ends(frozenset({"option"}), _SPECIAL - {"option"})),
}
_IN_TABLES: Final = _CELL | _GROUP | {"tr", "table", "caption"}


def depths(source: str) -> Iterator[int]:
    """Yield how many elements are open after each tag of a page."""
    opened: list[str] = []
    for tag in _TAG.finditer(source):
        name = (tag["name"] or "").lower()
        if not name or name in elements.VOID:
            continue
        if tag["end"]:
            _close(opened, name)
        else:
            _open(opened, name)
        yield len(opened)


def _open(opened: list[str], name: str) -> None:
    if opened and opened[-1] == "p" and name in _SPECIAL:
        opened.pop()
    ends = _ENDS.get(name)
    if ends:
        _cut(opened, ends)
    opened.append(name)


def _cut(opened: list[str], ends: _Ends) -> None:
    for place in reversed(range(len(opened))):
        if opened[place] in ends.ended:
            del opened[place:]
            return
        if opened[place] in ends.walls:
            return


def _close(opened: list[str], name: str) -> None:
    """Close the element that an end tag closes, if it closes any."""
    walls = _TABLE_WALLS if name in _IN_TABLES else _WALLS
    if name not in _SPECIAL and name not in _FORMATTING:
        walls = _SPECIAL
    for place in reversed(range(len(opened))):
        if opened[place] == name:
            del opened[place : place + 1 if name in _FORMATTING else None]
            return
        if opened[place] in walls:
            return
