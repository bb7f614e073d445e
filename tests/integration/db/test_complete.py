"""Completion: all of a list in one transaction, once, and only by the holder of the lease."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, Table, event, func, select, text

from models.clinical import Document, Extraction, Unread
from models.db.inbox.inbox import Claim, Inbox
from models.db.resources import versions
from models.db.resources.versions import Source
from models.db.results.results import Results
from models.db.schema import metadata
from models.db.sql.session import reading, writing
from models.db.tables.documents import note, unread
from models.db.tables.readings import cue, link, mention, model, run
from models.db.tables.readings import reading as readings
from models.db.tables.resources import finding, finding_mention, resource, resource_version
from models.errors import DatabaseRefused, Unstorable
from tests.integration.db.conftest import Together
from tests.memory import MODEL, TEXT, condition, document, extraction, reference

# In which order rows were stored, by what the database keeps of it.
ORDER = {"sqlite": text("rowid"), "postgresql": text("ctid")}

Claiming = Callable[[Sequence[Document]], list[Claim]]


def number(engine: Engine, table: Table) -> int:
    with reading(engine) as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


def documents(count: int) -> list[Document]:
    return [document(f"key {place}") for place in range(count)]


def complete(results: Results, claims: Sequence[Claim], **changes: Any) -> list[int]:
    read = {claim.row: extraction(claim.document, **changes) for claim in claims}
    return results.complete(claims[0].token, read)


@contextmanager
def counted(engine: Engine) -> Iterator[Counter[str]]:
    """Count the statements, by their first word, and the commits while inside."""
    seen: Counter[str] = Counter()

    def statement(_connection: object, _cursor: object, sql: str, *_: object) -> None:
        seen[sql.split(maxsplit=1)[0]] += 1

    def commit(_connection: object) -> None:
        seen["COMMIT"] += 1

    event.listen(engine, "before_cursor_execute", statement)
    event.listen(engine, "commit", commit)
    yield seen
    event.remove(engine, "before_cursor_execute", statement)
    event.remove(engine, "commit", commit)


def test_everything_is_stored(results: Results, engine: Engine, claimed: Claiming) -> None:
    """Texts, mentions, cues, links, findings and resources of a document are all there."""
    claims = claimed(documents(2))
    assert complete(results, claims) == [claim.row for claim in claims]
    stored = {
        table.name: number(engine, table)
        for table in (note, run, model, readings, mention, cue, link, finding, finding_mention)
    }
    assert stored == {
        "note": 2,
        "run": 2,
        "model": 1,
        "reading": 2,
        "mention": 6,
        "cue": 2,
        "link": 2,
        "finding": 4,
        "finding_mention": 4,
    }
    assert number(engine, resource) == 3  # two Conditions and the Device that both bring


def test_text_is_stored_as_it_was(results: Results, engine: Engine, claimed: Claiming) -> None:
    """Emoji and CRLF of a note's text come back, character for character."""
    (claim,) = claimed([document()])
    nasty = "\ufeff👩\u200d⚕️\r\n" + TEXT + "\r e\u0301 \u2028\x85\x0b end"
    complete(results, [claim], text=nasty)
    with reading(engine) as connection:
        assert connection.scalar(select(note.c.text)) == nasty


def test_complete_twice_stores_once(results: Results, engine: Engine, claimed: Claiming) -> None:
    """The same completion again finds the lease gone and writes nothing."""
    claims = claimed(documents(1))
    read = {claims[0].row: extraction(claims[0].document)}
    assert results.complete(claims[0].token, read) == [claims[0].row]
    before = {table.name: number(engine, table) for table in metadata.sorted_tables}
    assert results.complete(claims[0].token, read) == []
    assert complete(results, claims) == []
    assert {table.name: number(engine, table) for table in metadata.sorted_tables} == before


def test_lost_rows_are_left_out(
    inbox: Inbox, results: Results, engine: Engine, claimed: Claiming
) -> None:
    """Of a list, the rows still held are completed; those lost to another write nothing."""
    lost, *held = claimed(documents(3))
    inbox.extend(lost.token, [lost.row], -1)
    assert [one.row for one in inbox.claim([lost.row], lease_seconds=60, max_attempts=3)]
    assert complete(results, [lost, *held]) == [claim.row for claim in held]
    assert number(engine, run) == 2
    assert inbox.counts()["processing"] == 1


def test_one_transaction_for_64(engine: Engine, results: Results, claimed: Claiming) -> None:
    """A list of 64 takes the statements of a list of one, and one commit."""
    (single,) = claimed([document("alone")])
    many = claimed(documents(64))
    with counted(engine) as for_one:
        complete(results, [single])
    with counted(engine) as for_many:
        assert len(complete(results, many)) == 64
    assert for_many["COMMIT"] == 1
    # The Device is there already, so the later list has no more to do than the first.
    assert sum(for_many.values()) <= sum(for_one.values())
    assert sum(for_many.values()) < 25


def test_all_or_nothing(results: Results, engine: Engine, claimed: Claiming) -> None:
    """An extraction that contradicts the schema is refused, and its neighbours stay ours."""
    good, bad = claimed(documents(2))
    broken = extraction(bad.document)
    (read,) = broken.readings
    upside_down = replace(read.mentions[0], start=5, end=4)
    broken = replace(broken, readings=(replace(read, mentions=(upside_down, *read.mentions[1:])),))
    with pytest.raises(DatabaseRefused) as caught:
        results.complete(good.token, {good.row: extraction(good.document), bad.row: broken})
    assert "pneumonia" not in f"{caught.value!r} {caught.value.__cause__!r}"
    assert number(engine, run) == 0
    assert complete(results, [good]) == [good.row]


def test_unstorable_text(results: Results, engine: Engine, claimed: Claiming) -> None:
    """A text with NUL, which PostgreSQL cannot keep, is a typed error before anything is stored."""
    claims = claimed(documents(2))
    with pytest.raises(Unstorable, match=r"text of content\[0\]"):
        complete(results, claims, text=f"{TEXT}\x00")
    assert number(engine, note) == 0


def test_unread_parts_are_kept(results: Results, engine: Engine, claimed: Claiming) -> None:
    """A document of which some could be read is done, and says what could not."""
    (claim,) = claimed([document()])
    part = Unread(1, "unsupported-content-type", "A picture.")
    read = replace(extraction(claim.document), unread=(part,))
    assert results.complete(claim.token, {claim.row: read}) == [claim.row]
    with reading(engine) as connection:
        (row,) = connection.execute(select(unread))
    assert (row.content_index, row.code, row.reason) == (1, part.code, part.reason)
    assert (row.document_id, row.run_id) == (claim.row, read.run.id)


def test_nothing_found(inbox: Inbox, results: Results, claimed: Claiming) -> None:
    """A document with nothing in it, not even a text, is done."""
    (claim,) = claimed([document()])
    empty = replace(
        extraction(claim.document), notes=(), readings=(), findings=(), records=(), unread=()
    )
    assert results.complete(claim.token, {claim.row: empty}) == [claim.row]
    assert inbox.counts()["done"] == 1


def test_opposite_orders_at_once(
    results: Results, engine: Engine, claimed: Claiming, together: Together
) -> None:
    """Workers that bring the same new Devices and models in opposite orders wait in line."""
    claims = claimed(documents(6))
    for pair in (claims[:2], claims[2:4], claims[4:]):
        names = [f"{pair[0].row}-{place}" for place in range(400)]
        devices = tuple({"resourceType": "Device", "id": name} for name in names)
        turned = (devices, devices[::-1])
        read = [
            replace(extraction(claim.document), records=records)
            for claim, records in zip(pair, turned, strict=True)
        ]
        rows = [claim.row for claim in pair]
        complete_one = partial(complete_side, results, pair[0].token, rows, read)
        assert together(complete_one, 2) == [[row] for row in rows]
    assert number(engine, resource_version) == number(engine, resource) == 3 * 400 + 6


def complete_side(
    results: Results, token: str, rows: list[int], read: list[Extraction], side: int
) -> list[int]:
    return results.complete(token, {rows[side]: read[side]})


@pytest.mark.parametrize("table", [model, resource], ids=str)
def test_shared_rows_in_order(
    results: Results, engine: Engine, claimed: Claiming, table: Table
) -> None:
    """New models and resources of a list are stored in the order of their keys."""
    claims = claimed(documents(8))
    read = {
        claim.row: extraction(claim.document, model=replace(MODEL, revision=f"r{place}"))
        for place, claim in enumerate(claims)
    }
    results.complete(claims[0].token, read)
    order = ORDER[engine.dialect.name]
    with reading(engine) as connection:
        keys = connection.execute(select(*table.primary_key).order_by(order)).all()
    assert keys == sorted(keys)


def test_waits_for_the_other_version(
    inbox: Inbox, results: Results, engine: Engine, claimed: Claiming
) -> None:
    """A completion that changes a resource which another is just changing builds upon that."""
    first, second, third = (claimed([document(text=text)])[0] for text in ("1", "2", "3"))
    complete(results, [first])
    with ThreadPoolExecutor(1) as pool, writing(engine) as connection:
        other = Source(second.row, second.document.id, 2, first_run(connection))
        said = versions.statement("default", condition(second.document), other)
        versions.put(connection, [said], datetime.now(UTC))
        waiting = pool.submit(complete, results, [third])
        with pytest.raises(TimeoutError):
            waiting.result(timeout=0.5)
        connection.commit()
        assert waiting.result() == [third.row]
    with reading(engine) as connection:
        query = select(resource_version.c.version, resource_version.c.json).where(
            resource_version.c.type == "Condition"
        )
        stored = {row.version: row.json for row in connection.execute(query)}
    assert sorted(stored) == [1, 2, 3]
    assert reference(second.document) in stored[2]
    assert reference(third.document) in stored[3]
    assert inbox.counts()["done"] == 2


def first_run(connection: Connection) -> str:
    return str(connection.scalar(select(run.c.id)))


def test_versions_of_one_document_at_once(
    inbox: Inbox, results: Results, engine: Engine, together: Together
) -> None:
    """Versions of one document completed at the same moment leave the newest standing."""
    texts = [f"text {place}" for place in range(6)]
    receipts = inbox.receive([document(text=text) for text in texts])
    claims = [inbox.claim([one.row], lease_seconds=60, max_attempts=3)[0] for one in receipts]
    together(lambda place: complete(results, [claims[place]]), 6)
    with reading(engine) as connection:
        query = (
            select(resource_version.c.json, resource.c.version)
            .join(resource)
            .where(resource.c.type == "Condition", resource_version.c.version == resource.c.version)
        )
        (row,) = connection.execute(query)
    assert reference(claims[-1].document) in row.json
