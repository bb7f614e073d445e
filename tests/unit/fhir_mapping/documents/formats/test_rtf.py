"""RTF to text, with a way back to the bytes."""

import pytest

from tests.unit.fhir_mapping.documents.formats.conversions import code, converted, text

RTF = "application/rtf"
FONTS = (
    r"{\fonttbl{\f0\fswiss Arial;}{\f1\froman\fcharset2 Symbol;}{\f2\fcharset238 Arial CE;}"
    r"{\f3\fcharset128{\*\falt Gothic}MS Gothic;}{\f4\fnil\fcharset2 Wingdings;}"
    r"{\f5\fnil\fcharset2 Strange;}}"
)


def rtf(body: str) -> str:
    """Return an RTF file with a font table."""
    return rf"{{\rtf1\ansi\ansicpg1252\deff0{FONTS}{body}}}"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (r"No {\b fever}\par No cough", "No fever\nNo cough\n"),
        (r"a\line b\tab c\par\par d\page e", "a\nb\tc\n\nd\n\ne\n"),
        (r"na\'efve \'96 \u233?t\u233e", "naïve – été\n"),
        (r"\uc2\u945ab\uc0\u946 c", "αβc\n"),
        (r"\u-10179?\u-8704?", "😀\n"),
        (r"\u-10179?x", "\ufffdx\n"),
        (r"{\f2 \'a3\'f3d\'9f}", "Łódź\n"),
        (r"{\f3 \'94x}", "肺\n"),
        (r"5 {\f1 m}g >{\f1\'b3} 38 {\f1\'b0}C", "5 μg >≥ 38 °C\n"),
        (r"{\f4\'fe} yes {\f4\'a8} no", "☑ yes □ no\n"),
        (r"{\f5 abc} fever", "\ufffd\ufffd\ufffd fever\n"),
        (r"\{x\} \\ \~y\_z so\-on", "{x} \\  y-z soon\n"),
        (r"\lquote a\rquote  \endash  \bullet", "‘a’ – •\n"),
        (r"\pard{\listtext\f1\'b7\tab}Gout\par{\listtext 2.\tab}Asthma\par x",
         "- Gout\n2. Asthma\nx\n"),
        (r"\pard\outlinelevel0 Past History\par\pard Gout\par", "Past History:\nGout\n"),
        (
            r"\trowd\cellx1\cellx2\pard\intbl Drug\cell Dose\cell\row"
            r"\pard\intbl Aspirin\cell 81\tab mg\par daily\cell\row\pard Then\par",
            "Drug\tDose\nAspirin\t81 mg daily\nThen\n",
        ),
        (r"\trowd a\cell b\cell\row c", "a\tb\nc\n"),
        (
            r"\trowd\intbl Drugs\par\itap2 Aspirin\nestcell 81 mg\nestcell"
            r"{\*\nesttableprops\trowd\nestrow}{\nonesttables\par}\itap1\cell Gout\cell\row",
            "Drugs\nAspirin\t81 mg\nGout\n",
        ),
        (r"{\field{\*\fldinst HYPERLINK x}{\fldrslt link}}", "link\n"),
        (r"{\field{\*\fldinst FORMCHECKBOX {\*\formfield{\fftype1\ffres25\ffdefres1}}}}yes",
         "[x] yes\n"),
        (r"{\shp{\*\shpinst{\sp{\sn a}{\sv b}}{\shptxt box}}{\shprslt{\*\do box}}}", "box\n"),
        ("a\r\nb", "ab\n"),
    ],
)  # fmt: skip
def test_a_file_is_written_as_a_note_is_typed(body: str, expected: str) -> None:
    """Escapes, code pages, symbol fonts, lines, lists and tables."""
    assert text(rtf(body), RTF) == expected


@pytest.mark.parametrize(
    "hidden",
    [
        r"{\v asthma}", r"\v asthma\v0 ", r"{\deleted asthma}", r"\strike asthma\plain ",
        r"{\*\unknown asthma}", r"{\info{\title asthma}}", r"{\pict\pngblip 0102asthma}",
        r"{\stylesheet{\s1 asthma;}}", r"{\*\annotation asthma}", r"{\*\fldinst asthma}",
        r"{\bin6 asthma}", r"{\object{\*\objdata asthma}}",
    ],
)  # fmt: skip
def test_what_is_hidden_or_no_text_stays_out(hidden: str) -> None:
    """Hidden and deleted groups, remarks, pictures, tables of styles."""
    assert text(rtf(f"No fever.{hidden} Gout."), RTF) == "No fever. Gout.\n"


def test_a_place_is_the_bytes_of_the_words() -> None:
    """The bytes of a part are exactly those that say its characters."""
    data = rtf(r"No {\b fe\'e9ver} now").encode()
    found = converted(data, RTF)
    places = [part.place.removeprefix("bytes ").split("-") for part in found.source]
    assert [data[int(start) : int(end)] for start, end in places] == [
        b"No ",
        rb"fe\'e9ver",
        b" now",
    ]


def test_raw_letters_are_of_the_declared_charset() -> None:
    """RTF has only ASCII and escapes; who sends other bytes says what they are."""
    data = rb"{\rtf1\ansi M" + "é".encode() + rb"ni\'e8re}"
    assert text(data, "application/rtf; charset=utf-8") == "Ménière\n"


def test_nesting_bomb() -> None:
    """A million open groups are refused when they are a thousand."""
    assert code("{\\rtf1" + "{" * 1_000_000, RTF) == "document-too-complex"


@pytest.mark.parametrize("size", [10**9, 9_999_999_999])
def test_huge_bin(size: int) -> None:
    """A gigabyte that is declared and not there costs nothing, and the file counts as cut off."""
    found = converted(rf"{{\rtf1 No fever\bin{size} x}}", RTF)
    assert found.text == "No fever\n"
    assert [error.code for error in found.unread] == ["malformed-document"]


def test_a_file_that_ends_too_early_is_read_and_said() -> None:
    """What is there is read; that there may have been more is named as unread."""
    found = converted(r"{\rtf1 No fever\par {\b and", RTF)
    assert found.text == "No fever\nand\n"
    assert "ends before its groups do" in str(found.unread[0])


def test_pictures_alone_are_no_text() -> None:
    """A scan in RTF is unread with its reason, not an empty note."""
    assert code(r"{\rtf1{\pict 00}}", RTF) == "no-text-in-document"
    assert code(r"{\rtf1{\*\shppict{\pict 00}}{\nonshppict{\pict 00}}}", RTF) == (
        "no-text-in-document"
    )


@pytest.mark.parametrize("apart", ["header", "footerr", "footnote"])
def test_what_stands_apart_runs_into_no_sentence(apart: str) -> None:
    """Otherwise "fever" and a page's number would be one word."""
    assert text(rf"{{\rtf1 No fever.{{\{apart} Dr. Smith}}Cough.}}", RTF) == (
        "No fever.\n\nDr. Smith\n\nCough.\n"
    )
