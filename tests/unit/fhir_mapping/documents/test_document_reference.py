import json
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fhir_mapping.documents.document_reference import loaded, notes, parse
from models.clinical import Document
from models.errors import FetchDelayed, MissingSubject, NotADocument, UnusableSubject
from tests.unit.fhir_mapping.documents.samples import LIMIT, attachment, parsed, read, resource

NAME = "Zebediah"


def refusal(raw: bytes | str) -> str:
    with pytest.raises(NotADocument) as caught:
        parse(raw, tenant="default")
    return str(caught.value)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"\xff", "not UTF-8"),
        ("{", "not JSON"),
        ('{"a": NaN}', "not JSON"),
        ("[]", "resourceType"),
        ('{"resourceType": "Patient"}', "resourceType"),
        ("[" * 5000, "not JSON"),
    ],
)
def test_what_is_no_document_reference_is_refused(raw: bytes | str, reason: str) -> None:
    """What is not JSON of a DocumentReference is refused with the reason."""
    assert reason in refusal(raw)


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"status": NAME}, "status"),
        ({"status": None}, "status"),
        ({"status": ["current"]}, "status"),
        ({"docStatus": NAME}, "docStatus"),
        ({"content": []}, "content"),
        ({"content": [NAME]}, "content"),
        ({"content": ['{"attachment": {}}']}, "content"),
        ({"content": [{}]}, "content"),
        ({"subject": NAME}, "subject"),
        ({"subject": '{"reference": "Patient/1"}'}, "subject"),
        ({"subject": {"reference": 5}}, "subject.reference"),
        ({"subject": {"reference": "Patient/\0"}}, "NUL"),
        ({"identifier": [{"value": "a\0"}]}, "NUL"),
        ({"identifier": [NAME]}, "identifier"),
        ({"context": [NAME]}, "context"),
        ({"id": NAME + " x"}, "id"),
        ({"date": NAME}, "date"),
        ({"nonsense": NAME}, "nonsense"),
        ({f"{NAME} Doe": 1}, "?"),
        ({"contained": [{"resourceType": NAME}]}, "not FHIR"),
        ({"content": [{"attachment": {"size": NAME}}]}, "content.0.attachment.size"),
    ],
)
def test_a_refusal_names_the_place_and_no_value(changes: dict[str, Any], place: str) -> None:
    """A refusal says where it is wrong and quotes nothing that was sent."""
    reason = refusal(json.dumps(resource(**changes)))
    assert place in reason
    assert NAME not in reason


def test_bad_base64_is_no_refusal() -> None:
    """Data that is not base64 is for the worker to report: the document is accepted."""
    document = parsed({"attachment": {"contentType": "text/plain", "data": "%%%"}})
    assert notes(document, loaded(document), max_characters=LIMIT)[1][0].code == "bad-base64"


def test_text_and_bytes_and_a_byte_order_mark_are_one_document() -> None:
    """How the JSON is carried does not change the document."""
    text = json.dumps(resource(attachment("Zoë")))
    carried: list[bytes | str] = [
        text,
        text.encode(),
        b"\xef\xbb\xbf" + text.encode(),
        "\ufeff" + text,
    ]
    assert len({parse(raw, tenant="default") for raw in carried}) == 1


@pytest.mark.parametrize(
    ("changes", "key", "own_id"),
    [
        ({"identifier": [{"system": "urn:s", "value": "7"}, {"value": "8"}]}, "urn:s|7", True),
        ({"identifier": [{"system": "urn:s"}, {"value": "8"}]}, "|8", True),
        ({}, "id:doc", True),
        ({"identifier": [{"value": "8"}], "id": None}, "|8", False),
    ],
)
def test_the_key_is_the_senders_name(changes: dict[str, Any], key: str, *, own_id: bool) -> None:
    """The key is the first identifier with a value, else the id; an id of its own is kept."""
    document = parsed(**changes)
    assert document.key == key
    assert (document.id == "doc") is own_id


def test_a_document_without_names_is_named_by_its_hash() -> None:
    """Without identifier and id the hash is the key, and the id follows from it and the tenant."""
    raw = json.dumps(resource(id=None))
    here, again, there = (parse(raw, tenant=tenant) for tenant in ("a", "a", "b"))
    assert here.key == f"sha256:{here.sha256}" == there.key
    assert here.id == again.id != there.id


def test_the_hash_ignores_order_and_meta_but_not_the_version() -> None:
    """The hash is of the content: key order and server stamps do not count, meta.versionId does."""
    made = resource(meta={"lastUpdated": "2026-01-01T00:00:00Z"})
    turned = dict(reversed(list(resource(meta={"source": "x"}).items())))
    one, other = (parse(json.dumps(each), tenant="t").sha256 for each in (made, turned))
    assert one == other == parsed().sha256
    assert one != parsed(meta={"versionId": "2"}).sha256 != parsed(attachment("x")).sha256


def test_the_references_of_the_document_are_taken() -> None:
    """Subject, encounter and date come from the document, and the JSON stays as it was sent."""
    context = {"encounter": [{"reference": "Encounter/5"}, {"reference": "EpisodeOfCare/6"}]}
    document = parsed(context=context, date="2026-01-01T00:00:00Z")
    assert (document.subject, document.encounter) == ("Patient/1", "Encounter/5")
    assert document.date == "2026-01-01T00:00:00Z"
    assert json.loads(document.resource)["context"] == context


def test_of_several_encounters_none_is_taken() -> None:
    """With two encounters none is surely the right one."""
    two = {"encounter": [{"reference": "Encounter/5"}, {"reference": "Encounter/6"}]}
    assert parsed(context=two).encounter is None


@pytest.mark.parametrize(
    "reference",
    [
        "Patient/1",
        "Group/g-1",
        "https://example.org/fhir/Patient/1/_history/2",
        "urn:uuid:129c6ac7-8d06-89de-ad63-0204a93e76c3",
    ],
)
def test_subjects_that_can_be_written_about(reference: str) -> None:
    """A literal reference to a Patient or Group is carried as it is, without a version."""
    made, unread = read(subject={"reference": reference})
    assert (made[0].subject, unread) == (reference.removesuffix("/_history/2"), ())


def test_no_subject_is_said() -> None:
    """Nothing can be written of nobody."""
    with pytest.raises(MissingSubject):
        read(subject=None)


@pytest.mark.parametrize(
    "subject",
    [
        {"reference": "Device/1"},
        {"reference": "#p"},
        {"identifier": {"value": "7"}},
        {"display": "somebody"},
        {"reference": "urn:uuid:129c6ac7-8d06-89de-ad63-0204a93e76c3", "type": "Device"},
    ],
)
def test_subjects_that_cannot_be_written_about(subject: dict[str, Any]) -> None:
    """A device, a contained patient or a mere name cannot be the subject of a Condition."""
    with pytest.raises(UnusableSubject):
        read(subject=subject)


@pytest.mark.parametrize(
    "changes", [{"status": "entered-in-error"}, {"docStatus": "entered-in-error"}]
)
def test_entered_in_error_is_not_read(changes: dict[str, Any]) -> None:
    """Of a document marked as an error no attachment is read, and each says why."""
    made, unread = read(attachment("a"), attachment("b"), subject=None, **changes)
    assert made == ()
    assert [(one.content_index, one.code) for one in unread] == [
        (0, "entered-in-error"),
        (1, "entered-in-error"),
    ]


def test_of_a_superseded_document_nothing_is_read() -> None:
    """What another document took the place of says nothing more; that it is an error outweighs."""
    made, unread = read(attachment("a"), attachment(None), status="superseded")
    assert made == ()
    assert [one.code for one in unread] == ["superseded", "superseded"]
    both = read(status="superseded", docStatus="entered-in-error")
    assert [one.code for one in both[1]] == ["entered-in-error"]


def test_several_contents_are_each_read_or_said() -> None:
    """Each content is a note or an unread part, under its own position."""
    made, unread = read(
        attachment("one"),
        attachment(b"\x89PNG", "image/png"),
        attachment("three"),
        attachment(None),
    )
    assert [(note.content_index, note.text) for note in made] == [(0, "one"), (2, "three")]
    assert [(one.content_index, one.code) for one in unread] == [
        (1, "unsupported-content-type"),
        (3, "no-attachment-data"),
    ]


def test_two_formats_of_one_document_are_read_once() -> None:
    """Content is the same document in several formats (R4): the second one's words are known."""
    html = attachment("<p>Blood pressure: 120/80.</p><ul><li>No fever</ul>", "text/html")
    rtf = attachment(r"{\rtf1 Blood pressure: 120/80.\par No fever\par}", "application/rtf")
    made, unread = read(attachment(None), html, rtf, attachment("No fever"), attachment(""))
    assert [note.content_index for note in made] == [1, 3, 4]
    assert [(one.content_index, one.code) for one in unread] == [
        (0, "no-attachment-data"),
        (2, "same-text"),
    ]
    assert "content[2] says the same words as content[1]" in unread[1].reason


def test_another_format_keeps_what_it_left_unread() -> None:
    """That its words are known says nothing of the part that could not be read."""
    cut_off = attachment(r"{\rtf1 No fever", "application/rtf")
    made, unread = read(attachment("No fever"), cut_off)
    assert [note.content_index for note in made] == [0]
    codes = [one.code for one in unread]
    assert (len(codes), codes[-1]) == (2, "same-text")


def test_a_sign_makes_another_text() -> None:
    """Words that differ in a minus sign are not the same text."""
    made, unread = read(attachment("Troponin - 0.4"), attachment("Troponin 0.4"))
    assert (len(made), unread) == (2, ())


def test_what_may_pass_is_waited_for_if_it_is_wanted() -> None:
    """A server that does not answer fails the whole document; in the end only the attachment."""

    def silent(_: object, index: int) -> bytes:
        raise FetchDelayed(index=index, reason="ConnectTimeout")

    url = {"attachment": {"contentType": "text/plain", "url": "https://example.org/1"}}
    document = parsed(attachment("one"), url)
    json, limit = loaded(document), LIMIT
    with pytest.raises(FetchDelayed):
        notes(document, json, max_characters=limit, fetch=silent, wait_for_passing=True)
    made, unread = notes(document, json, max_characters=limit, fetch=silent)
    assert ([note.text for note in made], [one.code for one in unread]) == (
        ["one"],
        ["fetch-delayed"],
    )


def test_a_note_names_its_version() -> None:
    """The version is the inbox's number, carried into every note."""
    document = replace(parsed(), version="3")
    made, _ = notes(document, loaded(document), max_characters=LIMIT)
    assert (made[0].document_id, made[0].document_version) == ("doc", "3")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=8), inner, max_size=2)
    ),
    max_leaves=4,
)
NAMES = st.sampled_from(
    ["id", "meta", "identifier", "status", "docStatus", "subject", "date", "context", "content",
     "contained", "extension", "author", "text", "resourceType", "type", "_status"]
)  # fmt: skip


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(NAMES, JSON, min_size=1, max_size=3))
def test_anything_is_a_document_or_a_typed_refusal(changes: dict[str, Any]) -> None:
    """Whatever JSON stands in the elements, the answer is a Document or NotADocument."""
    with suppress(NotADocument):
        assert isinstance(parse(json.dumps({**resource(), **changes}), tenant="t"), Document)
