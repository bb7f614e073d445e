"""The text in a message, and the way back from its characters to fields and components."""

import base64
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fhir_mapping.documents.formats import dispatch
from fhir_mapping.documents.formats.converted import Converted
from fhir_mapping.documents.hl7v2.tables import ER7
from models.errors import BiomedError
from tests.messages import mdm, msh, numbered, obx, oru, segments

read = partial(dispatch.convert, declared=ER7, index=0, max_characters=100_000)


def results(*lines: str, kind: str = "ORU^R01") -> bytes:
    return segments(msh(kind), numbered("OBR", f3="O1"), *lines)


def places(found: Converted) -> dict[str, str]:
    """Return what each place holds."""
    return {part.place: found.text[part.start : part.end] for part in found.source}


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["No fever,", "no cough."], "No fever,\nno cough."),
        (["first~second", "third"], "first\nsecond\nthird"),
        (["  indented"], "  indented"),
        (["T 38^C & rising"], "T 38^C & rising"),
        ([r"5\F\ x"], "5| x"),
        ([""], None),
        (['""'], None),
    ],
)
def test_lines_of_tx(lines: list[str], text: str | None) -> None:
    """Each OBX and each repetition is a line; a separator within a text is a sign of it."""
    message = mdm("T02", *lines)
    if text is None:
        with pytest.raises(BiomedError, match="no text that is read"):
            read(message)
    else:
        assert read(message).text == text


def test_line_ends_of_ft() -> None:
    """Formatting commands lay the text out."""
    found = read(results(obx(r"No fever.\.br\No cough.\.sp\\H\Plan:\N\ rest", "FT")))
    assert found.text == "No fever.\nNo cough.\nPlan: rest"


def test_every_character_leads_back() -> None:
    """To its OBX and repetition; what the converter put between them leads nowhere."""
    found = read(mdm("T02", "No fever.~No cough.", r"a\.br\b"))
    assert places(found) == {
        "OBX[1]-5[1]": "No fever.",
        "OBX[1]-5[2]": "No cough.",
        "OBX[2]-5[1]": "a\nb",
    }


def test_another_observation_begins_a_paragraph_under_its_name() -> None:
    """The name says what a text is of: what the family had is not what the patient has."""
    found = read(
        results(
            obx("No fever.", name="1^Findings^L"),
            obx("No cough.", name="1^Findings^L"),
            obx("Pneumonia.", name="2^Family History^L"),
        )
    )
    assert found.text == "Findings:\nNo fever.\nNo cough.\n\nFamily History:\nPneumonia."
    assert places(found)["OBX[3]-3.2"] == "Family History"


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        ([obx("a", name="1^Report"), obx("b", name="1^Report")], "a\nb"),
        ([obx("a", name="X&GDT"), obx("b", name="X&IMP")], "a\n\nb"),
        ([obx("Plan: a", name="1^PLAN"), obx("b", name="2^Labs")], "Plan: a\n\nLabs:\nb"),
    ],
)
def test_a_name_that_says_nothing_new_is_no_heading(lines: list[str], text: str) -> None:
    """One name alone, none, or one with which its text begins."""
    assert read(results(*lines)).text == text


def test_what_was_deleted_is_not_in_the_text() -> None:
    """Nor what was posted as wrong; corrections are."""
    lines = [obx("a", status="D"), obx("b", status="W"), obx("c", status="C"), obx("d")]
    assert read(results(*lines)).text == "c\nd"


def test_what_is_not_read_is_said() -> None:
    """By its place; numbers, codes and comments are no text of a report."""
    message = results(obx("a"), obx("4.2", "NM"), obx("x", "ST"), "NTE|1||hemolysed")
    found = read(message)
    assert found.text == "a"
    assert [str(one) for one in found.unread] == [
        "The values of OBX[2]-5, OBX[3]-5, NTE[1]-3 are no text and are not read."
    ]


def test_a_string_is_text_where_the_message_is_a_document() -> None:
    """In results it may be a value such as the name of a germ."""
    assert read(segments(msh("MDM^T02"), obx("No fever.", "ST"))).text == "No fever."
    with pytest.raises(BiomedError, match="no OBX-5 of the types TX, FT, ED"):
        read(results(obx("Escherichia coli", "ST")))


def encapsulated(data: bytes | str, subtype: str = "PLAIN", encoding: str = "Base64") -> str:
    sent = base64.b64encode(data).decode() if isinstance(data, bytes) else data
    return obx(f"^AP^{subtype}^{encoding}^{sent}", "ED")


@pytest.mark.parametrize(
    "sent",
    [
        encapsulated("No naïve fever.".encode()),
        encapsulated("No naïve fever.".encode("cp1252"), "TEXT"),
        encapsulated("No na\\XC3AF\\ve fever.", "TXT", "A"),
        encapsulated(base64.b64encode("No naïve fever.".encode()).decode()[:8] + "\\.br\\"
                     + base64.b64encode("No naïve fever.".encode()).decode()[8:]),
        encapsulated("No naïve fever.".encode().hex(), "PLAIN", "Hex"),
    ],
)  # fmt: skip
def test_encapsulated_text(sent: str) -> None:
    """Whatever its encoding; it leads back to its component."""
    found = read(results(obx("Report"), sent))
    assert found.text == "Report\nNo naïve fever."
    assert places(found)["OBX[2]-5[1].5"] == "No naïve fever."


@pytest.mark.parametrize(
    ("data", "subtype"),
    [
        (rb"{\rtf1 Report: {\b No} fever.\par}", "RTF"),
        (b"<html><body><p>Report: <b>No</b> fever.</p></body></html>", "HTML"),
        (b"<html><body><p>Report: <b>No</b> fever.</p></body></html>", "octet-stream"),
    ],
)
def test_encapsulated_documents(data: bytes, subtype: str) -> None:
    """They are converted as attachments are, and lead back through their component."""
    found = read(results(encapsulated(data, subtype)))
    assert found.text.strip() == "Report: No fever."
    assert found.source
    assert all(part.place.startswith("OBX[1]-5[1].5") for part in found.source)


def test_an_attachment_that_is_not_read_is_no_loss_of_the_others() -> None:
    """It is said why; alone it is why nothing is read."""
    broken, picture = encapsulated("?"), encapsulated(b"\xff\xd8\xff", "JPEG")
    found = read(results(obx("Report"), broken, picture))
    assert found.text == "Report"
    assert [one.code for one in found.unread] == ["bad-base64", "not-as-declared"]
    with pytest.raises(BiomedError) as caught:
        read(results(broken))
    assert caught.value.code == "bad-base64"


def test_how_the_message_was_decoded() -> None:
    """As it stands in the note; a charset of the attachment outweighs MSH-18."""
    message = oru(("O1", "naïve"), f18="8859/1").decode().encode("latin-1")
    assert (read(message).text, read(message).decoded_as) == ("naïve", "iso-8859-1")
    declared = f"{ER7}; charset=windows-1252"
    again = dispatch.convert(message, declared, index=0, max_characters=100)
    assert again.decoded_as == "windows-1252"


LINE = st.text(alphabet='|^~\\&AB1.br\r\n"é', max_size=20)


@given(st.lists(LINE, max_size=4), st.sampled_from(["TX", "FT", "ED", "ST", "NM", ""]))
def test_whatever_stands_in_the_lines(lines: list[str], kind: str) -> None:
    """A text whose parts lie in order within it, or a typed error."""
    try:
        found = read(results(*(obx(line, kind) for line in lines), kind="MDM^T02"))
    except BiomedError:
        return
    bounds = [place for part in found.source for place in (part.start, part.end)]
    assert bounds == sorted(bounds)
    assert not bounds or bounds[-1] <= len(found.text)
