"""Which documents a message brings, whose they are, and what becomes of others."""

import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fhir_mapping.documents.document_reference import loaded
from fhir_mapping.documents.document_reference import parse as parse_resource
from fhir_mapping.documents.messages.identifiers import Identifier, Identifiers
from fhir_mapping.documents.messages.meaning import parse, withdrawn
from fhir_mapping.documents.relations import replaces
from models.clinical import Message
from models.errors import (
    BiomedError,
    FieldTooLong,
    MissingField,
    NotHl7,
    TooManyOrders,
    UnsupportedEvent,
    UnsupportedMessage,
)
from tests.messages import mdm, msh, numbered, obx, oru, segments


def read(data: bytes) -> Message:
    return parse(data, tenant="default")


def resources(data: bytes) -> list[Any]:
    """Return the DocumentReferences of a message; each has to be one that POST would take."""
    found = [one.document for one in read(data).documents]
    for one in found:
        assert parse_resource(one.resource, tenant="default") == one
    return [loaded(one) for one in found]


def only(data: bytes) -> Any:
    (found,) = resources(data)
    return found


def original(resource: Any) -> bytes:
    return base64.b64decode(resource["content"][0]["attachment"]["data"])


def test_a_document_keeps_its_message() -> None:
    """What it is, whose, of which visit and when; its attachment is the message as it was sent."""
    data = mdm("T02", "No fever.")
    found = only(data)
    assert original(found) == data
    assert found["content"][0]["attachment"]["contentType"].startswith("x-application/hl7-v2+er7")
    assert (found["status"], found["docStatus"], found["type"]) == (
        "current", "final", {"text": "DS"},
    )  # fmt: skip
    assert found["identifier"][0]["value"] == "D1"
    assert found["subject"]["reference"] == "Patient/WARD.7"
    assert found["subject"]["identifier"]["value"] == "7"
    assert found["context"]["encounter"][0]["reference"] == "Encounter/WARD.V9"
    assert found["date"] == "2026-01-05T10:00:00+01:00"


def test_what_names_a_message() -> None:
    """Its sender's names, its id there, when it was sent."""
    found = read(mdm("T02", "a", control="C77"))
    assert (found.application, found.facility, found.control_id, found.event) == (
        "SENDER", "WARD", "C77", "MDM^T02",
    )  # fmt: skip
    assert found.sent == "2026-01-05T09:15:00+00:00"


@pytest.mark.parametrize("event", ["T02", "T04", "T08"])
def test_the_same_number_is_the_same_document(event: str) -> None:
    """An edit or a change of status is another version of it."""
    first, later = read(mdm("T02", "a")), read(mdm(event, "b", control="C2"))
    assert [one.document.key for one in first.documents] == [
        one.document.key for one in later.documents
    ]
    assert "relatesTo" not in only(mdm(event, "b", parent="D0"))


def test_an_addendum_leaves_its_parent_alone() -> None:
    """It is a document of its own that appends."""
    found = only(mdm("T06", "a", number="D2", parent="D1"))
    assert found["relatesTo"][0]["code"] == "appends"
    assert replaces(found) == ()


def test_a_replacement_names_its_parent_as_the_parent_names_itself() -> None:
    """By the key that the parent's own message gave it, its authority repeated or not."""
    for number, parents in {"D1": ("D1",), "D1^LAB": ("D1^LAB", "D1")}.items():
        (parent,) = read(mdm("T02", "a", number=number)).documents
        for named in parents:
            found = only(mdm("T10", "b", number=number.replace("D1", "D2"), parent=named))
            assert replaces(found) == (parent.document.key,)


def test_a_replacement_of_itself_is_an_edit() -> None:
    """Some senders keep the number."""
    assert "relatesTo" not in only(mdm("T10", "b", number="D1", parent="D1"))
    assert "relatesTo" not in only(mdm("T10", "b", number="D1"))


@pytest.mark.parametrize(
    ("data", "cancels", "status"),
    [
        (mdm("T11"), True, "entered-in-error"),
        (mdm("T02", "a"), False, "current"),
        (mdm("T04", "a").replace(b"|AU\r", b"|AU||CA\r"), True, "entered-in-error"),
        (mdm("T04", "a").replace(b"|AU\r", b"|AU||OB\r"), False, "superseded"),
        (mdm("T08", "a").replace(b"||F\r", b"||D\r"), True, "entered-in-error"),
        (mdm("T08", "a", "b").replace(b"||F\r", b"||D\r", 1), False, "current"),
        (oru(("O1", "a")), False, "current"),
        (oru(("O1", "a")).replace(b"||F\r", b"||C\r"), False, "current"),
        (oru(("O1", "a", "b")).replace(b"||F\r", b"||W\r"), True, "entered-in-error"),
        (oru(("O1", "a", "b")).replace(b"|b||||||F\r", b"|b||||||D\r"), False, "current"),
        (oru(("O1",)).replace(b"|F\r", b"|D\r"), True, "entered-in-error"),
    ],
)
def test_what_cancels(data: bytes, cancels: bool, status: str) -> None:  # noqa: FBT001 a column
    """T11, a deleted document, and results that are all deleted or wrong."""
    (found,) = read(data).documents
    assert (found.cancels, loaded(found.document)["status"]) == (cancels, status)


def test_results_of_several_orders_are_several_documents() -> None:
    """Each keeps the segments that are about it, under the header and the patient of all."""
    found = resources(oru(("O1", "No fever."), ("O2", "Some cough.")))
    assert [one["identifier"][0]["value"] for one in found] == ["O1", "O2"]
    for mine, other, one in (("fever", "cough", found[0]), ("cough", "fever", found[1])):
        part = original(one).decode()
        assert part.startswith("MSH|^~\\&|SENDER")
        assert "\rPID|1||7^^^WARD^MR\r" in part
        assert (mine in part, other in part) == (True, False)
    assert {one["subject"]["reference"] for one in found} == {"Patient/WARD.7"}
    assert found[0]["type"]["text"] == "Chest film"
    assert found[0]["date"] == "2026-01-05T00:00:00+01:00"


def test_one_number_in_two_orders_is_one_document() -> None:
    """Else the second would be taken for the next version of the first."""
    found = only(oru(("O1", "No fever."), ("O1", "Some cough.")))
    assert b"fever" in original(found)
    assert b"cough" in original(found)


def test_each_patient_has_his_own_results() -> None:
    """A PID begins a new patient; the same number of two patients is two documents."""
    one = oru(("O1", "No fever."))
    other = oru(("O1", "Some cough.")).replace(b"7^^^WARD", b"8^^^WARD").partition(b"\r")[2]
    found = resources(one + other)
    assert [each["subject"]["reference"] for each in found] == ["Patient/WARD.7", "Patient/WARD.8"]
    assert b"fever" not in original(found[1])


def test_an_order_segment_begins_its_own_group() -> None:
    """The ORC before an OBR belongs to it, and its number counts where the OBR has none."""
    data = segments(
        msh("ORU^R01"),
        numbered("PID", f3="7"),
        numbered("ORC", f1="RE", f3="O1"),
        numbered("OBR", f1="1"),
        obx("a"),
        numbered("ORC", f1="RE", f2="P2"),
        numbered("OBR", f1="2"),
        obx("b"),
    )
    found = resources(data)
    assert [one["identifier"][0]["value"] for one in found] == ["O1", "P2"]
    assert [original(one).count(b"\rORC|") for one in found] == [1, 1]


def test_an_order_without_a_number_is_named_by_its_content() -> None:
    """No two of them are taken for versions of one document."""
    first, second = read(oru(("", "a"), ("", "b"))).documents
    assert first.document.key != second.document.key
    assert first.document.key.startswith("sha256:")


def test_an_order_is_no_document_of_the_same_number() -> None:
    """Numbers of documents, of fillers and of placers are three kinds."""
    (order,) = read(oru(("D1", "a"))).documents
    (document,) = read(mdm("T02", "a")).documents
    assert order.document.key != document.document.key


@pytest.mark.parametrize(
    ("cx", "reference"),
    [
        ("7^^^WARD^MR", "Patient/WARD.7"),
        ("7", "Patient/WARD.7"),
        ("9^^^OTHER^SS~7^^^WARD^MR", "Patient/WARD.7"),
        ("9^^^OTHER^PI~7^^^WARD^SS", "Patient/OTHER.9"),
        ("9^^^OTHER^SS~8^^^X^DL", "Patient/OTHER.9"),
        ("~7^^^WARD^MR", "Patient/WARD.7"),
        ("7^^^&1.2.3&ISO", "uuid"),
        ("7^^^WARD&1.2.3&ISO", "Patient/WARD.1.2.3.7"),
        ("7.1^^^WARD", "uuid"),
        ("7/1^^^WARD", "uuid"),
        ("7" * 70, "uuid"),
        ("", None),
        ('""', None),
    ],
)
def test_who_the_patient_is(cx: str, reference: str | None) -> None:
    """The medical record number within its authority, else the sending facility."""
    subject = only(mdm("T02", "a", patient=cx)).get("subject")
    if reference != "uuid":
        assert (subject and subject["reference"]) == reference
    else:
        assert len(subject["reference"]) == len("Patient/") + 36


def test_no_two_patients_share_an_id() -> None:
    """However authority and number are cut."""
    patients = [
        "1.2^^^A", "2^^^A.1", "2^^^A&1&ISO", "2^^^A&2&ISO", "2^^^&A.1&ISO", "A.2", "A-2", "2^^^A",
        "a2^^^", "2^^^a",
    ]  # fmt: skip
    found = {only(mdm("T02", "x", patient=one))["subject"]["reference"] for one in patients}
    assert len(found) == len(patients)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (mdm("T01"), UnsupportedEvent),
        (mdm("T09"), UnsupportedEvent),
        (segments(msh("ADT^A01")), UnsupportedMessage),
        (segments(msh("")), UnsupportedMessage),
        (segments(msh("ORU^R30"), numbered("OBR", f3="1")), UnsupportedEvent),
        (segments(msh("ORU^R01"), obx("a")), NotHl7),
        (segments(msh("MDM^T02"), obx("a")), NotHl7),
        (mdm("T02", "a") + mdm("T02", "a").partition(b"\rTXA")[2].join([b"TXA", b""]), NotHl7),
        (mdm("T02", "a", number=""), MissingField),
        (mdm("T02", "a", control=""), MissingField),
        (mdm("T06", "a"), MissingField),
        (mdm("T06", "a", parent="D1"), MissingField),
        (mdm("T02", "a", number="D" * 256), FieldTooLong),
        (mdm("T02", "a", number="D1^" + "N" * 256), FieldTooLong),
        (mdm("T10", "a", parent="D" * 256), FieldTooLong),
        (mdm("T02", "a", patient="7" * 256), FieldTooLong),
        (mdm("T02", "a", control="C" * 256), FieldTooLong),
        (mdm("T02", "a", f3="S" * 256), FieldTooLong),
        (mdm("T02", "a", f4="W" * 256), FieldTooLong),
        (oru(("O" * 256, "a")), FieldTooLong),
        (mdm("T02", "a", number="D\0"), NotHl7),
    ],
)
def test_what_is_refused(data: bytes, error: type[BiomedError]) -> None:
    """Each with its own error, which sending again does not help."""
    with pytest.raises(error) as caught:
        read(data)
    assert not caught.value.retry


def test_names_as_long_as_hl7_allows() -> None:
    """MSH-10 with 199 characters, the names of a sender with 227."""
    (found,) = read(mdm("T02", "a", control="C" * 199, f3="S" * 227, f4="W" * 227)).documents
    assert found.document.key


def test_what_stands_before_the_first_order_is_not_copied_for_each() -> None:
    """Who the patient is and which visit is; next of kin and early results stay with the first."""
    kin, early = numbered("NK1", f1="1", f2="Kin"), obx("Early.")
    start = [msh("ORU^R01"), numbered("PID", f3="7"), numbered("PV1", f19="V9"), kin, early]
    first, second = resources(
        segments(*start, numbered("OBR", f3="O1"), obx("a"), numbered("OBR", f3="O2"), obx("b"))
    )
    names = [[line[:3] for line in original(one).splitlines()] for one in (first, second)]
    assert names == [
        [b"MSH", b"PID", b"PV1", b"NK1", b"OBX", b"OBR", b"OBX"],
        [b"MSH", b"PID", b"PV1", b"OBR", b"OBX"],
    ]


def test_results_before_an_order_stay_when_its_number_comes_twice() -> None:
    """A patient who is named again with the same order keeps what stands before it there."""
    again = [numbered("PID", f3="7"), obx("Early."), numbered("OBR", f3="O1"), obx("b")]
    found = only(segments(*oru(("O1", "a")).decode().split("\r")[:-1], *again))
    assert b"Early." in original(found)


def orders(count: int, patient: str = "7") -> bytes:
    """Return a message of so many orders, each of a line."""
    lines = (numbered("OBR", f3=f"O{number}") for number in range(count))
    return segments(msh("ORU^R01"), numbered("PID", f3=patient), *lines)


def test_orders_that_repeat_too_much_are_refused() -> None:
    """All parts together are in proportion to their message, however long its patient is."""
    assert len(read(orders(500, "7~" * 500)).documents) == 500
    for data in (orders(1001), orders(900, "7~" * 2000)):
        with pytest.raises(TooManyOrders) as caught:
            read(data)
        assert not caught.value.retry


def test_the_patient_of_many_orders_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever PID-3 costs, it costs it once."""
    asked: list[str] = []
    patient = Identifiers.patient

    def counted(self: Identifiers, field: str) -> Identifier | None:
        asked.append(field)
        return patient(self, field)

    monkeypatch.setattr(Identifiers, "patient", counted)
    assert len(read(orders(50)).documents) == 50
    assert asked == ["7"]


def test_an_event_may_stand_in_its_segment_alone() -> None:
    """EVN-1 says it where MSH-9 does not."""
    data = mdm("T11").replace(b"MDM^T11", b"MDM")
    assert read(data).event == "MDM^T11"


def test_a_document_that_was_cancelled_before_is_kept_as_an_error() -> None:
    """Under its own number, with its message."""
    (sent,) = read(mdm("T10", "a", parent="D0")).documents
    kept = withdrawn(sent.document)
    assert (kept.key, kept.id) == (sent.document.key, sent.document.id)
    assert loaded(kept)["status"] == "entered-in-error"
    assert original(loaded(kept)) == original(loaded(sent.document))
    assert replaces(loaded(kept)) == ()


FIELD = st.text(alphabet='|^~\\&AB1 "\r\n.é', max_size=12)


@given(st.lists(FIELD, min_size=4, max_size=4), st.sampled_from(["T02", "T06", "T10", "T11"]))
def test_whatever_stands_in_the_fields(fields: list[str], event: str) -> None:
    """A message is refused by a typed error, or its documents are ones that POST would take."""
    number, parent, patient, text = fields
    try:
        resources(mdm(event, text, number=number, parent=parent, patient=patient))
    except BiomedError as error:
        sentence = str(error)
        assert sentence.isprintable()
