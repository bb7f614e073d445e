"""Whatever comes in: only typed errors leave, and every part has its characters."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from selectolax.lexbor import LexborHTMLParser, LexborNode

from fhir_mapping.documents.formats.converted import Converted
from fhir_mapping.documents.formats.elements import UNSEEN
from fhir_mapping.documents.formats.markup_text import _is_block
from models.errors import BiomedError
from tests.documents import FORMATS
from tests.pdfs import Page, pdf
from tests.unit.fhir_mapping.documents.formats.conversions import (
    assert_parts,
    converted,
    squeezed,
    uncovered,
)

FEW, MANY = 40, 20_000
Has = Callable[[str, str], bool]

PIECES = {
    "text/html": [
        "<p>", "</p>", "<div>", "</div>", "<b>", "</b>", "<table>", "<tr>", "<td>", "</table>",
        "<ul>", "<li>", "<ol>", "</ul>", "<br>", "<h2>", "</h2>", "<pre>", "</pre>", "<dl>", "<dt>",
        "<dd>", "<span hidden>", "</span>", "<!--", "-->", "<select>", "<option selected>",
        "</select>", "<script>", "</script>", "<template>", "</template>", "<svg>", "</svg>",
        "<style>.x{display:none}</style>", "<i class=x>", "</i>", "&amp;", "&shy;", "&#0;", "<",
        "&nbsp;", "<textarea>", "</textarea>", "<input type=checkbox>",
    ],
    "application/rtf": [
        "{", "}", r"\par ", r"\b ", r"\'e9", r"\u233?", r"\u-10179?", r"\uc0", r"\trowd ",
        r"\cell ", r"\row ", r"\intbl ", r"\pard ", r"{\listtext 1.\tab}",
        r"\outlinelevel1 ", r"\v ", r"\v0 ",
        r"{\*\x ", r"\bin3 ", r"\f1 ", r"{\fonttbl{\f1\fcharset2 Symbol;}}", r"\nestcell ", "\\",
        r"\nestrow ", r"{\pict ", r"\ansicpg932 ", r"\tab ", r"\page ", r"\deleted ", r"\plain ",
        r"{\field{\*\fldinst{\fftype1\ffres1}}}",
    ],
    "text/xml": [
        "<paragraph>", "</paragraph>", "<list>", "</list>", "<item>", "</item>", "<content>",
        "</content>", "<table>", "</table>", "<tr>", "</tr>", "<td>", "</td>", "<br/>", "&amp;",
        "<caption>", "</caption>", "<content revised='delete'>", "<section>", "</text>", "<text>",
    ],
}  # fmt: skip
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


class Sort(NamedTuple):
    """A format: its media type, what is put around pieces, how a place is looked up."""

    media_type: str
    around: Callable[[str], str]
    has: Callable[[bytes], Has]


def within(words: str, whole: str) -> bool:
    """Whether an original has words, in order, whatever stands between them."""
    rest = iter(whole)
    return all(letter in rest for letter in words)


def html_has(data: bytes) -> Has:
    """Return what looks for words at an XPath of a page."""
    root = LexborHTMLParser(data.decode().replace("\0", "\ufffd")).root

    def has(place: str, words: str) -> bool:
        element = root
        for name, number in re.findall(r"/([^/\[]+)\[(\d+)\]", place.partition("/")[2] and place):
            element = nth(element, name, int(number), top=element is root and name == "html")
        return within(words, squeezed(shown(element)))

    return has


def nth(around: LexborNode | None, name: str, number: int, *, top: bool) -> LexborNode | None:
    """Return the element of a name and number, counting in all inline elements of a block."""
    if top or around is None:
        return around
    return counted(around, name)[number - 1]


def counted(around: LexborNode, name: str) -> list[LexborNode]:
    """Return the elements of a name in a block, those in its inline elements too."""
    return [one for one in in_block(around) if one.tag == name]


def in_block(around: LexborNode) -> Iterator[LexborNode]:
    """Yield the elements that a block counts: none within a block in it, or a hidden element."""
    for child in around.iter():
        if around.tag == "select" and child.tag != "option":
            continue
        yield child
        apart = _is_block(child.tag or "") and child.tag != "option"
        if not (apart or unseen(child)):
            yield from in_block(child)


def unseen(element: LexborNode) -> bool:
    """Whether a page of PIECES does not show an element."""
    hidden = "hidden" in element.attributes
    return (
        hidden
        or element.tag in UNSEEN
        or (element.attributes.get("class") == "x" and styled(element))
    )


def styled(element: LexborNode) -> bool:
    """Whether the page of an element hides what has the class x."""
    top = element
    while top.parent is not None:
        top = top.parent
    return any(one.tag == "style" and ".x{" in (one.text() or "") for one in top.traverse())


def shown(element: LexborNode | None) -> str:
    """Return all text of an element, its fields with their values."""
    assert element is not None
    return "".join(map(said, element.traverse(include_text=True)))


def said(node: LexborNode) -> str:
    """Return what a text or a field says."""
    if node.tag == "input":
        return "[x][]" + (node.attributes.get("value") or "")
    return (node.text_content or "") if node.is_text_node else ""


def cda_has(data: bytes) -> Has:
    """Return what looks for words at an XPath of a CDA document."""
    root = etree.fromstring(data)

    def has(place: str, words: str) -> bool:
        steps = [step.partition("[") for step in place.split("/")[1:]]
        path = "".join(
            f"/*[local-name()='{name}']" + (f"[{number}" if number else "")
            for name, _, number in steps
        )
        return any(within(words, squeezed("".join(one.itertext()))) for one in root.xpath(path))

    return has


def rtf_has(data: bytes) -> Has:
    """Return what converts the bytes of a place alone."""

    def has(place: str, words: str) -> bool:
        start, end = map(int, place.removeprefix("bytes ").split("-"))
        alone = converted(b"{\\rtf1 " + data[start:end] + b"}", "application/rtf")
        return squeezed(alone.text) == words

    return has


RTF = Sort("application/rtf", lambda body: rf"{{\rtf1\ansi {body}}}", rtf_has)
HTML = Sort("text/html", lambda body: f"<p>{body}", html_has)
CDA = Sort(
    "text/xml",
    lambda body: (
        '<ClinicalDocument xmlns="urn:hl7-org:v3"><component><structuredBody><component>'
        f"<section><title>T</title><text>{body}</text></section></component></structuredBody>"
        "</component></ClinicalDocument>"
    ),
    cda_has,
)
SORTS = {sort.media_type: sort for sort in (HTML, RTF, CDA)}


def bodies(media_type: str) -> st.SearchStrategy[str]:
    """Return bodies of pieces and words in any order."""
    return st.lists(st.sampled_from(PIECES[media_type]) | WORDS, max_size=25).map("".join)


def check(body: str, sort: Sort, *, places: bool) -> None:
    """Convert a body; what it gives is in order, and where `places`, has its characters."""
    data = sort.around(body).encode("utf-8", "replace")
    found = survived(data, sort.media_type)
    if found is not None:
        assert_parts(found, sort.has(data) if places else lambda *_: True)


def survived(data: bytes, media_type: str) -> Converted | None:
    """Return what bytes give, None for a typed error."""
    try:
        return converted(data, media_type)
    except BiomedError:
        return None


def damage(data: bytes, cuts: list[tuple[int, int, bytes]]) -> bytes:
    """Return bytes of which pieces are replaced."""
    for start, length, new in cuts:
        place = start % (len(data) + 1)
        data = data[:place] + new + data[place + length :]
    return data


CUTS = st.lists(
    st.tuples(st.integers(0, 5000), st.integers(0, 40), st.binary(max_size=8)), max_size=6
)


def pages() -> st.SearchStrategy[list[Page]]:
    """Return pages of a few lines."""
    line = st.text(st.sampled_from("abc 12-()\t%"), max_size=20)
    return st.lists(st.builds(Page, st.lists(line, max_size=5), st.booleans()), max_size=3)


def check_pdf(made: list[Page]) -> None:
    """Convert a PDF; each part is on its page."""
    data = pdf(made)
    found = survived(data, "application/pdf")
    if found is None:
        return
    shown = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data)]
    texts = [text.replace("\x02", "-").replace("\ufffe", "-") for text in shown]

    def has(place: str, words: str) -> bool:
        return words in squeezed(texts[int(place.removeprefix("page ")) - 1])

    assert_parts(found, has)


def examples(number: int) -> settings:
    """Return settings for so many examples."""
    return settings(max_examples=number, deadline=None)


@pytest.mark.parametrize("media_type", SORTS)
@examples(FEW)
@given(data=st.data())
def test_pieces_in_any_order(media_type: str, data: st.DataObject) -> None:
    """Only typed errors leave; parts stand in order; HTML and CDA have them where they are said."""
    check(data.draw(bodies(media_type)), SORTS[media_type], places=media_type != RTF.media_type)


@examples(FEW)
@given(
    st.lists(
        st.sampled_from([r"\'e9", r"\u233?", r"\u-10179?\u-8704?", r"\tab ", r"\{", r"\~"])
        | st.text(st.sampled_from("ab é"), max_size=6)
    )
)
def test_bytes_of_rtf_say_the_characters_of_their_part(pieces: list[str]) -> None:
    """Read alone, they give the same."""
    data = RTF.around("".join(pieces).replace("é", r"{\b x}")).encode()
    found = converted(data, RTF.media_type)
    assert_parts(found, rtf_has(data))
    assert uncovered(found).strip() == ""


@pytest.mark.parametrize("media_type", FORMATS)
@examples(FEW)
@given(cuts=CUTS)
def test_damaged_files(media_type: str, cuts: list[tuple[int, int, bytes]]) -> None:
    """A file of which pieces are lost or replaced is read or refused."""
    found = survived(damage(FORMATS[media_type](), cuts), media_type)
    if found is not None:
        assert_parts(found, lambda *_: True)


@examples(FEW)
@given(pages())
def test_pages(made: list[Page]) -> None:
    """Every part of a PDF is on the page that it names."""
    check_pdf(made)


@pytest.mark.soak
@pytest.mark.timeout(3000)
@pytest.mark.parametrize("media_type", SORTS)
@examples(MANY)
@given(data=st.data())
def test_pieces_in_any_order_for_long(media_type: str, data: st.DataObject) -> None:
    """As above, 20,000 times."""
    check(data.draw(bodies(media_type)), SORTS[media_type], places=media_type != RTF.media_type)


@pytest.mark.soak
@pytest.mark.timeout(3000)
@pytest.mark.parametrize("media_type", FORMATS)
@examples(MANY)
@given(cuts=CUTS)
def test_damaged_files_for_long(media_type: str, cuts: list[tuple[int, int, bytes]]) -> None:
    """As above, 20,000 times."""
    survived(damage(FORMATS[media_type](), cuts), media_type)


@pytest.mark.soak
@pytest.mark.timeout(3000)
@examples(MANY)
@given(pages())
def test_pages_for_long(made: list[Page]) -> None:
    """As above, 20,000 times."""
    check_pdf(made)
