"""What comes in is stored once, numbered, and given back unchanged."""

from collections.abc import Sequence
from functools import partial

import pytest
from sqlalchemy import Engine, func, select

from models.clinical import Document
from models.db.inbox.inbox import Inbox, Receipt
from models.db.resources.resources import Resources
from models.db.sql.session import reading
from models.db.tables.documents import document as table
from models.errors import Unstorable
from tests.integration.db.conftest import Together
from tests.memory import document

NASTY = "\ufeff😷 e\u0301 \u2028 '; DROP TABLE note; -- \t\r\n\r\n %s ? :x \U0001f469\u200d⚕️ ٪\r"


def rows(engine: Engine) -> int:
    with reading(engine) as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


def test_round_trip(inbox: Inbox) -> None:
    """Emoji, CRLF, combining marks and SQL in a document come back as they were sent."""
    sent = document(text=NASTY, encounter="Encounter/9", date="2026-01-02")
    (receipt,) = inbox.receive([sent])
    (claim,) = inbox.claim([receipt.row], lease_seconds=60, max_attempts=3)
    assert claim.document.resource == sent.resource
    assert claim.document == Document(
        **{name: getattr(sent, name) for name in Document.__slots__} | {"version": "1"}
    )


def test_sent_twice_is_one(inbox: Inbox, engine: Engine) -> None:
    """The same document again, in the same list or later, is the same row and not created."""
    first, again = inbox.receive([document(), document()])
    (later,) = inbox.receive([document()])
    assert (first.created, again.created, later.created) == (True, False, False)
    assert first.row == again.row == later.row
    assert rows(engine) == 1


def test_changed_is_the_next_version(inbox: Inbox) -> None:
    """Other content under the same key is the next version, in a list and later."""
    texts = ["first", "second", "third"]
    receipts = inbox.receive([document(text=text) for text in texts[:2]])
    receipts += inbox.receive([document(text=texts[2]), document(text=texts[0])])
    assert [(one.version, one.created) for one in receipts] == [
        ("1", True),
        ("2", True),
        ("3", True),
        ("1", False),
    ]


def test_order_of_receipts(inbox: Inbox) -> None:
    """Receipts come in the order of the documents, whatever order they were stored in."""
    sent = [document(key) for key in ("c", "a", "b", "a", "d")]
    assert [receipt.id for receipt in inbox.receive(sent)] == [one.id for one in sent]


def test_two_keys_of_one_fhir_id(inbox: Inbox, resources: Resources) -> None:
    """Two senders' documents with one FHIR id count on, so that each version is one of them."""
    ours, theirs = document("a", "ours"), document("b", "theirs", id=document("a").id)
    assert [receipt.version for receipt in inbox.receive([ours, theirs])] == ["1", "2"]
    first, second = (resources.vread("DocumentReference", ours.id, number) for number in (1, 2))
    assert first is not None
    assert second is not None
    assert ("ours" in first.json, "theirs" in second.json) == (True, True)


def test_tenants_are_strangers(inbox: Inbox) -> None:
    """The same document of another tenant is another document."""
    first, other = inbox.receive([document(), document(tenant="other")])
    assert first.row != other.row
    assert other.created


def test_eight_at_once(inbox: Inbox, engine: Engine, together: Together) -> None:
    """Eight senders of the same documents at the same moment make one row of each."""
    keys = [f"key {number}" for number in range(6)]

    def send(number: int) -> list[tuple[int, bool]]:
        mixed = keys[number % 6 :] + keys[: number % 6]
        receipts = inbox.receive([document(key) for key in mixed])
        return [(receipt.row, receipt.created) for receipt in receipts]

    answers = [answer for answers in together(send, 8) for answer in answers]
    assert rows(engine) == 6
    assert len({row for row, _ in answers}) == 6
    assert sum(created for _, created in answers) == 6


def receive_side(inbox: Inbox, turned: Sequence[list[Document]], side: int) -> list[Receipt]:
    return inbox.receive(turned[side])


def test_opposite_orders_at_once(inbox: Inbox, together: Together) -> None:
    """Senders of the same new documents in opposite orders wait in line, not in a circle."""
    for attempt in range(3):
        sent = [document(f"key {attempt} {number}") for number in range(400)]
        receipts = together(partial(receive_side, inbox, (sent, sent[::-1])), 2)
        assert sum(receipt.created for side in receipts for receipt in side) == 400


def test_eight_versions_at_once(inbox: Inbox, together: Together) -> None:
    """Eight versions of one document at the same moment are numbered one to eight."""
    receipts = together(lambda number: inbox.receive([document(text=f"text {number}")])[0], 8)
    assert sorted(int(receipt.version) for receipt in receipts) == list(range(1, 9))


@pytest.mark.parametrize("bad", ["Patient/\x00", "Patient/\ud800"])
def test_unstorable_is_refused(inbox: Inbox, engine: Engine, bad: str) -> None:
    """A character that a database would reject is a typed error, and nothing is stored."""
    with pytest.raises(Unstorable) as caught:
        inbox.receive([document("good"), document("bad", subject=bad)])
    assert bad not in str(caught.value)
    assert rows(engine) == 0


def test_many(inbox: Inbox, engine: Engine) -> None:
    """A bulk file of more documents than a statement has parameters goes in at once."""
    receipts = inbox.receive([document(f"key {number}") for number in range(2500)])
    assert len({receipt.row for receipt in receipts}) == rows(engine) == 2500
