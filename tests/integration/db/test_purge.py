"""Purging: nothing of a patient is left in any table or in the file, and nothing of others goes."""

import base64
import json
import pickle
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, insert, make_url, select, text

from fhir_mapping.resources import retraction
from models.audit_events import Agent, Signature
from models.clinical import NO_SOURCE, Document, Message, MessageDocument, SourcePart
from models.db.audit_log.audit_log import AuditLog, Wanted
from models.db.inbox.dead_letters import DeadLetters
from models.db.inbox.inbox import Claim, Inbox
from models.db.inbox.transaction import Transactions
from models.db.outbox.outbox import Outbox
from models.db.purge import deletions
from models.db.purge.purge import Purge, Target
from models.db.resources.client_resources import ClientResources, PutRequest
from models.db.resources.resources import Resources
from models.db.results.results import Delivery, Results
from models.db.schema import metadata
from models.db.sql.session import reading, writing
from models.db.tables.outbox import document_number
from models.errors import NotANote, NotFound, Purged, ServerOwned, StillBeingSent
from tests.memory import TEXT, device, document, extraction

SENTINEL = "ZYXWVUT"
AT_FIRST_SECONDS = 0.3
SAME = "6b5e7bd2-6c1f-4b3e-9f0e-0c0a2a8f0009"
PATIENT = Target(references=("Patient/7",))
Claiming = Callable[[Sequence[Document]], list[Claim]]


@pytest.fixture
def purge(engine: Engine) -> Purge:
    return Purge(engine, signature=Signature(Agent("user", "clerk")))


@pytest.fixture
def results(engine: Engine) -> Results:
    """Results that go to another server too."""
    return Results(engine, retraction, Delivery(documents=True))


def planted(key: str = "planted") -> Document:
    """Return a document of Patient/7 with the sentinel in its text and in its key."""
    return document(f"{key} {SENTINEL}", f"{TEXT} {SENTINEL} {key}")


def of_another(key: str) -> Document:
    """Return a document of Patient/8."""
    return replace(document(key), subject="Patient/8")


def report(key: str = "report") -> Document:
    """Return a DiagnosticReport of Patient/7, found by an identifier with the sentinel."""
    named = (("urn:s", f"{key} {SENTINEL}"),)
    return replace(planted(key), type="DiagnosticReport", identifiers=named)


def message(one: Document, *, cancels: bool = False) -> Message:
    """Return a message of HL7 v2 that brings a document, or takes it back."""
    brought = (MessageDocument(one, cancels=cancels),)
    event = "MDM^T11" if cancels else "MDM^T02"
    return Message("default", "APP", "WARD", event, event, event, "2026-01-01", brought)


def withdrawn(one: Document) -> Document:
    return one


def keep(engine: Engine, task: str, payload: object) -> None:
    """Keep a dead letter."""
    DeadLetters(engine).keep(task, json.dumps(payload), NotANote(reason="x"))


def body(data: bytes) -> dict[str, str]:
    """Return a message of Celery that nobody could read."""
    return {"content_type": "x", "body_base64": base64.b64encode(data).decode()}


def read_all(results: Results, claims: Sequence[Claim], words: str = TEXT) -> None:
    """Complete a list; the texts, findings and resources of each document hold the words."""
    done = {}
    for one in claims:
        found = extraction(one.document)
        place = (SourcePart(0, 4, f"OBX[{words}]"),)
        notes = tuple(
            replace(note, text=note.text + words, source=place, document_type=one.document.type)
            for note in found.notes
        )
        findings = tuple(
            replace(at, text=at.text + words, resource={**at.resource, "note": [{"text": words}]})
            if at.resource
            else at
            for at in found.findings
        )
        done[one.row] = replace(found, notes=notes, findings=findings)
    assert results.complete(claims[0].token, done)


def put(engine: Engine, kind: str, fhir_id: str, **content: Any) -> None:
    """Put a resource of another system here."""
    made = {"resourceType": kind, "id": fhir_id, **content}
    ClientResources(engine).put([PutRequest(made)])


def everything(engine: Engine) -> Iterator[str]:
    """Yield every value of every column of every table, and the bytes of a SQLite file."""
    with reading(engine) as connection:
        for table in metadata.sorted_tables:
            for row in connection.execute(select(table)):
                yield f"{table.name}: {row}"
        if engine.dialect.name == "postgresql":
            names = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            for name in connection.scalars(text(names)).all():
                for row in connection.scalars(text(f'SELECT t::text FROM "{name}" t')):  # noqa: S608
                    yield f"{name}: {row}"
    if engine.dialect.name == "sqlite":
        file = Path(str(make_url(engine.url).database))
        for one in file.parent.glob(f"{file.name}*"):
            yield f"{one.name}: {one.read_bytes().decode('latin-1')}"


def quoting(engine: Engine) -> list[str]:
    return [one.partition(":")[0] for one in everything(engine) if SENTINEL in one]


def counts(engine: Engine) -> dict[str, int]:
    with reading(engine) as connection:
        return {
            table.name: len(connection.execute(select(table)).all())
            for table in metadata.sorted_tables
        }


def test_nothing_of_a_patient_is_left(
    engine: Engine, inbox: Inbox, results: Results, purge: Purge, claimed: Claiming
) -> None:
    """A sentinel in texts, keys, findings, resources, outbox and copies is in no byte any more."""
    read_all(results, claimed([of_another("other")]))
    keep(engine, "of another", [{"patient": "Patient/77"}, body(b"Patient/77")])
    before = counts(engine)
    read_all(results, claimed([planted("one"), planted("two"), report()]), SENTINEL)
    inbox.receive([planted("waiting")])
    inbox.receive_messages([message(planted("cancelled"), cancels=True)], withdrawn)
    keep(engine, "theirs", {"text": SENTINEL, "patient": "Patient/7"})
    keep(
        engine,
        "json",
        body(f'{{"subject": {{"reference":"Patient/7"}}, "a": "{SENTINEL}"}}'.encode()),
    )
    keep(engine, "pickle", body(pickle.dumps(["Patient/7", SENTINEL], 2)))
    subject = {"reference": "Patient/7", "display": SENTINEL}
    put(engine, "Condition", "theirs", subject=subject)
    put(engine, "Provenance", "record", target=[{"reference": "Condition/theirs"}], note=SENTINEL)
    assert {"document", "note", "finding", "resource_version"} <= set(quoting(engine))
    looked = purge.look(PATIENT)
    assert quoting(engine)
    assert {"document_identifier", "cancellation", "dead_letter"} <= set(quoting(engine))
    assert looked.rows["document"] == 5
    assert (looked.rows["dead_letter"], looked.rows["cancellation"]) == (3, 1)
    assert purge.purge(PATIENT).rows == looked.rows
    assert quoting(engine) == []
    after = counts(engine)
    changed = {name for name, number in after.items() if number != before[name]}
    assert changed == {"audit_log", "purged", "message"}
    assert Resources(engine).search("Condition", limit=9).total == 1
    assert Resources(engine).read("Device", "model-1")


def test_the_tombstone_names_nobody(engine: Engine, purge: Purge, claimed: Claiming) -> None:
    """A row of the log says that it was purged, by whom, and of whom as a hash."""
    claimed([planted()])
    purge.purge(PATIENT)
    log = AuditLog(engine)
    [row] = log.export(Wanted(patient=["Patient/7"]))
    assert (row.event.interaction, row.event.action) == ("purge", "D")
    assert row.event.agent.name == "clerk"
    assert "1 document" in row.event.detail
    assert "Patient/7" not in repr(row)
    log.verify()


def test_a_purged_document_stays_away(inbox: Inbox, purge: Purge, claimed: Claiming) -> None:
    """A sender that sends it again, or its next version, is refused; others are not."""
    claimed([planted()])
    purge.purge(PATIENT)
    for again in (planted(), replace(planted(), sha256="00" * 32)):
        with pytest.raises(Purged):
            inbox.receive([of_another("new"), again])
    assert inbox.receive([of_another("new")])[0].created
    assert inbox.receive([document("of the same patient")])[0].created


def test_a_purged_document_may_return_where_that_was_said(
    inbox: Inbox, purge: Purge, claimed: Claiming
) -> None:
    """With --allow-return nothing is remembered of it."""
    claimed([planted()])
    purge.purge(PATIENT, may_return=True)
    assert inbox.receive([planted()])[0].created


def test_a_worker_that_has_it_in_hand_writes_nothing(
    engine: Engine, inbox: Inbox, results: Results, purge: Purge, claimed: Claiming
) -> None:
    """The completion finds its row gone, the failure too; nothing of it comes back."""
    [one, other] = claimed([planted(), of_another("other")])
    purge.purge(PATIENT)
    done = {claim.row: extraction(claim.document) for claim in (one, other)}
    assert results.complete(one.token, done) == [other.row]
    assert not inbox.fail(one.token, one.row, code="x", reason=SENTINEL)
    assert not inbox.release(one.token, one.row, code="x", reason=SENTINEL, delay_seconds=0)
    assert quoting(engine) == []


def test_one_document_goes_and_the_others_stay(
    engine: Engine, results: Results, purge: Purge, claimed: Claiming
) -> None:
    """All versions of the named one, nothing of another of the same patient."""
    kept = document("kept")
    read_all(results, claimed([kept]))
    gone = planted()
    read_all(results, claimed([gone]), SENTINEL)
    read_all(results, claimed([replace(gone, sha256="00" * 32)]), SENTINEL)
    report = purge.purge(Target(document=(gone.type, gone.id)))
    assert report.rows["document"] == 2
    assert quoting(engine) == []
    assert Resources(engine).read("DocumentReference", kept.id)
    with pytest.raises(NotFound):
        purge.purge(Target(document=(gone.type, gone.id)))


def test_a_report_goes_and_a_document_of_the_same_id_stays(
    engine: Engine, inbox: Inbox, results: Results, purge: Purge, claimed: Claiming
) -> None:
    """A document is its type and its id; dead letters that bring it go with it."""
    inbox.receive([document("kept", id=SAME)])
    read_all(results, claimed([replace(report(), id=SAME)]), SENTINEL)
    keep(engine, "by id", {"resourceType": "DiagnosticReport", "id": SAME, "text": SENTINEL})
    names = [{"system": "urn:s", "value": f"report {SENTINEL}"}]
    keep(engine, "by name", {"resourceType": "DiagnosticReport", "identifier": names})
    keep(engine, "kept", {"resourceType": "DocumentReference", "id": SAME})
    report_ = purge.purge(Target(document=("DiagnosticReport", SAME)))
    assert (report_.rows["document"], report_.rows["dead_letter"]) == (1, 2)
    assert quoting(engine) == []
    assert [one.task_id for one in DeadLetters(engine).all(9)] == ["kept"]
    assert Resources(engine).read("DocumentReference", SAME)
    assert inbox.counts()["received"] == 1


def test_a_purged_message_comes_again(inbox: Inbox, purge: Purge) -> None:
    """The same message is no repetition then: it is refused, or taken in where that was allowed."""
    brings = message(planted())
    [first] = inbox.receive_messages([brings], withdrawn)
    assert inbox.receive_messages([brings], withdrawn)[0].repeated
    purge.purge(PATIENT, may_return=True)
    [again] = inbox.receive_messages([brings], withdrawn)
    assert (again.receipts[0].created, again.repeated, again.reused) == (True, False, False)
    assert again.receipts[0].row != first.receipts[0].row
    purge.purge(PATIENT)
    with pytest.raises(Purged):
        inbox.receive_messages([brings], withdrawn)


def test_what_is_being_sent_is_waited_for(
    engine: Engine, results: Results, purge: Purge, claimed: Claiming
) -> None:
    """While a request to the other server is on its way nothing is purged."""
    read_all(results, claimed([planted()]), SENTINEL)
    assert Outbox(engine).claim(limit=50, lease_seconds=60, max_attempts=3)
    with pytest.raises(StillBeingSent):
        purge.purge(PATIENT)
    assert quoting(engine)


def test_documents_that_name_another_patient_too_are_told(inbox: Inbox, purge: Purge) -> None:
    """A document that was first filed under somebody else goes whole, and that is said before."""
    inbox.receive([planted()])
    inbox.receive([replace(planted(), sha256="00" * 32, subject="Patient/8")])
    assert purge.look(PATIENT).others == 1


def test_what_another_system_puts_waits_for_a_purge(engine: Engine) -> None:
    """It comes after, so that the purge left nothing out, and refers to nothing that is gone."""
    with ThreadPoolExecutor(1) as pool:
        with writing(engine) as connection:
            deletions.hold(connection)
            putting = pool.submit(put, engine, "Condition", "theirs")
            assert not wait([putting], timeout=AT_FIRST_SECONDS).done
        putting.result()
    assert Resources(engine).read("Condition", "theirs")


def test_a_purge_waits_for_resources_with_a_note(engine: Engine, purge: Purge) -> None:
    """What was put before the note of the same transaction is purged with it, in no circle."""
    put(engine, "Condition", "theirs", subject={"reference": "Patient/7"})
    changed = {"subject": {"reference": "Patient/7"}, "note": [{"text": SENTINEL}]}
    with ThreadPoolExecutor(1) as pool:
        with Transactions(engine).begin() as transaction:
            transaction.put([PutRequest({"resourceType": "Condition", "id": "theirs", **changed})])
            purging = pool.submit(purge.purge, PATIENT)
            assert not wait([purging], timeout=AT_FIRST_SECONDS).done
            transaction.receive([planted()])
        assert purging.result().rows["document"] == 1
    assert quoting(engine) == []


def test_the_model_stays_ours(
    engine: Engine, results: Results, purge: Purge, claimed: Claiming
) -> None:
    """While a note that it read is there no other system changes the Device."""
    read_all(results, claimed([planted("one")]))
    read_all(results, claimed([of_another("other")]))
    purge.purge(PATIENT)
    [refused] = ClientResources(engine).put([PutRequest({**device(), "status": "inactive"})])
    assert isinstance(refused, ServerOwned)
    assert Resources(engine).search("Device", limit=9).total == 1


def test_the_model_goes_with_the_last_note(
    engine: Engine, results: Results, purge: Purge, claimed: Claiming
) -> None:
    """It would be taken for another system's; the next note brings it again as ours."""
    read_all(results, claimed([planted("one"), report()]))
    purge.purge(PATIENT, may_return=True)
    assert {counts(engine)[name] for name in ("resource", "resource_version", "outbox")} == {0}
    read_all(results, claimed([planted("one")]))
    [refused] = ClientResources(engine).put([PutRequest({**device(), "status": "inactive"})])
    assert isinstance(refused, ServerOwned)


def purged_letters(engine: Engine, inbox: Inbox, purge: Purge, system: str) -> set[str]:
    """Purge the document whose identifier is 1 in a system; return which letters are left."""
    one = document("one", identifiers=((system, "1"),))
    inbox.receive([one])
    purge.purge(Target(document=(one.type, one.id)))
    return {each.task_id for each in DeadLetters(engine).all(9)}


def test_a_value_without_a_system_names_no_letter(
    engine: Engine, inbox: Inbox, purge: Purge
) -> None:
    """A "1" stands in letters of other patients too."""
    keep(engine, "another", {"meta": {"versionId": "1"}, "subject": "Patient/8"})
    assert purged_letters(engine, inbox, purge, "") == {"another"}


def test_a_note_in_plain_text_without_a_source_goes(
    engine: Engine, inbox: Inbox, purge: Purge
) -> None:
    """Its letter has its name alone; of another source the name is another's."""
    keep(engine, "its own", [{"text": SENTINEL, "document_id": "1"}])
    keep(engine, "body", body(f'[{{"document_id":"1", "text":"{SENTINEL}"}}]'.encode()))
    keep(engine, "named", [{"text": SENTINEL, "document_id": "1", "source": NO_SOURCE}])
    names = [{"system": NO_SOURCE, "value": "1"}]
    keep(engine, "in FHIR", {"resourceType": "DocumentReference", "identifier": names})
    keep(engine, "of a source", [{"document_id": "1", "source": "urn:s"}])
    keep(engine, "another", [{"document_id": "10", "version": "1"}])
    assert purged_letters(engine, inbox, purge, NO_SOURCE) == {"of a source", "another"}
    assert quoting(engine) == []


def test_another_tenants_numbers_stay(engine: Engine, inbox: Inbox, purge: Purge) -> None:
    """Two tenants may have documents of the same id."""
    inbox.receive([document("one", id=SAME)])
    rows = [
        {"tenant": tenant, "document": SAME, "version": 1, "number": "1"}
        for tenant in ("default", "other")
    ]
    with writing(engine) as connection:
        connection.execute(insert(document_number), rows)
    assert purge.purge(Target(document=("DocumentReference", SAME))).rows["document_number"] == 1
    with reading(engine) as connection:
        assert connection.scalars(select(document_number.c.tenant)).all() == ["other"]
