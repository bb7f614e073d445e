import base64
import codecs
from typing import Any

import pytest

from fhir_mapping.documents.attachment import read
from models.errors import BiomedError, NotAsDeclared, NoteTooLarge
from tests.pdfs import Page, pdf

TEXT = "Naïve – 38 °C"


def made(data: bytes, content_type: str | None = "text/plain") -> dict[str, Any]:
    encoded = {"data": base64.b64encode(data).decode()}
    return {**encoded, "contentType": content_type} if content_type else encoded


def code(attachment: dict[str, Any]) -> str:
    with pytest.raises(BiomedError) as caught:
        read(attachment, 0, max_characters=1000)
    return caught.value.code


@pytest.mark.parametrize(
    ("data", "content_type", "text", "decoded_as"),
    [
        (TEXT.encode(), "text/plain", TEXT, "utf-8"),
        (TEXT.encode(), None, TEXT, "utf-8"),
        (TEXT.encode(), 'TEXT/Plain; Charset="UTF-8"', TEXT, "utf-8"),
        (TEXT.encode(), "text/plain; format=flowed; charset=utf8", TEXT, "utf-8"),
        (codecs.BOM_UTF8 + TEXT.encode(), "text/plain", TEXT, "utf-8-sig"),
        (codecs.BOM_UTF8 + TEXT.encode(), "text/plain; charset=utf-8", TEXT, "utf-8-sig"),
        (TEXT.encode("cp1252"), "text/plain", TEXT, "windows-1252"),
        (TEXT.encode("cp1252"), "text/plain; charset=Windows-1252", TEXT, "windows-1252"),
        ("Naïve".encode("latin-1"), "text/plain; charset=ISO-8859-1", "Naïve", "iso-8859-1"),
        ("Łódź".encode("iso8859-2"), "text/plain;charset='iso-8859-2'", "Łódź", "iso-8859-2"),
        (TEXT.encode("utf-16"), "text/plain", TEXT, "utf-16"),
        (TEXT.encode("utf-16"), "text/plain; charset=utf-16", TEXT, "utf-16"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "text/plain", TEXT, "utf-16"),
        (
            codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
            "text/plain; charset=utf-16le",
            TEXT,
            "utf-16",
        ),
        (TEXT.encode("utf-16-le"), "text/plain; charset=utf-16le", TEXT, "utf-16-le"),
        (TEXT.encode("utf-32"), "text/plain", TEXT, "utf-32"),
        (b"", "text/plain", "", "utf-8"),
        ("😀 fever".encode(), "text/plain", "😀 fever", "utf-8"),
        (b"a\r\nb\t\x0c\xc2\xa0c", "text/plain", "a\r\nb\t\x0c\xa0c", "utf-8"),
    ],
)
def test_bytes_become_exactly_their_text(
    data: bytes, content_type: str | None, text: str, decoded_as: str
) -> None:
    """The text is what was sent, not normalised, and it is said how it was decoded."""
    found = read(made(data, content_type), 0, max_characters=1000)
    assert (found.text, found.decoded_as, found.source) == (text, decoded_as, ())


@pytest.mark.parametrize(
    ("attachment", "expected"),
    [
        ({"contentType": "text/plain"}, "no-attachment-data"),
        ({"contentType": "text/plain", "url": "https://example.org/x"}, "url-not-allowed"),
        ({"contentType": "text/plain", "data": "a"}, "bad-base64"),
        ({"contentType": "text/plain", "data": "YWJj="}, "bad-base64"),
        ({"contentType": "text/plain", "data": "YWJj===="}, "bad-base64"),
        ({"contentType": "text/plain", "data": "YW=Jj"}, "bad-base64"),
        ({"contentType": "text/plain", "data": "YWJ-"}, "bad-base64"),
        ({"contentType": "text/plain", "data": "YWJ\u00a0j"}, "bad-base64"),
        ({"contentType": "text/plain", "data": 7}, "bad-base64"),
        (made(b"%PDF", "application/pdf"), "malformed-document"),
        (made(b"\x89PNG", "image/png"), "unsupported-content-type"),
        (made(b"x", "application/octet-stream"), "not-as-declared"),
        (made(b"x", "application/xml"), "not-as-declared"),
        (made(b"x", "nonsense"), "unsupported-content-type"),
        (made(b"x", "text/plain; charset=klingon"), "unknown-charset"),
        (made(b"x", "text/plain; charset=hex"), "unknown-charset"),
        (made(b"x", "text/plain; charset=unicode_escape"), "unknown-charset"),
        (made(b"x", "text/plain; charset=raw_unicode_escape"), "unknown-charset"),
        (made(b"x", "text/plain; charset=idna"), "unknown-charset"),
        (made(b"x", "text/plain; charset="), "unknown-charset"),
        (made(b"+2AA-", "text/plain; charset=utf-7"), "unknown-charset"),
        (made(b"\xff", "text/plain; charset=utf-8"), "wrong-charset"),
        (made(b"\xe9", "text/plain; charset=us-ascii"), "wrong-charset"),
        (made("é".encode("utf-16"), "text/plain; charset=utf-8"), "wrong-charset"),
        (made("é".encode("utf-16-le"), "text/plain; charset=utf-16"), "wrong-charset"),
        (made(b"\x81\x8d"), "wrong-charset"),
        (made(codecs.BOM_UTF8 + b"\xff"), "wrong-charset"),
        (made(b"a\0b"), "nul-character"),
    ],
)
def test_what_cannot_be_read_says_why(attachment: dict[str, Any], expected: str) -> None:
    """Every way an attachment can be unreadable has its own code."""
    assert code(attachment) == expected


def test_base64_may_be_wrapped() -> None:
    """White space inside base64 is allowed, as FHIR's base64Binary allows it."""
    data = base64.encodebytes(("No fever. " * 20).encode()).decode()
    assert "\n" in data
    assert read({"data": data + " \t\r\n"}, 0, max_characters=1000).text == "No fever. " * 20


def test_the_limit_counts_characters() -> None:
    """A text of exactly the limit is read; one character more is too large."""
    assert read(made("ü😀".encode()), 0, max_characters=2).text == "ü😀"
    with pytest.raises(NoteTooLarge, match=r"3 characters; at most 2"):
        read(made("ü😀x".encode()), 0, max_characters=2)


@pytest.mark.parametrize(
    "attachment",
    [
        made(b"x", "Zebediah Doe 1931"),
        made(b"x", "text/plain; charset=Zebediah Doe"),
    ],
)
def test_a_message_quotes_no_odd_words(attachment: dict[str, Any]) -> None:
    """What is no media type or charset name is not repeated in the message."""
    with pytest.raises(BiomedError) as caught:
        read(attachment, 0, max_characters=10)
    assert "zebediah" not in str(caught.value).lower()


CDA = (
    '<?xml version="1.0"?>\n<ClinicalDocument xmlns="urn:hl7-org:v3"><component><structuredBody>'
    "<component><section><text>No fever</text></section></component></structuredBody></component>"
    "</ClinicalDocument>"
)
RTF = "{\\rtf1\\ansi No {\\b fever}}"


@pytest.mark.parametrize(
    ("data", "decoded_as"),
    [
        (RTF.encode(), "rtf"),
        (b"\r\n " + RTF.encode(), "rtf"),
        (RTF.encode("utf-16"), "rtf"),
        (b"<html><body>No <b>fever</b></body></html>", "html, utf-8"),
        (b"<!DOCTYPE HTML><p>No fever", "html, utf-8"),
        (b'<div style="x">No fever', "html, utf-8"),
        (b'<?xml version="1.0"?><!DOCTYPE html><html><p>No fever</p></html>', "html, utf-8"),
        (CDA.encode(), "cda, utf-8"),
        (codecs.BOM_UTF8 + CDA.encode(), "cda, utf-8-sig"),
        (pdf([Page(["No fever"])]), "pdf"),
    ],
)
@pytest.mark.parametrize("content_type", ["text/plain", None, "application/octet-stream"])
def test_what_calls_itself_otherwise_is_read_as_what_it_is(
    data: bytes, decoded_as: str, content_type: str | None
) -> None:
    """Markup and PDF under a wrong label are converted, by what their first bytes say."""
    found = read(made(data, content_type), 0, max_characters=1000)
    assert (found.text, found.decoded_as) == ("No fever\n", decoded_as)


def test_typed_lines_with_tags_among_them_stay_lines() -> None:
    """Of a text that somebody typed, and marked up here and there, the line ends count."""
    found = read(made(b"PMH: gout\nBP <b>high</b>\n<i>Plan</i>: rest"), 0, max_characters=1000)
    assert found.text == "PMH: gout\nBP high\nPlan: rest\n"


@pytest.mark.parametrize(
    ("data", "content_type"),
    [(b"No fever.\nNo cough.", "text/html"), (b"No fever.\nNo cough.", "application/rtf")],
)
def test_plain_text_under_the_label_of_markup_keeps_its_lines(
    data: bytes, content_type: str
) -> None:
    """What holds no markup at all is the text that it looks like."""
    assert read(made(data, content_type), 0, max_characters=1000).text == data.decode()


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b'<?xml version="1.0"?><note>No fever</note>', "XML"),
        (b"PK\x03\x04 word/document.xml", "a ZIP archive or an Office document"),
        (b"\xff\xd8\xff\xe0", "a JPEG image"),
    ],
)
def test_what_is_not_read_is_refused_as_what_it_is(data: bytes, found: str) -> None:
    """Files of other kinds that call themselves plain text are not read; the reason names them."""
    with pytest.raises(NotAsDeclared, match=f"says it is: {found}"):
        read(made(data), 0, max_characters=1000)


@pytest.mark.parametrize(
    "text",
    [
        "<30 y/o> BP <120/80, glucose >200. a<b and b>c",
        "<patient> denies fever",
        "pH <7.2; K >5.5 <see below>",
        "{\\r} as typed",
        "%PDF is a format; PK: none",
        "MetforminHydrochloride500mgTwiceDailyByMouthOK",
        "Fever",
        "Negative",
        "Diabetes",
        "AAAAAAAAAAAAAAAA",
        "CONTINUEASPIRINEIGHTYONEMILLIGRAM",
        "abcd" * 8,
    ],
)
def test_plain_text_that_looks_odd_is_read(text: str) -> None:
    """Less-than signs, braces and words without spaces are still what somebody wrote."""
    assert read(made(text.encode()), 0, max_characters=1000).text == text


@pytest.mark.parametrize(
    "inner",
    [
        b"No fever, no chills today.",
        b"Fever.",
        "Keine Übelkeit, kein Fieber.".encode(),
        "Температуры нет.".encode(),
        "Na\u00efve, no fever, no cough.".encode("cp1252"),
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3",
        b"No fever. " * 20,
    ],
)
def test_base64_of_base64_is_recognised(inner: bytes) -> None:
    """What was encoded twice, wrapped or not, has its own code."""
    for encoded in (base64.b64encode(inner), base64.encodebytes(inner)):
        assert code(made(encoded)) == "base64-twice"
