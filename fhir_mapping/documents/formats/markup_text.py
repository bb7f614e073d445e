"""The text of a tree of elements, HTML or CDA narrative, as a reader of the page sees it."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Generic, NoReturn, TypeVar

from fhir_mapping.documents.formats import elements
from fhir_mapping.documents.formats.sheet import Sheet
from fhir_mapping.documents.formats.style_sheets import hides
from models.errors import DocumentTooComplex

DEEPEST: Final = 200
"""Elements within one another; pages of hospitals have some 60."""

_LONGEST_PATH: Final = 120
_NUMBER: Final = re.compile(r"[0-9]{1,2}")
_CHECKED: Final = {True: "[x] ", False: "[ ] "}

Node = TypeVar("Node")


@dataclass(frozen=True, slots=True)
class Tree(Generic[Node]):
    """How a library shows its trees.

    `name` is the element's name in lower case; `parts` are its texts and elements in order.
    """

    name: Callable[[Node], str]
    attributes: Callable[[Node], Mapping[str, str | None]]
    parts: Callable[[Node], Iterator[str | Node]]


@dataclass(frozen=True, slots=True)
class Where:
    """An element: the XPath of the block it stands in, how deep it is, what holds in it.

    `numbers` counts the elements of each name in the block; `number` is its own.
    """

    path: str
    depth: int = 0
    ordered: bool = False
    as_typed: bool = False
    numbers: Counter[str] = field(default_factory=Counter)
    number: int = 0


class MarkupText(Generic[Node]):
    """Writes elements to a sheet.

    `hidden` says of the attributes of an element whether a style sheet hides it. `keep_lines`: line
    ends are those of a text that was typed.
    """

    def __init__(
        self,
        tree: Tree[Node],
        index: int,
        *,
        hidden: Callable[[Mapping[str, str | None]], bool] = lambda _: False,
        keep_lines: bool = False,
    ) -> None:
        self._tree = tree
        self._index = index
        self._hidden = hidden
        self._keep_lines = keep_lines

    def write(self, node: Node, sheet: Sheet, path: str = "", depth: int = 0) -> None:
        """Write an element, whose parent has the XPath `path`.

        Raises:
            DocumentTooComplex: elements lie too deep in one another.
            NoteTooLarge: they hold more text than the sheet takes.
        """
        self._element(node, sheet, Where(path, depth, as_typed=self._keep_lines))

    def write_parts(self, node: Node, sheet: Sheet, path: str) -> None:
        """Write what an element with the XPath `path` holds; raise as `write` does."""
        self._parts(node, sheet, Where(path))

    def refuse_depth(self) -> NoReturn:
        """Raise DocumentTooComplex: elements lie too deep in one another."""
        raise DocumentTooComplex(index=self._index, what=f"elements in one another {DEEPEST} deep")

    def _element(self, node: Node, sheet: Sheet, around: Where) -> None:
        if around.depth >= DEEPEST:
            self.refuse_depth()
        name = self._tree.name(node)
        around.numbers[name] += 1
        attributes = self._tree.attributes(node)
        if self._is_out(name, attributes):
            return
        if name in _SINGLE:
            _SINGLE[name](attributes, sheet, around.path)
            return
        self._open(node, name, attributes, sheet, self._within(name, attributes, around))

    def _is_out(self, name: str, attributes: Mapping[str, str | None]) -> bool:
        if name in elements.UNSEEN or name in elements.TAKEN_BACK:
            return True
        return bool(attributes) and (is_hidden(attributes) or self._hidden(attributes))

    def _within(self, name: str, attributes: Mapping[str, str | None], around: Where) -> Where:
        """Return what holds inside an element: words of inline ones belong to their block."""
        ordered = name == "ol" or (attributes.get("listtype") or "").lower() == "ordered"
        is_list = name in elements.LISTS
        return Where(
            self._path(name, around) if _is_block(name) else around.path,
            around.depth + 1,
            ordered if is_list else around.ordered,
            around.as_typed or name in elements.AS_TYPED,
            Counter() if _is_block(name) else around.numbers,
            around.numbers[name],
        )

    def _path(self, name: str, around: Where) -> str:
        """Return the XPath of a block; where it would be long, that of a block around it."""
        path = f"{around.path}/{name}[{around.numbers[name]}]"
        return path if len(path) <= _LONGEST_PATH else around.path

    def _open(
        self,
        node: Node,
        name: str,
        attributes: Mapping[str, str | None],
        sheet: Sheet,
        where: Where,
    ) -> None:
        if name == "tr":
            self._row(node, sheet, where)
        elif name in elements.HEADINGS:
            sheet.block("hard")
            sheet.begin("heading")
            self._parts(node, sheet, where)
            sheet.end()
        elif name in elements.ITEMS:
            sheet.begin_item(_mark(attributes, where))
            self._parts(node, sheet, where)
            sheet.end_item()
        elif name == "select":
            self._selected(node, attributes, sheet, where)
        else:
            self._block_or_words(node, name, sheet, where)

    def _block_or_words(self, node: Node, name: str, sheet: Sheet, where: Where) -> None:
        if name == "dd":
            sheet.go_on_after_key()
        elif _is_block(name):
            sheet.block("soft" if name in elements.PARAGRAPHS else "none")
        if name == "dt":
            sheet.begin("key")
        self._parts(node, sheet, where)
        if name == "dt":
            sheet.end()
        elif _is_block(name):
            sheet.block("soft" if name in elements.PARAGRAPHS or name == "table" else "none")

    def _parts(self, node: Node, sheet: Sheet, where: Where) -> None:
        for part in self._tree.parts(node):
            if isinstance(part, str):
                sheet.words(part, where.path, as_typed=where.as_typed)
            else:
                self._element(part, sheet, where)

    def _row(self, node: Node, sheet: Sheet, where: Where) -> None:
        names: list[str] = []
        cells: list[Sheet] = []
        for part in self._tree.parts(node):
            if isinstance(part, str):
                sheet.words(part, where.path)
                continue
            name = self._tree.name(part)
            if name not in elements.CELLS:
                self._element(part, sheet, where)
                continue
            cells.append(sheet.part())
            names.append(name)
            self._element(part, cells[-1], where)
        sheet.row(cells, keyed=names == ["th", "td"])

    def _selected(
        self, node: Node, attributes: Mapping[str, str | None], sheet: Sheet, where: Where
    ) -> None:
        """Write the chosen options of a list; without any a drop-down list shows its first one."""
        options = list(self._options(node, where.depth))
        chosen = [one for one, _ in options if "selected" in self._tree.attributes(one)]
        if not chosen and _drops_down(attributes):
            chosen = [one for one, enabled in options if enabled][:1]
        for one in chosen:
            sheet.words(" ", None)
            self._parts(one, sheet, where)

    def _options(
        self, node: Node, depth: int, *, enabled: bool = True
    ) -> Iterator[tuple[Node, bool]]:
        """Yield the options of a list, and whether each can be chosen (WHATWG HTML, 4.10.7)."""
        if depth >= DEEPEST:
            self.refuse_depth()
        for part in self._tree.parts(node):
            if isinstance(part, str):
                continue
            can_be = enabled and "disabled" not in self._tree.attributes(part)
            if self._tree.name(part) == "option":
                yield part, can_be
            else:
                yield from self._options(part, depth + 1, enabled=can_be)


def is_hidden(attributes: Mapping[str, str | None]) -> bool:
    """Return whether an element's own attributes take it out of what is shown."""
    if "hidden" in attributes or (attributes.get("revised") or "").lower() == "delete":
        return True
    style = attributes.get("style")
    if style and hides(style):
        return True
    codes = attributes.get("stylecode")
    return bool(codes) and not elements.HIDING_STYLES.isdisjoint((codes or "").lower().split())


def _drops_down(attributes: Mapping[str, str | None]) -> bool:
    """Return whether a list of options shows only one of them."""
    return "multiple" not in attributes and (attributes.get("size") or "1").strip() in {"0", "1"}


def _is_block(name: str) -> bool:
    return (
        name in elements.BLOCKS
        or name in elements.PARAGRAPHS
        or name in elements.HEADINGS
        or name in elements.ITEMS
        or name in elements.LISTS
        or name in elements.CELLS
        or name in elements.AS_TYPED
    )


def _mark(attributes: Mapping[str, str | None], where: Where) -> str:
    """Return what stands before an item: its number, or a dash."""
    if not where.ordered:
        return "- "
    said = attributes.get("value") or ""
    return f"{said if _NUMBER.fullmatch(said) else where.number}. "


def _break(_: Mapping[str, str | None], sheet: Sheet, __: str) -> None:
    sheet.line_end()


def _rule(_: Mapping[str, str | None], sheet: Sheet, __: str) -> None:
    sheet.block("hard")


def _input(attributes: Mapping[str, str | None], sheet: Sheet, path: str) -> None:
    """Write what a field of a form shows: its check mark, or its value."""
    sort = (attributes.get("type") or "text").lower()
    if sort in {"checkbox", "radio"}:
        sheet.words(_CHECKED["checked" in attributes], path)
    elif sort not in {"hidden", "password", "file", "image"}:
        sheet.words(f" {attributes.get('value') or ''} ", path)


_SINGLE: Final[Mapping[str, Callable[[Mapping[str, str | None], Sheet, str], None]]] = {
    "br": _break,
    "hr": _rule,
    "input": _input,
}
"""Elements that hold nothing."""
