"""The outbox: written with the results, claimed by one deliverer, and the newest version wins."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from sqlalchemy import Engine, text

from fhir_mapping.resources import retraction
from models.clinical import Document
from models.db.inbox.inbox import Claim
from models.db.outbox.outbox import Outbox, OutboxEntry
from models.db.results.results import Delivery, Results
from models.db.sql.session import writing
from models.errors import DatabaseRefused, DatabaseUnavailable, NotFound
from tests.integration.db.conftest import Together
from tests.memory import document, extraction

LEASE = 60
ATTEMPTS = 3

Claiming = Callable[[Sequence[Document]], list[Claim]]
Read = Callable[..., None]


@pytest.fixture
def outbox(engine: Engine) -> Outbox:
    return Outbox(engine)


@pytest.fixture
def read(engine: Engine, claimed: Claiming) -> Read:
    """Receive a document and store an extraction of it, which goes out."""
    results = Results(engine, retraction, Delivery(documents=True))

    def store(one: Document, **changes: Any) -> None:
        [claim] = claimed([one])
        results.complete(claim.token, {claim.row: extraction(claim.document, **changes)})

    return store


def claim(outbox: Outbox, limit: int = 50, lease: float = LEASE) -> list[OutboxEntry]:
    return outbox.claim(limit=limit, lease_seconds=lease, max_attempts=ATTEMPTS)


def accept(outbox: Outbox, entries: Sequence[OutboxEntry]) -> int:
    return outbox.mark_delivered(dict.fromkeys(entries, "1"), again_seconds=LEASE)


def drain(outbox: Outbox) -> list[str]:
    """Deliver all, and return the types in the order in which they went."""
    types = []
    while entries := claim(outbox):
        types += [one.type for one in entries]
        assert accept(outbox, entries) == len(entries)
    return types


def do(engine: Engine, statement: str) -> None:
    with writing(engine) as connection:
        connection.execute(text(statement))


def states(engine: Engine) -> dict[str, tuple[str, int]]:
    query = "SELECT type, state, version FROM outbox"
    with engine.connect() as connection:
        return {row.type: (row.state, row.version) for row in connection.execute(text(query))}


def condition_only(outbox: Outbox, read: Read, status: str = "refuted") -> OutboxEntry:
    """Read a document, deliver all but its Condition, and return the claim on that."""
    read(document(), status=status)
    accept(outbox, claim(outbox))
    [entry] = claim(outbox)
    assert entry.type == "Condition"
    return entry


def test_nothing_goes_out_by_default(
    engine: Engine, results: Results, claimed: Claiming, outbox: Outbox
) -> None:
    """Without a server to deliver to there are no rows."""
    [one] = claimed([document()])
    results.complete(one.token, {one.row: extraction(one.document)})
    assert states(engine) == {}
    assert sum(outbox.counts().values()) == 0


def test_rows_and_results_are_one_transaction(
    engine: Engine, claimed: Claiming, outbox: Outbox
) -> None:
    """Where the outbox cannot be written no result is."""
    results = Results(engine, retraction, Delivery(documents=True))
    [one] = claimed([document()])
    do(engine, "ALTER TABLE outbox RENAME TO away")
    with pytest.raises((DatabaseRefused, DatabaseUnavailable)):
        results.complete(one.token, {one.row: extraction(one.document)})
    do(engine, "ALTER TABLE away RENAME TO outbox")
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM resource")) == 0
    results.complete(one.token, {one.row: extraction(one.document)})
    assert outbox.counts()["waiting"] == 3


def test_documents_stay_here_where_nobody_wants_them(engine: Engine, claimed: Claiming) -> None:
    """The documents themselves go out only if wanted."""
    results = Results(engine, retraction, Delivery(documents=False))
    [one] = claimed([document()])
    results.complete(one.token, {one.row: extraction(one.document)})
    assert set(states(engine)) == {"Condition", "Device"}


def test_what_is_referred_to_goes_first(outbox: Outbox, read: Read) -> None:
    """Documents and the Device go before what was found."""
    read(document("a"))
    read(document("b"))
    types = drain(outbox)
    assert types == ["Device", "DocumentReference", "DocumentReference", "Condition", "Condition"]


def test_a_document_does_not_wait_for_another_one(outbox: Outbox, read: Read) -> None:
    """A document that is rescheduled holds back what was found in it, and nothing else."""
    read(document("a"))
    drain(outbox)
    read(document("b"))
    read(document("c"))
    first, second = claim(outbox)
    outbox.reschedule([first], code="x", reason="x", delays=[100], answered=True)
    accept(outbox, [second])
    [found] = claim(outbox)
    assert found.type == "Condition"
    assert second.id in outbox.content(found)


def test_what_is_dead_holds_nobody_back(outbox: Outbox, read: Read) -> None:
    """Where a document was refused for good, the server decides about what was found in it."""
    read(document())
    device, sent = claim(outbox)
    outbox.mark_refused(sent, code="delivery-refused", reason="no")
    assert claim(outbox) == []
    accept(outbox, [device])
    assert drain(outbox) == ["Condition"]


def test_only_the_newest_version_is_sent(outbox: Outbox, read: Read) -> None:
    """Of three versions written before anybody sends, one is sent: the last."""
    for status in ("refuted", "unconfirmed", "provisional"):
        read(document(text=status), status=status)
    accept(outbox, claim(outbox))
    [entry] = claim(outbox)
    assert entry.version == 3
    assert "provisional" in outbox.content(entry)
    accept(outbox, [entry])
    assert claim(outbox) == []


def test_the_device_goes_out_once(outbox: Outbox, read: Read, engine: Engine) -> None:
    """What many documents share is not sent again with each of them."""
    read(document("a"))
    drain(outbox)
    read(document("b"))
    assert states(engine)["Device"] == ("delivered", 1)
    assert drain(outbox) == ["DocumentReference", "Condition"]


def test_who_begins_late_still_sends_the_device(
    results: Results, claimed: Claiming, outbox: Outbox, read: Read
) -> None:
    """What stood before anything was delivered goes out with the first thing that refers to it."""
    [one] = claimed([document("a")])
    results.complete(one.token, {one.row: extraction(one.document)})
    read(document("b"))
    assert drain(outbox) == ["Device", "DocumentReference", "Condition"]


def test_no_row_is_claimed_twice(outbox: Outbox, read: Read, together: Together) -> None:
    """Deliverers that start together get different rows."""
    for number in range(20):
        read(document(f"key {number}"))
    found = together(lambda _: claim(outbox, limit=5), 4)
    rows = [one.row for some in found for one in some]
    assert len(rows) == len(set(rows)) == 20
    assert len({one.token for some in found for one in some}) == 4


def test_a_version_that_comes_while_another_is_sent_is_sent_next(
    outbox: Outbox, read: Read, engine: Engine
) -> None:
    """The answer to the older version does not end the newer one's turn."""
    entry = condition_only(outbox, read)
    read(document(text="two"), status="unconfirmed")
    assert states(engine)["Condition"] == ("sending", 2)
    assert accept(outbox, [entry]) == 1
    accept(outbox, claim(outbox))  # the document
    [newer] = claim(outbox)
    assert (newer.type, newer.version, newer.attempt) == ("Condition", 2, 1)


def test_a_lost_lease_is_somebody_elses(outbox: Outbox, read: Read) -> None:
    """A lease that ran out can be taken, and who lost it ends nothing."""
    first = condition_only(outbox, read)
    assert claim(outbox) == []
    outbox.extend([first], -1)
    [second] = claim(outbox)
    assert second.row == first.row
    assert not outbox.mark_refused(first, code="x", reason="x")
    assert outbox.reschedule([first], code="x", reason="x", delays=[0], answered=True) == 0
    outbox.extend([first], 1000)
    assert accept(outbox, [second]) == 1


def test_an_old_version_that_may_come_late_is_followed_by_the_newest_once_more(
    outbox: Outbox, read: Read, engine: Engine
) -> None:
    """Who fell silent while sending may still be heard: the newer version is sent again, once."""
    old = condition_only(outbox, read)
    outbox.extend([old], -1)
    read(document(text="two"), status="unconfirmed")
    accept(outbox, claim(outbox))  # the document; the Condition waits for it
    [new] = claim(outbox)
    assert (new.type, new.version) == ("Condition", 2)
    outbox.mark_delivered({new: "2"}, again_seconds=100)
    assert states(engine)["Condition"] == ("waiting", 2)
    assert claim(outbox) == []
    do(engine, "UPDATE outbox SET available_at = '2000-01-01 00:00:00.000000'")
    [again] = claim(outbox)
    assert again.version == 2
    accept(outbox, [again])
    assert states(engine)["Condition"] == ("delivered", 2)


def test_a_late_answer_to_an_old_version_sends_the_newest_again(
    outbox: Outbox, read: Read, engine: Engine
) -> None:
    """Who delivered an old version after the newest had been sent makes that one go again."""
    old = condition_only(outbox, read)
    do(engine, "UPDATE outbox SET state = 'waiting', lease_token = NULL, lease_until = NULL")
    read(document(text="two"), status="unconfirmed")
    drain(outbox)
    assert states(engine)["Condition"] == ("delivered", 2)
    assert accept(outbox, [old]) == 0
    [again] = claim(outbox)
    assert (again.type, again.version) == ("Condition", 2)


def test_a_request_without_an_answer_is_just_sent_again(
    outbox: Outbox, read: Read, engine: Engine
) -> None:
    """Where the same version follows, it is delivered and nothing is left to do."""
    entry = condition_only(outbox, read)
    outbox.reschedule([entry], code="x", reason="x", delays=[0], answered=False)
    [again] = claim(outbox)
    assert again.attempt == 2
    accept(outbox, [again])
    assert states(engine)["Condition"] == ("delivered", 1)


def test_a_row_is_dead_after_its_last_attempt(outbox: Outbox, read: Read, engine: Engine) -> None:
    """Rows tried often enough are dead, with their last error, and can be sent anew."""
    entry = condition_only(outbox, read)
    for attempt in range(1, ATTEMPTS + 1):
        assert entry.attempt == attempt
        outbox.reschedule(
            [entry], code="server-silent", reason=f"try {attempt}", delays=[0], answered=True
        )
        entry = next(iter(claim(outbox)), entry)
    assert states(engine)["Condition"][0] == "dead"
    [dead] = outbox.undelivered(10)
    assert (dead.reference, dead.code, dead.reason) == (entry.reference, "server-silent", "try 3")
    assert outbox.resend() == [entry.row]
    assert claim(outbox)[0].attempt == 1


def test_a_deliverer_that_always_dies_ends_dead(outbox: Outbox, read: Read, engine: Engine) -> None:
    """A row that nobody ever gives back is dead after its last attempt, and says why."""
    entry = condition_only(outbox, read)
    for _ in range(ATTEMPTS):
        outbox.extend([entry], -1)
        entry = next(iter(claim(outbox)), entry)
    assert states(engine)["Condition"][0] == "dead"
    assert outbox.undelivered(10)[0].code == "delivery-unanswered"


def test_a_refusal_is_final_until_there_is_something_new(
    outbox: Outbox, read: Read, engine: Engine
) -> None:
    """A refused version is dead at once; the next version waits again with all its attempts."""
    entry = condition_only(outbox, read)
    outbox.mark_refused(entry, code="delivery-refused", reason="422")
    assert states(engine)["Condition"] == ("dead", 1)
    read(document(text="two"), status="unconfirmed")
    assert states(engine)["Condition"] == ("waiting", 2)
    assert drain(outbox) == ["DocumentReference", "Condition"]


def test_a_refusal_of_an_old_version_says_nothing_of_the_new_one(
    outbox: Outbox, read: Read, engine: Engine
) -> None:
    """A version that came meanwhile is still to be sent."""
    entry = condition_only(outbox, read)
    read(document(text="two"), status="unconfirmed")
    outbox.mark_refused(entry, code="delivery-refused", reason="422")
    assert states(engine)["Condition"] == ("waiting", 2)


def test_a_pause_is_kept(outbox: Outbox, read: Read, engine: Engine) -> None:
    """A row that is rescheduled is not free before its time, not even for a newer version."""
    entry = condition_only(outbox, read)
    outbox.reschedule([entry], code="x", reason="x", delays=[100], answered=True)
    read(document(text="two"), status="unconfirmed")
    assert drain(outbox) == ["DocumentReference"]
    assert states(engine)["Condition"] == ("waiting", 2)


def test_what_was_not_sent_costs_no_attempt(outbox: Outbox, read: Read) -> None:
    """Rows that are given back unsent are as they were."""
    read(document())
    entries = claim(outbox)
    outbox.release(entries)
    assert [one.attempt for one in claim(outbox)] == [1, 1]


def test_tenants_do_not_share_a_deliverer(engine: Engine, outbox: Outbox, read: Read) -> None:
    """A deliverer sends its own tenant's resources only."""
    read(document(tenant="elsewhere"))
    assert claim(outbox) == []
    assert sum(outbox.counts().values()) == 0
    assert claim(Outbox(engine, tenant="elsewhere")) != []


def test_nobody_resends_what_is_not_there(outbox: Outbox) -> None:
    """A name that is nobody's is said to be so."""
    with pytest.raises(NotFound, match="Condition/7"):
        outbox.resend(["Condition/7"])


def test_deliverers_and_workers_never_block_each_other_for_ever(
    outbox: Outbox, read: Read, together: Together
) -> None:
    """Workers restate resources while deliverers send them; in the end all is delivered."""

    def work(number: int) -> None:
        for turn in range(12):
            if number % 2:
                for entry in (entries := claim(outbox)):
                    assert outbox.content(entry)
                outbox.extend(entries, LEASE)
                accept(outbox, entries)
            else:
                key = f"key {turn % 3}"
                read(document(key, text=f"{number}.{turn}"), status=f"status {number}.{turn}")

    together(work, 6)
    drain(outbox)
    assert outbox.counts()["delivered"] == sum(outbox.counts().values()) == 7
