"""Messages are taken in once, and what was cancelled stays so, whatever comes first."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from random import Random
from string import ascii_letters
from typing import Any

import pytest
from sqlalchemy import Engine, event, func, select

from models.clinical import Document, Message, MessageDocument, sha256_of
from models.db.inbox.inbox import Inbox, MessageReceipt
from models.db.sql.session import connect, reading
from models.db.tables.documents import document as documents
from models.errors import TooLongToStore, Unstorable
from tests.integration.db.conftest import Together
from tests.memory import document
from worker.isolate_failures import blame, isolate

EARLY, LATE, LATER = (f"2026-01-05T0{hour}:00:00+00:00" for hour in (1, 2, 3))


def message(
    control: str, *texts: str, key: str = "k", cancels: bool = False, sent: str | None = EARLY
) -> Message:
    """Return a message with a document for each text."""
    made = (MessageDocument(document(key, text), cancels) for text in texts)
    sha256 = sha256_of(repr((control, texts, key, sent)))
    return Message("default", "app", "ward", control, "MDM^T02", sha256, sent, tuple(made))


def cancel(control: str, sent: str | None = LATE, key: str = "k") -> Message:
    return message(control, f"cancelled {control}", key=key, cancels=True, sent=sent)


def withdrawn(one: Document) -> Document:
    resource = f"[{one.resource}]"
    return replace(one, resource=resource, sha256=sha256_of(resource))


def receive(inbox: Inbox, *messages: Message) -> list[MessageReceipt]:
    return inbox.receive_messages(messages, withdrawn)


def kept(engine: Engine) -> Sequence[str]:
    """Return what the versions of the documents hold, in their order."""
    query = select(documents.c.resource).order_by(documents.c.version)
    with reading(engine) as connection:
        return [row[0] for row in connection.execute(query)]


def test_a_message_is_taken_in_once(inbox: Inbox, engine: Engine) -> None:
    """Sent again, in the same list or later, it changes nothing."""
    sent = message("1", "a", "b")
    first, again = receive(inbox, sent, sent)
    (later,) = receive(inbox, sent)
    assert ([one.created for one in first.receipts], first.repeated) == ([True, True], False)
    assert (again, later) == (MessageReceipt(repeated=True), MessageReceipt(repeated=True))
    assert len(kept(engine)) == 2


def test_a_repetition_is_looked_up_by_its_tenant(inbox: Inbox, engine: Engine) -> None:
    """The indexes of the documents begin with it; without it all of them are read."""
    sent = message("1", "a")
    receive(inbox, sent)
    asked: list[str] = []

    def heard(*arguments: Any) -> None:
        asked.append(arguments[2])

    event.listen(engine, "before_cursor_execute", heard)
    assert receive(inbox, sent)[0].repeated
    event.remove(engine, "before_cursor_execute", heard)
    lookups = [one for one in asked if "FROM document " in one]
    assert lookups
    assert all("document.tenant IN" in one for one in lookups)


def test_the_same_id_with_another_content_is_taken_in(inbox: Inbox, engine: Engine) -> None:
    """It is a version more, and the sender is told; another sender's id is no such case."""
    receive(inbox, message("1", "a"))
    (reused,) = receive(inbox, message("1", "b"))
    assert (reused.reused, reused.receipts[0].created) == (True, True)
    (other,) = receive(inbox, replace(message("1", "c"), facility="elsewhere"))
    assert not other.reused
    first, second = receive(inbox, message("2", "d"), message("2", "e"))
    assert (first.reused, second.reused) == (False, True)
    assert len(kept(engine)) == 5


@pytest.mark.parametrize("together", [True, False])
def test_a_cancellation_before_its_document_is_remembered(
    inbox: Inbox,
    engine: Engine,
    together: bool,  # noqa: FBT001 a parameter of the test
) -> None:
    """What was sent before it and comes after it is kept as an error, in one list or in two."""
    sent = [cancel("1", LATE), message("2", "late", sent=EARLY)]
    if together:
        _, receipt = receive(inbox, *sent)
    else:
        receive(inbox, sent[0])
        (receipt,) = receive(inbox, sent[1])
    assert receipt.withdrawn == 1
    assert kept(engine)[1].startswith("[")


def test_what_was_sent_after_the_cancellation_counts(inbox: Inbox, engine: Engine) -> None:
    """And from then on nothing is withdrawn any more."""
    receive(inbox, cancel("1", EARLY), message("2", "anew", sent=LATE))
    receive(inbox, message("3", "edit", sent=LATER))
    assert [one.startswith("[") for one in kept(engine)] == [False, False, False]


@pytest.mark.parametrize(("cancelled", "sent"), [(None, LATE), (LATE, None), (LATE, LATE)])
def test_in_doubt_it_stays_cancelled(
    inbox: Inbox, engine: Engine, cancelled: str | None, sent: str | None
) -> None:
    """Where nobody says which was first."""
    receive(inbox, cancel("1", cancelled))
    receive(inbox, message("2", "late", sent=sent))
    assert kept(engine)[1].startswith("[")


def test_the_last_of_two_cancellations_counts(inbox: Inbox, engine: Engine) -> None:
    """Whichever came first."""
    receive(inbox, cancel("1", LATER), cancel("2", EARLY))
    receive(inbox, message("3", "late", sent=LATE))
    assert kept(engine)[2].startswith("[")


def test_only_its_own_document_is_cancelled(inbox: Inbox) -> None:
    """Another number is another document."""
    receive(inbox, cancel("1", LATE, key="other"))
    (receipt,) = receive(inbox, message("2", "a", key="mine", sent=EARLY))
    assert receipt.withdrawn == 0


def test_all_or_none(inbox: Inbox, engine: Engine) -> None:
    """Where one cannot be stored none is, and it is no repetition when it comes again."""
    good, bad = message("1", "a"), message("2", "b\0")
    with pytest.raises(Unstorable):
        receive(inbox, good, replace(bad, documents=(MessageDocument(document("k\0")),)))
    assert kept(engine) == []
    assert not receive(inbox, good)[0].repeated


def test_an_id_that_no_index_holds(postgresql_url: str) -> None:
    """It fails for good and alone: whoever is stored with it is not told to come again."""
    engine = connect(postgresql_url)
    inbox = Inbox(engine)
    random = Random(1)  # noqa: S311 no secret
    long = message("".join(random.choices(ascii_letters, k=6000)), "a", key="long")
    with pytest.raises(TooLongToStore) as caught:
        receive(inbox, long)
    assert not caught.value.retry
    batch = [long, message("1", "a", key="1"), message("2", "a", key="2")]
    found = isolate(partial(inbox.receive_messages, withdraw=withdrawn), batch, blame=blame("x"))
    assert [isinstance(one, MessageReceipt) for one in found] == [False, True, True]
    assert isinstance(found[0], TooLongToStore)
    engine.dispose()


def test_nothing_to_store(inbox: Inbox) -> None:
    """No messages, and a message without documents."""
    assert receive(inbox) == []
    assert receive(inbox, message("1")) == [MessageReceipt()]


def test_a_document_and_its_cancellation_at_the_same_moment(
    inbox: Inbox, engine: Engine, together: Together
) -> None:
    """Whichever is first, the document is not what stands last."""
    for number in range(5):
        key = f"k{number}"
        sent = [
            message(f"1.{number}", "a", key=key, sent=EARLY),
            cancel(f"2.{number}", LATE, key=key),
        ]
        together(lambda place, sent=sent: receive(inbox, sent[place]), 2)  # type: ignore[misc]
    query = (
        select(documents.c.key, func.count())
        .where(documents.c.resource.not_like("[%"), documents.c.resource.not_like("%cancelled%"))
        .where(documents.c.version == 2)
        .group_by(documents.c.key)
    )
    with reading(engine) as connection:
        assert connection.execute(query).all() == []
