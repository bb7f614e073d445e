"""A note and what an AI made never share an id: whoever comes second is refused."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

import pytest
from sqlalchemy import Connection, Engine

from models.clinical import Message, MessageDocument
from models.db.inbox import receiving
from models.db.inbox.inbox import Inbox
from models.db.inbox.transaction import Transactions
from models.db.resources import client_resources
from models.db.resources.client_resources import ClientResources, PutRequest, PutResult
from models.db.sql.session import writing
from models.errors import IdInUse
from tests.memory import document

NOTE = document(id="note9")
KIND = "DocumentReference"
AT_FIRST_SECONDS = 0.3


def card(kind: str = "DocumentReference", fhir_id: str = "note9") -> dict[str, Any]:
    """Return what an AI made."""
    return {"resourceType": kind, "id": fhir_id, "description": "a model"}


def told(inbox: Inbox) -> None:
    """Let a message of HL7 v2 bring the note."""
    message = Message(
        "default", "ris", "north", "1", "MDM^T02", "sha", None, (MessageDocument(NOTE),)
    )
    inbox.receive_messages([message], lambda one: one)


DOORS: dict[str, Callable[[Inbox], object]] = {
    "documents": lambda inbox: inbox.receive([document("other"), NOTE]),
    "message": told,
}


@pytest.mark.parametrize("door", DOORS)
def test_no_note_takes_the_id_of_what_an_ai_made(engine: Engine, door: str) -> None:
    """It is refused with all that came with it; of another type or tenant the id is another."""
    inbox = Inbox(engine)
    ClientResources(engine).put([PutRequest(card())])
    with pytest.raises(IdInUse, match="DocumentReference/note9"):
        DOORS[door](inbox)
    assert sum(inbox.counts().values()) == 0
    inbox.receive([document("report", id="note9", type="DiagnosticReport")])
    inbox.receive([document(id="note9", tenant="other")])


def test_nothing_an_ai_made_takes_the_id_of_a_note(engine: Engine) -> None:
    """The neighbours are stored, one of the same id and another type among them."""
    Inbox(engine).receive([NOTE])
    asked = [PutRequest(one) for one in (card(), card("DiagnosticReport"), card(fhir_id="other"))]
    refused, *kept = ClientResources(engine).put(asked)
    assert isinstance(refused, IdInUse)
    assert all(isinstance(one, PutResult) for one in kept)


def receive(connection: Connection) -> str:
    try:
        receiving.receive(connection, [NOTE])
    except IdInUse:
        return "refused"
    return "stored"


def put(connection: Connection) -> str:
    [done] = client_resources.put(connection, "default", [PutRequest(card())])
    return "refused" if isinstance(done, IdInUse) else "stored"


@pytest.mark.parametrize(("first", "second"), [(receive, put), (put, receive)])
def test_two_that_come_at_once_do_not_share_an_id(
    engine: Engine, first: Callable[[Connection], str], second: Callable[[Connection], str]
) -> None:
    """Who comes while the other is being stored waits for it, and is refused."""

    def later() -> str:
        with writing(engine) as connection:
            return second(connection)

    with ThreadPoolExecutor(1) as pool:
        with writing(engine) as connection:
            assert first(connection) == "stored"
            waiting = pool.submit(later)
            wait([waiting], timeout=AT_FIRST_SECONDS)
        assert waiting.result() == "refused"


def test_two_that_bring_both_wait_in_no_circle(engine: Engine) -> None:
    """A note and what an AI made, twice, under each other's ids: the second is refused."""
    transactions = Transactions(engine)

    def later() -> None:
        with transactions.begin() as transaction:
            transaction.reserve([(KIND, "b")], [(KIND, "a")])
            transaction.put([PutRequest(card(fhir_id="a"))])
            transaction.receive([document("second", id="b")])

    with ThreadPoolExecutor(1) as pool:
        with transactions.begin() as transaction:
            transaction.reserve([(KIND, "a")], [(KIND, "b")])
            transaction.put([PutRequest(card(fhir_id="b"))])
            waiting = pool.submit(later)
            wait([waiting], timeout=AT_FIRST_SECONDS)
            transaction.receive([document("first", id="a")])
        with pytest.raises(IdInUse, match="DocumentReference/b"):
            waiting.result()
