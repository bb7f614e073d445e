"""Is a narrative one that FHIR R4 allows (txt-1, txt-2, and the required binding of its status)?"""

from collections.abc import Iterator
from typing import Any, Final
from xml.etree import ElementTree as ET

_STATUSES: Final = frozenset({"generated", "extensions", "additional", "empty"})
_XHTML: Final = "{http://www.w3.org/1999/xhtml}"
# Of what txt-1 allows (HTML 4.0, chapters 7 to 11 and 15), what a line of words can need.
_ELEMENTS: Final = frozenset(
    {"a", "b", "br", "div", "em", "h1", "h2", "hr", "i", "li", "ol", "p"}
) | {*("pre", "span", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul")}
_ATTRIBUTES: Final = frozenset({"class", "id", "lang", "title", "style"})


def narrative(resource: dict[str, Any]) -> Iterator[str]:
    """Report what is wrong with the text of a resource; a resource may have none."""
    text = resource.get("text")
    if text is None:
        return
    if text.get("status") not in _STATUSES:
        yield "text.status is no code of its value set"
    try:
        root = ET.fromstring(text.get("div", ""))  # noqa: S314 - our own words
    except ET.ParseError:
        yield "text.div is not well-formed"
        return
    if root.tag != f"{_XHTML}div":
        yield "text.div is no div of XHTML"
    if not "".join(root.itertext()).strip():
        yield "txt-2 is broken"
    yield from _of_elements(root)


def _of_elements(root: ET.Element) -> Iterator[str]:
    for element in root.iter():
        if element.tag.removeprefix(_XHTML) not in _ELEMENTS or element.attrib.keys() - _ATTRIBUTES:
            yield "txt-1 is broken"
