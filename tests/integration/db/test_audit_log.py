"""The chain of the audit log: whole under many writers, and broken by whoever changes a row."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, create_engine, event, select, text

from models.audit_events import Agent, Event
from models.clinical import Document
from models.db.audit_log.audit_log import AuditLog, Wanted
from models.db.inbox.inbox import Claim, Inbox
from models.db.results.results import Results
from models.db.sql.session import connect, reading, writing
from models.db.tables.audit_log import audit_log
from models.errors import AuditLogBroken, DatabaseRefused, DatabaseUnavailable
from tests.integration.db.conftest import Together
from tests.memory import document, extraction

Claiming = Callable[[Sequence[Document]], list[Claim]]
READER = Agent("client", "reader", "https://issuer.example.org")


def read(number: int = 0) -> Event:
    return Event(READER, "read", "R", entity=f"Condition/{number}", patient=f"Patient/{number}")


@pytest.fixture
def log(engine: Engine) -> AuditLog:
    return AuditLog(engine)


def test_an_export_of_a_patient_needs_one_connection(database_url: str, engine: Engine) -> None:
    """As many exports as the pool has connections do not wait for one another's second one."""
    AuditLog(engine).record([read(1), read(2)])
    narrow = create_engine(database_url, pool_size=1, max_overflow=0, pool_timeout=1)
    entries = list(AuditLog(narrow).export(Wanted(patient=["Patient/1"])))
    narrow.dispose()
    assert [one.event.entity for one in entries] == ["Condition/1"]


def test_many_writers_make_one_chain(engine: Engine, log: AuditLog, together: Together) -> None:
    """Two processes' logs with four threads each leave no gap, lose nothing, and link all."""
    other = AuditLog(engine)

    def write(number: int) -> None:
        for _ in range(10):
            (log, other)[number % 2].record([read(number)])

    together(write, 8)
    assert log.verify().position == 80
    entities = [one.event.entity for one in log.export(Wanted())]
    assert sorted(entities) == sorted(
        f"Condition/{number}" for number in range(8) for _ in range(10)
    )


def test_waiting_events_share_a_commit(engine: Engine, log: AuditLog) -> None:
    """What comes while a transaction is on its way goes into the next one, all of it."""
    commits = 0

    def commit(_: object) -> None:
        nonlocal commits
        commits += 1

    event.listen(engine, "commit", commit)
    with log._turn, ThreadPoolExecutor(20) as pool:
        waiting = [pool.submit(log.record, [read(number)]) for number in range(20)]
        while len(log._waiting) < 20:
            pass
        log._turn.release()
        for one in waiting:
            one.result()
        log._turn.acquire()
    assert commits == 1
    assert log.verify().position == 20


def test_who_waited_for_a_failure_is_told(log: AuditLog, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waited for the rows that could not be written gets the error; the next does not."""

    def unwritable(*_: object) -> None:
        raise DatabaseUnavailable(kind="test")

    with monkeypatch.context() as patch:
        patch.setattr("models.db.audit_log.chain.append", unwritable)
        with pytest.raises(DatabaseUnavailable):
            log.record([read()])
    log.record([read()])
    assert log.verify().position == 1


def test_who_waited_for_a_writer_that_died_is_told(
    log: AuditLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What kills the thread that writes for all is no commit to those who wait for it."""

    def out_of_memory(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("models.db.audit_log.chain.append", out_of_memory)
    with ThreadPoolExecutor(4) as pool:
        log._turn.acquire()
        waiting = [pool.submit(log.record, [read(number)]) for number in range(4)]
        while len(log._waiting) < 4:
            pass
        log._turn.release()
        kinds = sorted(type(one.exception()).__name__ for one in waiting)
    assert kinds == ["DatabaseUnavailable"] * 3 + ["MemoryError"]


CHANGES = {
    "an update": "UPDATE audit_log SET outcome = '8' WHERE position = 2",
    "a deletion": "DELETE FROM audit_log WHERE position = 2",
}
CHANGES_OF_ONE = {
    "sqlite": "INSERT OR REPLACE INTO audit_log SELECT * FROM audit_log WHERE position = 2",
    "postgresql": "TRUNCATE audit_log",
}


def test_the_database_refuses_every_change(engine: Engine, log: AuditLog) -> None:
    """Neither this program nor anybody with its rights changes a row by a statement."""
    log.record([read(number) for number in range(3)])
    for statement in (*CHANGES.values(), CHANGES_OF_ONE[engine.dialect.name]):
        with pytest.raises(DatabaseRefused), writing(engine) as connection:
            connection.execute(text(statement))
    assert log.verify().position == 3


@contextmanager
def overcome(engine: Engine) -> Iterator[None]:
    """Change rows as somebody may who owns the database."""
    with writing(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("ALTER TABLE audit_log DISABLE TRIGGER ALL"))
        else:
            for name in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER audit_log_no_{name}"))
    yield


BROKEN = {
    "UPDATE audit_log SET outcome = '8' WHERE position = 2": "row 2 on: the row was changed",
    "UPDATE audit_log SET recorded_at = '2020-01-01 00:00:00.000000' WHERE position = 3": "row 3",
    "DELETE FROM audit_log WHERE position = 1": "row 1 on: the row is missing",
    "DELETE FROM audit_log WHERE position = 2": "row 2 on: the row is missing",
}


@pytest.mark.parametrize("statement", BROKEN)
def test_a_change_by_an_owner_is_found(engine: Engine, log: AuditLog, statement: str) -> None:
    """The chain names the first row that is not as it was written."""
    log.record([read(number) for number in range(4)])
    with overcome(engine), writing(engine) as connection:
        connection.execute(text(statement))
    with pytest.raises(AuditLogBroken, match=BROKEN[statement]):
        log.verify()


def test_a_cut_tail_is_found_by_who_kept_the_head(engine: Engine, log: AuditLog) -> None:
    """Rows that are missing at the end are seen only against a head that was kept elsewhere."""
    log.record([read(number) for number in range(4)])
    kept = log.verify()
    with overcome(engine), writing(engine) as connection:
        connection.execute(text("DELETE FROM audit_log WHERE position > 2"))
    assert log.verify().position == 2
    with pytest.raises(AuditLogBroken, match="row 3 on: the rows at the end are missing"):
        log.verify(kept)
    log.record([read(7)] * 3)
    with pytest.raises(AuditLogBroken, match="row 4 on: it is another row than before"):
        log.verify(kept)


def test_a_patient_is_a_keyed_hash(database_url: str, engine: Engine) -> None:
    """With a key of one's own nobody finds a patient who has the database alone."""
    ours, theirs = AuditLog(engine, "a key of sixteen"), AuditLog(engine)
    ours.record([read(1)])
    assert [one.event.entity for one in ours.export(Wanted(patient=["Patient/1"]))]
    assert not list(theirs.export(Wanted(patient=["Patient/1"])))
    again = connect(database_url)
    with reading(again) as connection:
        assert "Patient/1" not in str(connection.execute(select(audit_log)).all())
    again.dispose()


def test_notes_are_rows_of_the_transaction_that_ends_them(
    inbox: Inbox, results: Results, log: AuditLog, claimed: Claiming
) -> None:
    """Read, failed for good, and given up by the sweeper; what is released is no end."""
    read_one, failed, released = claimed([document(key) for key in "abc"])
    results.complete(read_one.token, {read_one.row: extraction(read_one.document)})
    inbox.fail(failed.token, failed.row, code="no-content", reason="…")
    inbox.release(released.token, released.row, code="x", reason="…", delay_seconds=0)
    inbox.due(queued_for_seconds=0, limit=9, max_attempts=1)
    found = [one.event for one in log.export(Wanted())]
    told = [(one.agent.name, one.outcome, one.detail) for one in found]
    assert told == [
        ("worker", "0", "2 findings"),
        ("worker", "8", "no-content"),
        ("sweeper", "8", "x"),
    ]
    assert log.verify().position == 3


def test_a_completion_that_is_taken_back_leaves_no_row(
    log: AuditLog,
    inbox: Inbox,
    results: Results,
    claimed: Claiming,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The row and the results are one transaction: without the row there are no results."""
    [one] = claimed([document("a")])
    with monkeypatch.context() as patch:
        patch.setattr("models.db.audit_log.chain.digest", lambda *_: None)
        with pytest.raises(DatabaseRefused):
            results.complete(one.token, {one.row: extraction(one.document)})
    assert inbox.counts()["processing"] == 1
    assert log.verify().position == 0
