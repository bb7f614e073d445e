"""text/html and XHTML to text (WHATWG HTML)."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from fhir_mapping.documents import charset
from fhir_mapping.documents.formats.converted import Conversion, Converted
from fhir_mapping.documents.formats.html_depth import depths
from fhir_mapping.documents.formats.markup_text import DEEPEST, MarkupText, Tree
from fhir_mapping.documents.formats.sheet import Sheet, written
from fhir_mapping.documents.formats.style_sheets import hidden_names
from models.errors import DocumentTooComplex, MalformedDocument, NoTextInDocument

_META: Final = re.compile(
    rb"<meta\s[^>]{0,200}?charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([\w.:-]{1,40})", re.IGNORECASE
)
_META_WITHIN: Final = 4096
# WHATWG Encoding, 4.2: what calls itself so is windows-1252.
_LATIN: Final = frozenset({"iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii"})
_PICTURES: Final = "img, object, embed, iframe, canvas, video, svg"
_BLOCK_TAG: Final = re.compile(
    r"<(?:!doctype|html|body|p|div|br|tr|td|li|ul|ol|dl|h[1-6]|table|section|article)[\s/>]",
    re.IGNORECASE,
)


def convert(data: bytes, told: Conversion) -> Converted:
    """Return what a reader of the page sees; the places are XPaths.

    Words that are hidden or taken back (`del`, `s`, struck through) are left out.

    Raises:
        UnknownCharset, WrongCharset: the bytes cannot be decoded.
        DocumentTooComplex: elements lie too deep in one another.
        MalformedDocument: the parser gives no tree.
        NoteTooLarge: the text is too long.
    """
    return _converted(data, told)


def convert_typed(data: bytes, told: Conversion) -> Converted:
    """Return the text of what calls itself plain and holds tags, as `convert` does.

    Where no tag ends a line, the line ends are those that somebody typed.
    """
    return _converted(data, told, typed=True)


def _converted(data: bytes, told: Conversion, *, typed: bool = False) -> Converted:
    source, decoded_as = charset.decode(data, _charset(data, told), told.index)
    _check_depth(source, told.index)
    root = LexborHTMLParser(source.replace("\0", "\ufffd")).root
    if root is None:
        raise MalformedDocument(index=told.index, format="HTML", reason="it has no elements")
    sheet = Sheet(told.max_characters)
    keep_lines = typed and not _BLOCK_TAG.search(source)
    hidden = _hidden_by(root)
    MarkupText(TREE, told.index, hidden=hidden, keep_lines=keep_lines).write(root, sheet)
    text, parts = written(sheet.lines)
    if not text.strip() and root.css_first(_PICTURES):
        raise NoTextInDocument(index=told.index, format="HTML")
    return Converted(text, f"html, {decoded_as}", parts)


def _charset(data: bytes, told: Conversion) -> str | None:
    """Return the charset that is declared: by the content type, a byte order mark, the page."""
    if told.charset or charset.marked(data):
        return told.charset
    found = _META.search(data, 0, _META_WITHIN)
    name = found[1].decode("ascii", "replace").lower() if found else None
    if name in _LATIN:
        return "cp1252"
    return None if name is None or name.startswith("utf-16") else name


def _check_depth(source: str, index: int) -> None:
    if any(depth > DEEPEST for depth in depths(source)):
        raise DocumentTooComplex(index=index, what=f"elements in one another {DEEPEST} deep")


def _hidden_by(root: LexborNode) -> Callable[[Mapping[str, str | None]], bool]:
    """Return what says whether the page's own style sheets hide an element."""
    styles = "\n".join(node.text(deep=True) for node in root.css("style"))
    classes, ids = hidden_names(styles)
    if not classes and not ids:
        return lambda _: False

    def hidden(attributes: Mapping[str, str | None]) -> bool:
        names = (attributes.get("class") or "").split()
        return attributes.get("id") in ids or not classes.isdisjoint(names)

    return hidden


def _name(node: LexborNode) -> str:
    return (node.tag or "").lower()


def _attributes(node: LexborNode) -> Mapping[str, str | None]:
    return node.attributes


def _parts(node: LexborNode) -> Iterator[str | LexborNode]:
    child = node.child
    while child is not None:
        if child.is_text_node:
            yield child.text_content or ""
        elif child.is_element_node:
            yield child
        child = child.next


TREE: Final = Tree(_name, _attributes, _parts)
