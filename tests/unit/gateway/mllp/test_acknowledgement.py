"""The answers, as the sender asked for them."""

import hl7
import pytest
from hl7apy.parser import parse_message
from hypothesis import given
from hypothesis import strategies as st

from fhir_mapping.documents.hl7v2.message import header
from gateway.mllp.acknowledgement import acknowledgement
from models.errors import (
    BiomedError,
    CutOff,
    DatabaseUnavailable,
    FieldTooLong,
    MessageTooLarge,
    MissingField,
    NotHl7,
    StepFailed,
    TooManyOrders,
    UnknownCharacterSet,
    UnsupportedEvent,
    UnsupportedMessage,
)
from tests.messages import mdm, msh, segments

DOWN = DatabaseUnavailable(kind="x")
WRONG = UnsupportedEvent(event="MDM^T01")


def answer(data: bytes, error: BiomedError | None = None, warning: str = "") -> str:
    found = acknowledgement(header(data), error, warning)
    assert found is not None
    return found.decode("latin-1")


def test_sender_and_receiver_change_places() -> None:
    """The id of the message comes back, the answer has its own, the version stays."""
    msa_and_msh = hl7.parse(answer(mdm("T02", control="C7", f12="2.4")))
    head, msa = msa_and_msh[0], msa_and_msh[1]
    assert [str(head[number]) for number in (3, 4, 5, 6)] == ["NLP", "HERE", "SENDER", "WARD"]
    assert (str(head[9]), str(head[11]), str(head[12])) == ("ACK^T02^ACK", "P", "2.4")
    assert str(head[10]) not in {"", "C7"}
    assert (str(msa[1]), str(msa[2])) == ("AA", "C7")


@pytest.mark.parametrize(
    ("commit", "application", "codes"),
    [
        ("", "", ("AA", "AE", "AR")),
        ("AL", "", ("CA", "CE", "CR")),
        ("AL", "NE", ("CA", "CE", "CR")),
        ("", "AL", ("CA", "CE", "CR")),
        ("ER", "NE", (None, "CE", "CR")),
        ("SU", "NE", ("CA", None, None)),
        ("NE", "NE", (None, None, None)),
        ("NE", "AL", ("AA", "AE", "AR")),
        ("NE", "ER", (None, "AE", "AR")),
    ],
)
def test_what_is_acknowledged_and_when(
    commit: str, application: str, codes: tuple[str | None, ...]
) -> None:
    """MSH-15 and MSH-16 decide; without both it is the original mode."""
    head = header(segments(msh("MDM^T02", f15=commit, f16=application)))
    found = [acknowledgement(head, error) for error in (None, DOWN, WRONG)]
    assert [one and hl7.parse(one.decode())[1][1][0] for one in found] == list(codes)


@pytest.mark.parametrize(
    ("error", "condition"),
    [
        (NotHl7(reason="x"), "100"),
        (MissingField(field="MSH-10"), "101"),
        (CutOff(), "100"),
        (FieldTooLong(field="MSH-10", limit=7), "102"),
        (TooManyOrders(limit="7 orders"), "207"),
        (UnknownCharacterSet(name="x"), "103"),
        (UnsupportedMessage(kind="ADT"), "200"),
        (WRONG, "201"),
        (MessageTooLarge(limit=7), "207"),
        (StepFailed(step="parse", kind="x"), "207"),
        (DOWN, "207"),
    ],
)
def test_an_error_is_said_by_the_tables_code_and_in_words(
    error: BiomedError, condition: str
) -> None:
    """From version 2.5 on in ERR; our own code and the sentence stand beside it."""
    said = hl7.parse(answer(mdm("T02"), error))
    err = said[2]
    assert (str(err[3][0][0]), str(err[4]), str(err[5][0][0])) == (condition, "E", error.code)
    assert hl7.parse(answer(mdm("T02", f12="2.3"), error))[-1][0][0] == "MSA"


def test_signs_of_the_sender_are_used_and_escaped() -> None:
    """A sentence that holds one of them does not part the answer."""
    said = answer(b"MSH$*~\\&$A$$$$2026$$MDM*T01$C1$P$2.5\r", NotHl7(reason="2 $ and *"))
    assert "2 \\F\\ and \\S\\" in said
    assert said.startswith("MSH$*~\\&$")


def test_a_warning_stands_in_the_answer() -> None:
    """Of a message that was taken in."""
    assert "|used before" in answer(mdm("T02"), warning="used before")


@pytest.mark.parametrize(
    "version", ["2.1", "2.2", "2.3", "2.3.1", "2.4", "2.5", "2.5.1", "2.6", "2.7"]
)
def test_a_strict_parser_takes_the_answers(version: str) -> None:
    """hl7apy finds header and acknowledgement in the answers of each version."""
    for error in (None, WRONG):
        parsed = parse_message(answer(mdm("T02", f12=version), error), find_groups=False)
        assert parsed.msa.msa_2.value == "C1"
        assert parsed.msh.msh_12.value == version


def test_a_message_without_a_header_is_answered_too() -> None:
    """Its sender hears that it is refused."""
    found = acknowledgement(None, NotHl7(reason="x"))
    assert found is not None
    assert hl7.parse(found.decode())[1][1][0] == "AR"


@given(st.binary(max_size=40), st.sampled_from([None, DOWN, WRONG]))
def test_whatever_the_header_holds(field: bytes, error: BiomedError | None) -> None:
    """The answer is one frame of two or three segments."""
    data = (
        segments(msh("MDM^T02")).replace(b"SENDER", field.replace(b"\r", b"")).replace(b"C1", field)
    )
    try:
        head = header(data)
    except BiomedError:
        return
    found = acknowledgement(head, error)
    if found is not None:
        assert found.count(b"\r") == 2 + (error is not None)
        assert not set(b"\x0b\x1c\n") & set(found)
