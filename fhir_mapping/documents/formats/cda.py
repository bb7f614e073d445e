"""CDA XML (CDA R2, C-CDA, CCD) to the text of its narrative, section by section.

Coded entries and the header are not read: the narrative is what was attested (CDA R2, 1.3). No
DOCTYPE is taken, so that there are no entities; nothing outside the document is loaded.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from lxml import etree

from fhir_mapping.documents import charset
from fhir_mapping.documents.base64_text import decoded
from fhir_mapping.documents.formats.converted import Conversion, Converted
from fhir_mapping.documents.formats.markup_text import MarkupText, Tree
from fhir_mapping.documents.formats.sheet import Sheet, written
from models.clinical import SourcePart
from models.errors import (
    DocumentTooComplex,
    ForbiddenDoctype,
    MalformedDocument,
    NoContent,
    NoTextInDocument,
    UnsupportedContentType,
)

Element = Any
"""An element of lxml, which has no types."""

DEEPEST_SECTION: Final = 30
_TOO_DEEP: Final = 114  # XML_ERR_RESOURCE_LIMIT of libxml2's xmlerror.h
_DOCTYPE: Final = re.compile(
    r"(?:\s++|<\?(?:(?!\?>).)*+\?>|<!--(?:(?!-->).)*+-->)*+<!DOCTYPE", re.DOTALL
)
_ENCODING: Final = re.compile(
    r"\s*+<\?xml\s[^>]{0,100}?encoding\s{0,9}=\s{0,9}[\"']([A-Za-z0-9._-]{1,40})"
)
_DECLARATION: Final = re.compile(r"\ufeff*+\s*+<\?xml\s[^>]*+>")
_MARK: Final = "\ufeff"


def convert(data: bytes, told: Conversion) -> Converted:
    """Return the narrative; the places are XPaths of elements by their local names.

    Content that is marked deleted (`revised="delete"`) or hidden (`styleCode`) is left out. Of a
    document whose body is a file (`nonXMLBody`) the text of that file is returned.

    Raises:
        ForbiddenDoctype: it holds a DOCTYPE.
        MalformedDocument: it is not well-formed, or no CDA document with a body.
        UnknownCharset, WrongCharset, BadBase64, NoContent: it cannot be decoded.
        DocumentTooComplex: elements lie too deep in one another.
        BiomedError: what the converter of the file in it says.
    """
    source, decoded_as = charset.decode(data, _charset(data, told), told.index)
    document = _undeclared(source)
    if _DOCTYPE.match(document):
        raise ForbiddenDoctype(index=told.index)
    root = _parsed(document, told.index)
    file = _child(_child(root, "component"), "nonxmlbody")
    if file is not None:
        return _of_file(_child(file, "text"), told)
    return _narrative(root, told, decoded_as)


def _charset(data: bytes, told: Conversion) -> str | None:
    """Return the charset that the content type or the document declares (XML 1.0, 4.3.3)."""
    if told.charset or charset.marked(data):
        return told.charset
    found = _ENCODING.match(data[:300].decode("latin-1"))
    return found[1] if found else "utf-8"


def _undeclared(source: str) -> str:
    """Return a document without the declaration and the marks before and behind it.

    The parser drops a byte order mark, so what stands behind one has to be seen here.
    """
    declared = _DECLARATION.match(source)
    return source[declared.end() if declared else 0 :].lstrip(_MARK)


def _parsed(source: str, index: int) -> Element:
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, load_dtd=False, no_network=True,
        dtd_validation=False, remove_comments=True, remove_pis=True, huge_tree=True,
    )  # fmt: skip
    try:
        return etree.fromstring(source.encode(), parser)
    except etree.XMLSyntaxError as error:
        if error.code == _TOO_DEEP:
            raise DocumentTooComplex(index=index, what="the depth of its elements") from None
        reason = f"it is not well-formed XML, line {error.lineno}"
        raise MalformedDocument(index=index, format="CDA", reason=reason) from None


def _narrative(root: Element, told: Conversion, decoded_as: str) -> Converted:
    body = _child(_child(root, "component"), "structuredbody")
    if body is None:
        raise MalformedDocument(index=told.index, format="CDA", reason="it has no body")
    sheet = Sheet(told.max_characters)
    walker = MarkupText(TREE, told.index)
    _title(root, walker, sheet, "/ClinicalDocument")
    path = "/ClinicalDocument/component/structuredBody"
    _sections(body, walker, sheet, path, depth=0)
    text, parts = written(sheet.lines)
    if not text.strip() and any(_name(one) == "rendermultimedia" for one in body.iter()):
        raise NoTextInDocument(index=told.index, format="CDA document")
    return Converted(text, f"cda, {decoded_as}", parts)


def _sections(
    around: Element, walker: MarkupText[Element], sheet: Sheet, path: str, *, depth: int
) -> None:
    """Write the sections of a body or of a section, each under its title."""
    number = 0
    for component in _children(around, "component"):
        number += 1
        section = _child(component, "section")
        if section is None:
            continue
        if depth >= DEEPEST_SECTION:
            walker.refuse_depth()
        place = f"{path}/component[{number}]/section"
        _title(section, walker, sheet, place)
        text = _child(section, "text")
        if text is not None:
            walker.write(text, sheet, place)
        _sections(section, walker, sheet, place, depth=depth + 1)


def _title(holder: Element, walker: MarkupText[Element], sheet: Sheet, path: str) -> None:
    title = _child(holder, "title")
    if title is None:
        return
    sheet.block("hard")
    sheet.begin("heading")
    walker.write_parts(title, sheet, f"{path}/title")
    sheet.end()


def _of_file(text: Element | None, told: Conversion) -> Converted:
    """Return the text of the file that is a document's body (CDA R2, 4.3.1.2)."""
    if text is None or _child(text, "reference") is not None or not (text.text or "").strip():
        raise NoContent(index=told.index)
    if text.get("compression"):
        raise UnsupportedContentType(index=told.index, content_type="a compressed body of CDA")
    words, media_type = text.text or "", text.get("mediaType")
    if text.get("representation") != "B64":
        found = told.inner(words.encode(), f"{media_type or 'text/plain'}; charset=utf-8")
    else:
        found = told.inner(decoded(words, told.index), media_type)
    place = "/ClinicalDocument/component/nonXMLBody/text"
    parts = found.source or (SourcePart(0, len(found.text), "text"),)
    within = tuple(SourcePart(one.start, one.end, f"{place}, {one.place}") for one in parts)
    return Converted(found.text, f"cda, {found.decoded_as}", within, found.unread)


def _children(holder: Element, name: str) -> Iterator[Element]:
    return (child for child in holder if _name(child) == name)


def _child(holder: Element | None, name: str) -> Element | None:
    return None if holder is None else next(_children(holder, name), None)


def _name(element: Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _attributes(element: Element) -> Mapping[str, str | None]:
    return {str(name).lower(): str(value) for name, value in element.attrib.items()}


def _parts(element: Element) -> Iterator[str | Element]:
    if element.text:
        yield element.text
    for child in element:
        if isinstance(child.tag, str):
            yield child
        if child.tail:
            yield child.tail


TREE: Final = Tree(_name, _attributes, _parts)
