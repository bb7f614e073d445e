"""CDA XML to the text of its narrative."""

import base64

import pytest

from tests.unit.fhir_mapping.documents.formats.conversions import code, converted, text

CDA = "text/xml"


def cda(body: str, before: str = "") -> str:
    """Return a CDA document with a body."""
    return (
        f'{before}<ClinicalDocument xmlns="urn:hl7-org:v3"><title>Note</title>'
        "<recordTarget><patientRole><addr>asthma</addr></patientRole></recordTarget>"
        f"<component>{body}</component></ClinicalDocument>"
    )


def section(narrative: str, title: str = "Plan", inner: str = "") -> str:
    """Return a CDA document with one section, its coded entry, and sections in it."""
    return cda(
        f"<structuredBody><component><section><title>{title}</title><text>{narrative}</text>"
        f"<entry><observation><text>asthma</text></observation></entry>{inner}"
        "</section></component></structuredBody>"
    )


@pytest.mark.parametrize(
    ("narrative", "expected"),
    [
        ("Rest", "Rest\n"),
        ("<paragraph>Rest</paragraph><paragraph>Aspirin</paragraph>", "Rest\nAspirin\n"),
        ("<list><item>Rest</item><item>Aspirin</item></list>", "- Rest\n- Aspirin\n"),
        ("<list listType='ordered'><item>Rest</item></list>", "1. Rest\n"),
        (
            "<table><thead><tr><th>Drug</th><th>Dose</th></tr></thead><tbody><tr><td>"
            "<content ID='m'>Aspirin</content></td><td>81<br/>mg</td></tr></tbody></table>",
            "Drug\tDose\nAspirin\t81 mg\n",
        ),
        ("a<br/>b<sup>2</sup>", "a\nb2\n"),
        ("Rest <content revised='delete'>asthma</content>now", "Rest now\n"),
        ("Rest <content styleCode='Bold xHidden'>asthma</content>now", "Rest now\n"),
        ("Rest<renderMultiMedia referencedObject='x'><caption>asthma</caption></renderMultiMedia>",
         "Rest\n"),
        ("<!-- asthma -->Rest", "Rest\n"),
        ("<div><ul><li>Rest</li></ul></div>", "- Rest\n"),
    ],
)  # fmt: skip
def test_a_section_is_written_as_a_note_is_typed(narrative: str, expected: str) -> None:
    """Title, lists, tables; neither header nor coded entries nor what is deleted."""
    assert text(section(narrative), CDA) == f"Note:\n\nPlan:\n{expected}"


def test_sections_within_sections() -> None:
    """Each has its own title, in the order of the document, and its place as an XPath."""
    inner = "<component><section><title>Diet</title><text>Salt</text></section></component>"
    found = converted(section("Rest", inner=inner), CDA)
    assert found.text == "Note:\n\nPlan:\nRest\n\nDiet:\nSalt\n"
    path = "/ClinicalDocument/component/structuredBody/component[1]/section"
    assert [part.place for part in found.source] == [
        "/ClinicalDocument/title",
        f"{path}/title",
        f"{path}/text[1]",
        f"{path}/component[1]/section/title",
        f"{path}/component[1]/section/text[1]",
    ]


@pytest.mark.parametrize("encoding", ["UTF-8", "ISO-8859-1", "UTF-16"])
def test_the_encoding_is_declared(encoding: str) -> None:
    """XML says itself how its bytes are to be read."""
    document = f'<?xml version="1.0" encoding="{encoding}"?>{section("Ménière")}'
    assert "Ménière" in text(document.encode(encoding), CDA)


def file(data: bytes, media_type: str, attributes: str = "representation='B64'") -> str:
    """Return a CDA document whose body is a file."""
    encoded = base64.encodebytes(data).decode()
    return cda(
        f"<nonXMLBody><text mediaType='{media_type}' {attributes}>{encoded}</text></nonXMLBody>"
    )


def test_a_file_within_is_converted_in_turn() -> None:
    """The place leads through the document to the bytes of the file in it."""
    found = converted(file(rb"{\rtf1 No fever}", "application/rtf"), CDA)
    assert (found.text, found.decoded_as) == ("No fever\n", "cda, rtf")
    place = "/ClinicalDocument/component/nonXMLBody/text, bytes 7-15"
    assert [part.place for part in found.source] == [place]


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (file(b"x", "image/png"), "unsupported-content-type"),
        (file(b"x", "text/plain", "representation='B64' compression='GZ'"),
         "unsupported-content-type"),
        (cda("<nonXMLBody><text representation='B64'>YWJj=</text></nonXMLBody>"), "bad-base64"),
        (cda("<nonXMLBody><text><reference value='x.pdf'/></text></nonXMLBody>"),
         "no-attachment-data"),
        (cda(""), "malformed-document"),
        (section("Rest")[:-30], "malformed-document"),
        (section("&unknown;"), "malformed-document"),
        (section("<renderMultiMedia/>", title="").replace("Note", ""), "no-text-in-document"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why(document: str, expected: str) -> None:
    """Every way a CDA document can be unreadable has its own code."""
    assert code(document, CDA) == expected


XXE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))


@pytest.mark.parametrize(
    "doctype",
    [
        XXE,
        f'<?xml version="1.0"?><!-- x -->\n<?pi y?>{XXE}',
        f'<!DOCTYPE x [<!ENTITY a0 "ha">{LAUGHS}]>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd">',
    ],
    ids=["external entity", "behind a comment", "billion laughs", "external DTD"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_any_doctype_is_refused(doctype: str, encoding: str) -> None:
    """XXE and entity bombs need one; CDA has none."""
    document = cda(section("&a;"), before=doctype).encode(encoding)
    assert code(document, "application/hl7-cda+xml") == "forbidden-doctype"


@pytest.mark.parametrize("declaration", ["", '<?xml version="1.0"?>'])
@pytest.mark.parametrize("marks", [1, 2, 3])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_byte_order_marks_hide_no_doctype(declaration: str, marks: int, encoding: str) -> None:
    """The parser drops one more than stands before an honest document."""
    before = "\ufeff" * marks + declaration + "<!DOCTYPE x>"
    document = cda(section("Rest"), before=before).encode(encoding)
    assert code(document, "application/hl7-cda+xml") == "forbidden-doctype"


def test_a_doctype_that_only_stands_in_the_text_is_words() -> None:
    """A note may speak of one."""
    assert "<!DOCTYPE x>" in text(section("<![CDATA[<!DOCTYPE x>]]>"), CDA)


@pytest.mark.parametrize("depth", [250, 5000])
def test_nested_content(depth: int) -> None:
    """Elements far too deep in one another are refused, by the walk or by the parser."""
    for name in ("content", "select"):
        narrative = f"<{name}>" * depth + f"</{name}>" * depth
        assert code(section(narrative), CDA) == "document-too-complex"


def test_a_file_in_a_file_in_a_file() -> None:
    """CDA in CDA in CDA ends somewhere."""
    document = section("Rest").encode()
    for _ in range(4):
        document = file(document, "text/xml").encode()
    assert code(document, CDA) == "document-too-complex"
