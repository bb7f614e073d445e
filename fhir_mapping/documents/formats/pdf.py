"""application/pdf to text, page by page, by pdfium (ISO 32000)."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import groupby
from typing import Final

import pypdfium2
from pypdfium2 import raw

from fhir_mapping.documents.formats.converted import Conversion, Converted
from fhir_mapping.documents.formats.pdf_lines import Letter, lines
from fhir_mapping.documents.formats.sheet import Sheet, written
from models.errors import (
    BiomedError,
    EncryptedDocument,
    MalformedDocument,
    NoTextInDocument,
    PagesUnread,
)

LARGE_PICTURE: Final = 0.5
"""Part of a page from which on a picture may be the page itself, as a scanner makes it."""

FEW_LETTERS: Final = 200
"""Letters that are no more than the header of such a page."""


def convert(data: bytes, told: Conversion) -> Converted:
    """Return the text of all pages; the places are pages.

    Text that is not shown over a scanned page is read: it is what was recognised there. Pages that
    hold pictures and no text, or hardly any, are named as unread, as are those of whose letters
    nobody says which they are.

    Raises:
        EncryptedDocument: it cannot be opened without a password.
        MalformedDocument: it is no PDF.
        NoTextInDocument: no page has text, and there are pictures.
        NoteTooLarge: the text is too long.
    """
    sheet = Sheet(told.max_characters)
    with closing(_opened(data, told.index)) as pdf:
        pictured = [
            number + 1 for number in range(len(pdf)) if _write(pdf, number, sheet, told.index)
        ]
    text, parts = written(sheet.lines)
    if pictured and not text.strip():
        raise NoTextInDocument(index=told.index, format="PDF")
    return Converted(text, "pdf", parts, _unread(pictured, told.index))


def _opened(data: bytes, index: int) -> pypdfium2.PdfDocument:
    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code == raw.FPDF_ERR_PASSWORD:
            raise EncryptedDocument(index=index) from None
        raise MalformedDocument(index=index, format="PDF", reason="it cannot be opened") from None
    pdf.init_forms()
    return pdf


def _write(pdf: pypdfium2.PdfDocument, number: int, sheet: Sheet, index: int) -> bool:
    """Write the text of a page; return whether the page may hold more than was written."""
    try:
        page = _flat(pdf, number)
    except pypdfium2.PdfiumError:
        reason = f"page {number + 1} cannot be opened"
        raise MalformedDocument(index=index, format="PDF", reason=reason) from None
    with closing(page), closing(page.get_textpage()) as shown:
        letters = list(_letters(shown))
        if _is_unmapped(shown, letters):
            return True
        sheet.block("hard")
        for line in lines(letters):
            sheet.block("hard" if line.apart else "none")
            sheet.words(line.text, f"page {number + 1}", as_typed=True)
        return len(letters) < FEW_LETTERS and _has_large_picture(page, bool(letters))


def _is_unmapped(shown: pypdfium2.PdfTextPage, letters: Sequence[Letter]) -> bool:
    """Whether most letters of a page are of fonts that do not say which letters they draw."""
    unmapped = sum(
        raw.FPDFText_HasUnicodeMapError(shown, number) == 1 for number in range(len(letters))
    )
    return bool(unmapped * 2 > len(letters))


def _flat(pdf: pypdfium2.PdfDocument, number: int) -> pypdfium2.PdfPage:
    """Return a page; what its forms and notes show is made part of it."""
    page = pdf[number]
    if raw.FPDFPage_GetAnnotCount(page) and page.formenv:
        page.flatten()
        page.close()
        page = pdf[number]
    return page


def _letters(shown: pypdfium2.PdfTextPage) -> Iterator[Letter]:
    """Yield the letters of a page in the order in which they are drawn."""
    left, right, bottom, top = (raw.c_double() for _ in range(4))
    box = raw.FS_RECTF()
    for number in range(shown.count_chars()):
        code = raw.FPDFText_GetUnicode(shown, number)
        raw.FPDFText_GetCharBox(shown, number, left, right, bottom, top)
        raw.FPDFText_GetLooseCharBox(shown, number, box)
        yield Letter(chr(code) if code else " ", left.value, right.value, box.bottom, box.top)


def _has_large_picture(page: pypdfium2.PdfPage, has_text: bool) -> bool:  # noqa: FBT001
    """Whether a picture fills much of a page; without any text a picture of any size counts."""
    width, height = page.get_size()
    for picture in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE]):
        left, bottom, right, top = picture.get_bounds()
        if not has_text or (right - left) * (top - bottom) >= LARGE_PICTURE * width * height:
            return True
    return False


def _unread(pages: Sequence[int], index: int) -> tuple[BiomedError, ...]:
    return (PagesUnread(index=index, pages=ranges(pages)),) if pages else ()


def ranges(numbers: Sequence[int]) -> str:
    """Return numbers in order as people write them: `2, 5-7`."""
    runs = [
        [number for _, number in run]
        for _, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0])
    ]
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
