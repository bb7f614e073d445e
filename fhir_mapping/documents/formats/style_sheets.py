"""What styles hide: those of an element, and a page's own sheet for single classes and ids.

Sources: CSS 2.2 (6.4, the cascade; 9.2.4 and 11.2, what is shown), CSS Display 3, CSS Text
Decoration 3.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

_COMMENT: Final = re.compile(r"/\*(?:(?!\*/).)*+(?:\*/|\Z)", re.DOTALL)
_BRACE: Final = re.compile(r"[{}]")
_SIMPLE: Final = re.compile(r"\s*+([.#])([\w-]+)\s*+")
_IMPORTANT: Final = re.compile(r"!\s*+important\Z")
_EVERYWHERE: Final = frozenset({"inherit", "initial", "unset", "revert", "revert-layer"})
_KNOWN: Final[Mapping[str, frozenset[str]]] = {
    "display": _EVERYWHERE
    | {"none", "block", "inline", "inline-block", "run-in", "flow", "flow-root", "list-item",
       "flex", "inline-flex", "grid", "inline-grid", "ruby", "contents", "table", "inline-table",
       "table-row", "table-cell", "table-row-group", "table-header-group", "table-footer-group",
       "table-column", "table-column-group", "table-caption"},
    "visibility": _EVERYWHERE | {"visible", "hidden", "collapse"},
}  # fmt: skip
"""Words that a property can have; a declaration with another word counts as not written."""

_HIDING: Final = {
    "display": frozenset({"none"}),
    "visibility": frozenset({"hidden", "collapse"}),
    "text-decoration": frozenset({"line-through"}),
}
_SAME: Final = {"text-decoration-line": "text-decoration"}


class _Value(NamedTuple):
    hides: bool
    important: bool


_Values = dict[str, _Value]


def hides(style: str) -> bool:
    """Return whether the `style` of an element takes it out of what is shown."""
    return _hide(_declared(style))


def hidden_names(css: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the classes and the ids that a style sheet hides.

    Rules for other media than the screen, and selectors of several parts, are left alone: a word
    too many is read rather than one too few.
    """
    said: defaultdict[str, _Values] = defaultdict(dict)
    for selectors, body in _rules(_COMMENT.sub(" ", css)):
        declared = _declared(body)
        for selector in selectors.split(","):
            simple = _SIMPLE.fullmatch(selector)
            if simple:
                _declare(said[simple[1] + simple[2]], declared.items())
    names = [name for name, values in said.items() if _hide(values)]
    return (
        frozenset(name[1:] for name in names if name[0] == "."),
        frozenset(name[1:] for name in names if name[0] == "#"),
    )


def _hide(values: _Values) -> bool:
    return any(value.hides for value in values.values())


def _declared(css: str) -> _Values:
    """Return what declarations such as `display: none; color: red` say of being shown."""
    values: _Values = {}
    _declare(values, _declarations(_COMMENT.sub(" ", css).lower()))
    return values


def _declare(values: _Values, declared: Iterable[tuple[str, _Value]]) -> None:
    """Take declarations: the last of a property counts, an important one more than others."""
    for name, value in declared:
        before = values.get(name)
        if value.important or before is None or not before.important:
            values[name] = value


def _declarations(css: str) -> Iterator[tuple[str, _Value]]:
    for declaration in css.split(";"):
        written, _, said = declaration.partition(":")
        name = _SAME.get(written.strip(), written.strip())
        value, important = _IMPORTANT.subn("", said.strip())
        if name in _HIDING and value.strip() in _KNOWN.get(name, {value.strip()}):
            yield name, _Value(not _HIDING[name].isdisjoint(value.split()), bool(important))


def _rules(css: str) -> Iterator[tuple[str, str]]:
    """Yield selectors and body of each rule that stands in no other one, such as `@media print`."""
    depth, begin, opened = 0, 0, 0
    nested = False
    for brace in _BRACE.finditer(css):
        if brace[0] == "{":
            nested |= depth > 0
            opened = opened if depth else brace.start()
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0:
                if not nested:
                    yield css[begin:opened], css[opened + 1 : brace.start()]
                begin, nested = brace.end(), False
