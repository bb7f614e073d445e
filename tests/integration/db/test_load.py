"""What waits is counted at a price that does not grow with what was read long ago."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, event, text

from models.db.inbox import load as inbox_load
from models.db.inbox.inbox import Inbox
from models.db.outbox import load as outbox_load
from models.db.outbox.outbox import Outbox
from models.db.sql.session import reading, writing
from models.db.sql.statements import store
from models.db.tables.documents import document
from models.db.tables.outbox import outbox

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
LEASED = {"lease_token": "t", "lease_until": LONG_AGO}


def fill(engine: Engine, states: dict[str, int], *, code: str | None = None) -> None:
    """Store so many documents and resources in each state, in this order."""
    leased = {"processing", "sending"}
    names = [state for state, number in states.items() for _ in range(number)]
    documents = [
        {
            **dict.fromkeys(("tenant", "key", "fhir_id", "sha256"), f"{state}{number}"),
            "version": 1, "resource": "{}" * 200, "state": state, "received_at": LONG_AGO,
            "available_at": LONG_AGO + timedelta(seconds=number),
            "error_code": code if state == "failed" else None,
            **(LEASED if state in leased else dict.fromkeys(LEASED)),
        }
        for number, state in enumerate(names)
    ]  # fmt: skip
    same = {"failed": "dead", "done": "delivered", "processing": "sending"}
    resources = [
        {
            "tenant": "default", "type": "Condition", "resource_id": one["key"], "version": 1,
            "rank": 1, "state": same.get(str(one["state"]), "waiting"),
            "available_at": one["available_at"], **{name: one[name] for name in LEASED},
        }
        for one in documents
    ]  # fmt: skip
    with writing(engine) as connection:
        store(connection, document, documents)
        store(connection, outbox, resources)
        if engine.dialect.name == "postgresql":
            connection.execute(text("ANALYZE"))


@contextmanager
def statements(engine: Engine) -> Iterator[list[tuple[str, object]]]:
    """Give the statements that are executed meanwhile, with their parameters."""
    found: list[tuple[str, object]] = []

    def note(_: object, __: object, statement: str, parameters: object, *___: object) -> None:
        found.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)


def test_what_waits_is_counted_by_state(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Numbers stop at a bound; the oldest is the one that may be read for the longest time."""
    monkeypatch.setattr(inbox_load, "MOST", 3)
    fill(engine, {"done": 5, "queued": 4, "failed": 2, "processing": 1}, code="no-text")
    inbox, resources = Inbox(engine).load(), Outbox(engine).load()
    assert inbox.documents == {"received": 0, "queued": 3, "processing": 1, "failed": 2}
    assert inbox.failures == {"no-text": 2}
    waited = (datetime.now(UTC) - LONG_AGO).total_seconds() - 5
    assert inbox.oldest_seconds == pytest.approx(waited, abs=60)
    assert resources.resources == {"waiting": 4, "sending": 1, "dead": 2}
    assert resources.oldest_seconds == pytest.approx(waited, abs=60)


def test_nothing_waits_in_an_empty_database(engine: Engine) -> None:
    """No document is 0 seconds old, and so is one whose back-off has not ended."""
    assert Inbox(engine).load().oldest_seconds == 0
    fill(engine, {"queued": 1})
    with writing(engine) as connection:
        connection.execute(document.update().values(available_at=datetime(2999, 1, 1, tzinfo=UTC)))
    assert Inbox(engine).load().oldest_seconds == 0


def test_no_table_is_read_through(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each query follows an index from one end: most rows are done, and many wait."""
    monkeypatch.setattr(inbox_load, "MOST", 50)
    monkeypatch.setattr(inbox_load, "LATEST_FAILED", 50)
    monkeypatch.setattr(outbox_load, "MOST", 50)
    fill(engine, {"done": 3000, "failed": 600, "queued": 1200})
    with statements(engine) as asked:
        Inbox(engine).load()
        Outbox(engine).load()
    explain = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN "
    queries = [one for one in asked if one[0].startswith("SELECT")]
    assert len(queries) == 10
    with reading(engine) as connection:
        plans = [
            "\n".join(str(row[-1]) for row in connection.exec_driver_sql(explain + query, values))  # type: ignore[arg-type]
            for query, values in queries
        ]
    for plan in plans:
        assert re.search(r"ix_document_state|ix_outbox_tenant", plan), plan
        assert not re.search(
            r"(?:SCAN|Seq Scan on) (?:document|outbox)|TEMP B-TREE FOR ORDER|Sort", plan
        ), plan
