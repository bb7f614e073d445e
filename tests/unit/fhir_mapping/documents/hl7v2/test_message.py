"""A message in its parts, and what is none."""

import hl7
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fhir_mapping.documents.hl7v2.message import header, message
from models.errors import BiomedError, NotHl7, UnknownCharacterSet, WrongCharacterSet
from tests.messages import mdm, msh, obx, segments


def test_fields_count_as_hl7_counts_them() -> None:
    """MSH-1 is the sign between the fields; a field that is not there is empty."""
    parsed = message(mdm("T02", "No fever."))
    header_fields = [parsed.header.msh[number] for number in (1, 2, 10)]
    assert [*header_fields, parsed.header.part(9, 2)] == ["|", "^~\\&", "C1", "T02"]
    (txa,) = parsed.named("TXA")
    assert (txa[12], txa[99]) == ("D1", "")


def test_a_parser_that_nobody_here_wrote_finds_the_same_fields() -> None:
    """python-hl7 splits the message into the same segments and fields."""
    data = mdm("T08", "No fever.", "Some cough.", parent="D0")
    theirs = hl7.parse(data.decode())
    ours = message(data)
    assert [one.name for one in ours.segments] == [str(one[0]) for one in theirs]
    for mine, other in zip(ours.segments, theirs, strict=True):
        assert list(mine.fields) == [str(field) for field in other]


def test_other_delimiters() -> None:
    """The header says which signs part the message."""
    parsed = message(b"MSH$*!?%$A*x$B$C$D$2026$$MDM*T02$1$P$2.5\rPID$$$7\r")
    assert parsed.header.part(3, 2) == "x"
    assert [one[3] for one in parsed.named("PID")] == ["7"]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "MSH"),
        (b"hello", "MSH"),
        (b"MSH|^~\\&", None),
        (b"MSH||||", "MSH"),
        (b"MSH|^^\\&|", "MSH"),
        (b"MSHa^~\\&a", "MSH"),
        (b"FHS|^~\\&|A\rMSH|^~\\&|A\r", "MSH"),
        (mdm("T02", "a").replace(b"\r", b"\n"), "line feeds"),
        (mdm("T02", "a").replace(b"\rOBX", b"\nOBX"), "line feeds"),
        (mdm("T02", "first\rsecond"), "segment 7 has no name"),
        (mdm("T02", "a").replace(b"\r", b"\r\n"), None),
        (b"\xef\xbb\xbf" + mdm("T02", "a"), None),
    ],
)
def test_what_is_no_message(data: bytes, says: str | None) -> None:
    """It is refused with the reason; line feeds behind carriage returns are forgiven."""
    if says is None:
        assert message(data).header.delimiters.component == "^"
    else:
        with pytest.raises(NotHl7, match=says):
            message(data)


def test_a_line_feed_in_a_text_is_no_end_of_a_segment() -> None:
    """Only what looks like the next segment is."""
    parsed = message(mdm("T02", "first\nsecond"))
    assert [one[5] for one in parsed.named("OBX")] == ["first\nsecond"]


@pytest.mark.parametrize(
    ("declared", "codec", "stored"),
    [
        ("", "utf-8", "utf-8"),
        ("", "cp1252", "windows-1252"),
        ("UNICODE UTF-8", "utf-8", "utf-8"),
        ("8859/1", "latin-1", "iso-8859-1"),
        ("8859/15", "iso8859-15", "iso-8859-15"),
        ("8859/1~UNICODE UTF-8", "latin-1", "iso-8859-1"),
        ("GB 18030-2000", "gb18030", "gb18030"),
        ("windows-1252", "cp1252", "windows-1252"),
    ],
)
def test_character_sets(declared: str, codec: str, stored: str) -> None:
    """MSH-18 says how the bytes are read; empty means UTF-8 strictly, then windows-1252."""
    text = segments(msh("MDM^T02", f18=declared), obx("naïve")).decode()
    parsed = message(text.encode(codec))
    assert [one[5] for one in parsed.named("OBX")] == ["naïve"]
    assert parsed.decoded_as == stored


def test_a_sign_within_a_japanese_character_parts_nothing() -> None:
    """Bytes are decoded before they are split."""
    text = segments(msh("MDM^T02", f18="ISO IR87"), obx("咳嘱")).decode()
    data = text.encode("iso2022_jp_2")
    assert data.count(b"|") != text.count("|")
    assert [one[5] for one in message(data).named("OBX")] == ["咳嘱"]


@pytest.mark.parametrize(
    ("declared", "error"),
    [
        ("KLINGON", UnknownCharacterSet),
        ("patient Jane Doe", UnknownCharacterSet),
        ("ASCII", WrongCharacterSet),
        ("UNICODE UTF-8", WrongCharacterSet),
    ],
)
def test_bytes_that_cannot_be_decoded(declared: str, error: type[BiomedError]) -> None:
    """The error names the set where it is a name, and no character of the message."""
    data = segments(msh("MDM^T02", f18=declared)).replace(b"WARD", b"\xe9t\xe9")
    with pytest.raises(error) as caught:
        message(data)
    assert "Jane" not in str(caught.value)


@pytest.mark.parametrize("name", ["UTF-16LE", "UTF-16BE"])
def test_a_set_of_wide_characters_is_a_wrong_one(name: str) -> None:
    """Chapter 2 allows none: the signs between the segments are single bytes."""
    data = segments(msh("MDM^T02", f18=name), obx("No fever."))
    with pytest.raises(WrongCharacterSet):
        message(data + b" " * (len(data) % 2))


@given(st.binary(max_size=200) | st.binary(max_size=200).map(lambda data: mdm("T02") + data))
def test_any_bytes_are_a_message_or_a_typed_error(data: bytes) -> None:
    """Nothing else leaves the parser, nor the look at the header alone."""
    for look in (header, message):
        try:
            look(data)
        except BiomedError:
            continue


def test_nothing_is_no_message_in_any_character_set() -> None:
    """A set that is declared makes no header of what has none."""
    for data in (b"", b"\r", b"\r\n\r\n"):
        with pytest.raises(NotHl7):
            message(data, "utf-8")
