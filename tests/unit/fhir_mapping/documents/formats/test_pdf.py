"""PDF to text, page by page."""

import zlib

import pytest

from fhir_mapping.documents.formats.pdf import ranges
from tests.pdfs import Page, pdf
from tests.unit.fhir_mapping.documents.formats.conversions import code, converted, text

PDF = "application/pdf"
SCAN = Page(picture=True)


def test_lines_columns_and_paragraphs() -> None:
    """Words far apart in one line are cells, lines far apart are paragraphs."""
    page = Page(["PLAN:", "", "Drug\tDose", "Aspirin\t81 mg", "- no fever – naïve"])
    expected = "PLAN:\n\nDrug\tDose\nAspirin\t81 mg\n- no fever – naïve\n"
    assert text(pdf([page]), PDF) == expected


def test_each_part_names_its_page() -> None:
    """A page begins a paragraph; its lines name it."""
    found = converted(pdf([Page(["No fever"]), Page(["No cough"])]), PDF)
    assert found.text == "No fever\n\nNo cough\n"
    assert [(found.text[p.start : p.end], p.place) for p in found.source] == [
        ("No fever", "page 1"),
        ("No cough", "page 2"),
    ]


def test_image_only() -> None:
    """A scan without text is no empty note."""
    assert code(pdf([SCAN, SCAN]), PDF) == "no-text-in-document"


def test_pages_without_text_are_named() -> None:
    """Scanned pages among others, also under a line that a fax machine printed; blank ones not."""
    pages = [Page(["No fever"]), SCAN, Page(["FAX 2/3"], picture=True), Page(), SCAN]
    found = converted(pdf(pages), PDF)
    assert found.text == "No fever\n\nFAX 2/3\n"
    assert [error.code for error in found.unread] == ["pages-unread"]
    assert str(found.unread[0]).endswith("not read: 2-3, 5.")


def test_a_scan_with_recognised_text_is_read() -> None:
    """Much text over a picture is what the picture says."""
    page = Page(["The patient denies fever, chills and cough."] * 6, picture=True)
    assert converted(pdf([page]), PDF).unread == ()


def test_encrypted() -> None:
    """A password is asked of nobody."""
    assert code(pdf([Page(["No fever"])], encrypted=True), PDF) == "encrypted-document"


@pytest.mark.parametrize("data", [b"%PDF-1.7", b"%PDF-1.4 " + bytes(range(256)) * 40])
def test_what_is_no_pdf(data: bytes) -> None:
    """A beginning alone is none."""
    assert code(data, PDF) == "malformed-document"


def test_a_gigabyte_that_is_only_declared() -> None:
    """The length of a stream is what is there, whatever the file says."""
    data = pdf([Page(["No fever"])]).replace(b"/Length ", b"/Length 1000000000")
    assert text(data, PDF) in {"No fever\n", ""}


def test_bytes_that_are_no_deflated_stream() -> None:
    """A page whose content cannot be unpacked has no text, and brings nothing down."""
    assert text(pdf([Page()], streams=[zlib.compress(b"BT (x) Tj")[:9]]), PDF) == ""


@pytest.mark.parametrize(
    ("numbers", "expected"), [([1], "1"), ([1, 2, 3, 7], "1-3, 7"), ([2, 4], "2, 4")]
)
def test_pages_as_people_write_them(numbers: list[int], expected: str) -> None:
    """Runs of pages are ranges."""
    assert ranges(numbers) == expected
