"""Rows written at once are the rows that plain INSERTs write, on both databases."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from random import Random
from string import ascii_letters
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, Table, delete, insert, select, text

from models.db.inbox.inbox import Inbox
from models.db.sql.bulk import write, write_new
from models.db.sql.session import connect, reading, writing
from models.db.sql.statements import Row
from models.db.tables.readings import model, run
from models.db.tables.resources import finding, resource
from models.errors import DatabaseRefused, DatabaseUnavailable, TooLongToStore
from tests.memory import document

NASTY = [
    "",
    "\\N",
    "\\.",
    "a\tb\\t",
    "line\r\nline\n",
    "\x0b\x1f\x7f\x85\u2028",
    '{"a": "\\"}',
    "👩\u200d⚕️ NULL",
]
EAST = timezone(timedelta(hours=5, minutes=30))
MOMENT = datetime(2026, 2, 3, 4, 5, 6, 789012, tzinfo=EAST)
MODEL = dict.fromkeys(("name", "revision", "weights_sha256", "labels", "code_version"), "x")
NOT_SAID = {"negated": False, "uncertain": False, "historical": True, "hypothetical": False}


@pytest.fixture
def row(engine: Engine) -> int:
    """An inbox row, and a model to point at."""
    with writing(engine) as connection:
        connection.execute(insert(model), {"id": "m", **MODEL})
    return Inbox(engine).receive([document()])[0].row


def runs(row: int) -> list[Row]:
    return [
        {
            "id": text or "empty",
            "document_id": row,
            "model_id": "m",
            "started_at": MOMENT,
            "finished_at": MOMENT + timedelta(microseconds=place),
        }
        for place, text in enumerate(NASTY)
    ]


def findings(of: Sequence[Row]) -> list[Row]:
    return [
        {
            "id": f"{place}",
            "run_id": one["id"],
            "ordinal": place,
            "label": "x",
            "text": NASTY[place],
            **NOT_SAID,
            "experiencer": "family",
            "tenant": "t",
            "resource_type": None,
            "resource_id": None,
            "resource_version": None,
        }
        for place, one in enumerate(of)
    ]


def heads(row: int) -> list[Row]:
    return [
        {
            "tenant": "t",
            "type": text,
            "id": f"{place}",
            "version": place,
            "sha256": text,
            "last_updated": MOMENT,
            "document_id": row,
            "patient": None,
            "encounter": text,
            "status": None,
        }
        for place, text in enumerate(NASTY)
    ]


def stored(connection: Connection, table: Table) -> list[tuple[Any, ...]]:
    query = select(table).order_by(*table.primary_key)
    return [tuple(found) for found in connection.execute(query)]


def test_what_is_written_at_once_is_what_was_given(engine: Engine, row: int) -> None:
    """Tabs, backslashes, line ends, emoji, absent values, truths, times: all come back the same."""
    for table, rows in ((run, runs(row)), (finding, findings(runs(row))), (resource, heads(row))):
        with writing(engine) as connection:
            connection.execute(insert(table), rows)
            plainly = stored(connection, table)
            connection.execute(delete(table))
            if table is resource:
                write_new(connection, table, rows)
            else:
                write(connection, table, rows)
            assert stored(connection, table) == plainly
    assert plainly[0][5] == MOMENT.astimezone(UTC)


def test_new_rows_are_told_from_those_that_were_there(engine: Engine, row: int) -> None:
    """A head that stands already, or comes twice, is passed over and keeps what it said."""
    first, second, *rest = heads(row)
    with writing(engine) as connection:
        assert write_new(connection, resource, [first]) == {("t", first["type"], "0")}
        again = [{**first, "sha256": "other"}, second, {**second, "sha256": "other"}]
        assert write_new(connection, resource, again) == {("t", second["type"], "1")}
        assert {found[4] for found in stored(connection, resource)} == {
            first["sha256"],
            second["sha256"],
        }
        assert len(write_new(connection, resource, rest)) == len(rest)
        assert write_new(connection, resource, []) == set()


def test_of_two_rows_with_one_key_the_first_counts(engine: Engine, row: int) -> None:
    """A run that says a thing twice is stored once."""
    (one, *_) = runs(row)
    with writing(engine) as connection:
        write(connection, run, [one, {**one, "started_at": MOMENT + timedelta(days=1)}])
        write(connection, run, [])
        assert [found[3] for found in stored(connection, run)] == [MOMENT.astimezone(UTC)]


def test_a_refused_row_takes_all_back_and_is_not_quoted(engine: Engine, row: int) -> None:
    """A row against the schema refuses the transaction; its words are in no message."""
    good = runs(row)
    bad = {**findings(good)[0], "text": None, "label": "Mrs. Example"}
    with pytest.raises(DatabaseRefused) as caught, writing(engine) as connection:  # noqa: PT012 the second
        write(connection, run, good)
        write(connection, finding, [bad])
    assert "Example" not in f"{caught.value!r} {caught.value.__cause__!r}"
    assert caught.value.__suppress_context__
    with reading(engine) as connection:
        assert stored(connection, run) == []


def test_a_cut_connection_is_worth_another_try(postgresql_url: str, postgresql_server: str) -> None:
    """When the server goes in the middle of a transaction, the next one simply works."""
    engine = connect(postgresql_url)
    row = Inbox(engine).receive([document()])[0].row
    with pytest.raises(DatabaseUnavailable), writing(engine) as connection:  # noqa: PT012 the last
        connection.execute(insert(model), {"id": "m", **MODEL})
        cut(postgresql_server, str(engine.url.database))
        write(connection, run, runs(row))
    with writing(engine) as connection:
        connection.execute(insert(model), {"id": "m", **MODEL})
        write(connection, run, runs(row))
    engine.dispose()


def test_what_no_index_holds_is_no_outage(postgresql_url: str) -> None:
    """COPY tells a key that is too long as INSERT does."""
    engine = connect(postgresql_url)
    row = Inbox(engine).receive([document()])[0].row
    long = {**runs(row)[0], "id": "".join(Random(1).choices(ascii_letters, k=6000))}  # noqa: S311 no secret
    with pytest.raises(TooLongToStore), writing(engine) as connection:  # noqa: PT012 the second
        connection.execute(insert(model), {"id": "m", **MODEL})
        write(connection, run, [long])
    engine.dispose()


def cut(server: str, database: str) -> None:
    """End all connections to a database."""
    killer = connect(server)
    with writing(killer) as connection:
        statement = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
        connection.execute(text(statement), {"name": database})
    killer.dispose()
