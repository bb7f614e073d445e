"""What each event does to what stands: from the message to the resources, by the keyword fake."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine

from gateway.intake import Intake
from gateway.mllp.storing import Outcome, Storing
from models.db.audit.audit import Audit
from models.db.inbox.inbox import Inbox
from models.db.resources.resources import Resources
from tests.messages import mdm, obx, oru
from worker.queue import Doorbell
from worker.settings import Settings

ERROR = "entered-in-error"
EARLY, LATE = "20260105100000", "20260105110000"


@pytest.fixture
def storing(inbox: Inbox, settings: Settings) -> Storing:
    return Storing(Intake(inbox, Doorbell(settings)), settings.tenant)


Send = Callable[..., list[Outcome]]


@pytest.fixture
def send(storing: Storing, read_all: Callable[[], None]) -> Send:
    """Store messages, each in a transaction of its own, and read them all."""

    def stored(*messages: bytes, read_each: bool = True) -> list[Outcome]:
        outcomes = []
        for one in messages:
            outcomes += storing.store([one])
            if read_each:
                read_all()
        read_all()
        return outcomes

    return stored


@pytest.fixture
def resources(engine: Engine) -> Resources:
    return Resources(engine)


def conditions(resources: Resources) -> list[dict[str, Any]]:
    return [json.loads(one.json) for one in resources.search("Condition", limit=99).resources]


def standing(resources: Resources) -> set[str]:
    """Return the words that stand."""
    return {
        str(one["code"]["text"]).lower()
        for one in conditions(resources)
        if one["verificationStatus"]["coding"][0]["code"] != ERROR
    }


def test_a_message_becomes_resources_of_its_patient(send: Send, resources: Resources) -> None:
    """The subject and the encounter are those of PID and PV1."""
    send(mdm("T02", "Fever and cough."))
    assert standing(resources) == {"fever", "cough"}
    assert {one["subject"]["reference"] for one in conditions(resources)} == {"Patient/WARD.7"}
    assert {one["encounter"]["reference"] for one in conditions(resources)} == {"Encounter/WARD.V9"}


def test_a_finding_leads_back_to_its_field(
    send: Send, resources: Resources, engine: Engine
) -> None:
    """The audit trail names the OBX, the field and the repetition."""
    send(mdm("T02", "No rash.", "Fever~and cough."))
    places: dict[str, tuple[str, ...]] = {}
    for one in conditions(resources):
        trail = Audit(engine).trail("Condition", one["id"])
        assert trail is not None
        places |= {each.mention.text: each.places for each in trail.evidence}
    assert places == {"Fever": ("OBX[2]-5[1]",), "cough": ("OBX[2]-5[2]",)}


def test_an_edit_supersedes(send: Send, resources: Resources) -> None:
    """What the new version no longer says is retracted."""
    send(mdm("T02", "Fever."), mdm("T08", "Cough.", control="C2"))
    assert standing(resources) == {"cough"}


def test_an_addendum_leaves_what_stands(send: Send, resources: Resources) -> None:
    """Its own is added."""
    send(mdm("T02", "Fever."), mdm("T06", "Cough.", number="D2", parent="D1", control="C2"))
    assert standing(resources) == {"fever", "cough"}


@pytest.mark.parametrize("first", ["original", "replacement"])
def test_a_replacement_retires_its_parent(first: str, send: Send, resources: Resources) -> None:
    """Whichever comes first."""
    sent = [
        mdm("T02", "Fever.", sent=EARLY),
        mdm("T10", "Cough.", number="D2", parent="D1", control="C2", sent=LATE),
    ]
    send(*(sent if first == "original" else reversed(sent)))
    assert standing(resources) == {"cough"}


@pytest.mark.parametrize("first", ["original", "cancellation"])
@pytest.mark.parametrize("read_each", [True, False])
def test_a_cancellation_retracts_all(
    first: str,
    read_each: bool,  # noqa: FBT001 a parameter of the test
    send: Send,
    resources: Resources,
) -> None:
    """Whichever comes first, and whether it is read before the other one comes."""
    sent = [mdm("T02", "Fever.", sent=EARLY), mdm("T11", control="C2", sent=LATE)]
    send(*(sent if first == "original" else reversed(sent)), read_each=read_each)
    assert standing(resources) == set()


def test_what_is_sent_anew_after_a_cancellation_stands(send: Send, resources: Resources) -> None:
    """The sender knows what it does."""
    send(mdm("T11", sent=EARLY), mdm("T02", "Fever.", control="C2", sent=LATE))
    assert standing(resources) == {"fever"}


def test_a_replayed_original_does_not_undo_its_cancellation(
    send: Send, resources: Resources
) -> None:
    """An engine sends old messages once more, under new ids."""
    original = mdm("T02", "Fever.", sent=EARLY)
    send(original, mdm("T11", control="C2", sent=LATE), original.replace(b"|C1|", b"|C3|"))
    assert standing(resources) == set()


def test_results_are_corrected_and_taken_back(send: Send, resources: Resources) -> None:
    """By OBX-11: a correction is the next version, a deletion takes its own order back."""
    send(oru(("O1", "Fever."), ("O2", "Cough.")))
    corrected = oru(("O1", "Pneumonia."), control="C2").replace(b"||F\r", b"||C\r")
    send(corrected)
    assert standing(resources) == {"pneumonia", "cough"}
    send(oru(("O2", "Cough."), control="C3").replace(b"||F\r", b"||W\r"))
    assert standing(resources) == {"pneumonia"}


def test_a_status_without_text_takes_nothing_back(
    send: Send, resources: Resources, inbox: Inbox
) -> None:
    """A message in which there is nothing to read fails, and what was read before stands."""
    send(oru(("O1", "Fever.")), oru(("O1",), control="C2"))
    assert standing(resources) == {"fever"}
    assert [one.code for one in inbox.failures(9)] == ["no-text-in-message"]


def test_what_is_not_read_of_a_message_is_shown(send: Send, inbox: Inbox) -> None:
    """Values beside the text, by their places."""
    data = mdm("T02", "Fever.") + (obx("4.2", "NM") + "\r").encode()
    send(data)
    (part,) = inbox.unread(9)
    assert (part.code, "OBX[2]-5" in part.reason) == ("not-text", True)


def test_the_original_is_kept(send: Send, resources: Resources) -> None:
    """The attachment is the message, byte by byte."""
    data = mdm("T02", "Fever.")
    (outcome,) = send(data)
    assert outcome.receipt is not None
    stored = resources.vread("DocumentReference", outcome.receipt.receipts[0].id, 1)
    assert stored is not None
    attachment = json.loads(stored.json)["content"][0]["attachment"]
    assert base64.b64decode(attachment["data"]) == data


def test_a_bad_message_fails_alone(storing: Storing, inbox: Inbox) -> None:
    """The others of its transaction are stored, each answered in its place."""
    broken = mdm("T02", "a", number="D\x00", control="C2")
    batch = [mdm("T02", "a"), broken, b"nonsense", mdm("T02", "b", number="D3", control="C4")]
    outcomes = storing.store(batch)
    assert [one.error and one.error.code for one in outcomes] == [None, "not-hl7", "not-hl7", None]
    assert sum(inbox.counts().values()) == 2


def test_a_message_that_the_database_refuses_fails_alone(
    storing: Storing, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Halving finds it, and nobody else is refused for it."""
    receive = inbox.receive_messages

    def picky(messages: Any, withdraw: Any) -> Any:
        if any(one.control_id == "C2" for one in messages):
            raise ValueError
        return receive(messages, withdraw)

    monkeypatch.setattr(inbox, "receive_messages", picky)
    batch = [mdm("T02", "a", number=f"D{n}", control=f"C{n}") for n in range(5)]
    outcomes = storing.store(batch)
    assert [one.error and one.error.code for one in outcomes] == [
        None, None, "step-failed", None, None,
    ]  # fmt: skip
    assert outcomes[2].answer is not None
    assert b"MSA|AR|C2" in outcomes[2].answer
