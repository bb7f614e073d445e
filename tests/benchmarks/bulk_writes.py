"""Our own bulk SQL beside the library's, in one run: `python -m tests.benchmarks.bulk_writes`.

A list of 64 notes brings about 1,500 resources. PostgreSQL gets their heads by one
`json_populate_recordset` and their versions by COPY, or both by SQLAlchemy's insertmanyvalues.
Medians of turns, in milliseconds: on the clock, and of this process's own time on a core.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, Table
from sqlalchemy.dialects import postgresql

from migrations.commands import upgrade
from models.db.sql.bulk import write, write_new
from models.db.sql.session import connect, writing
from models.db.sql.statements import Row
from models.db.tables.resources import resource, resource_version
from tests.benchmarks.measuring import medians
from tests.databases import own_server, postgresql_database

RESOURCES: Final = 1536
TURNS: Final = 15
NOW: Final = datetime(2026, 1, 2, tzinfo=UTC)
JSON: Final = '{"resourceType": "Condition", "note": "' + "x" * 900 + '"}'
NUMBERS: Final = count()

Writes = Callable[[Connection, Table, list[Row]], object]


def heads(number: int) -> list[Row]:
    """Return rows of resources that are new."""
    made = {"type": "Condition", "version": 1, "sha256": "0" * 64, "last_updated": NOW}
    of = {"document_id": None, "patient": "Patient/7", "encounter": None, "status": "confirmed"}
    return [{"tenant": "t", "id": f"{next(NUMBERS):032}", **made, **of} for _ in range(number)]


def versions(of: list[Row]) -> list[Row]:
    """Return the rows of their first versions."""
    same = {"type": "Condition", "version": 1, "json": JSON, "recorded_at": NOW, "run_id": None}
    return [{"tenant": "t", "id": one["id"], **same} for one in of]


def by_insertmanyvalues(connection: Connection, table: Table, rows: list[Row]) -> None:
    """Insert rows as SQLAlchemy does by itself, passing over those that are there."""
    statement = postgresql.insert(table).on_conflict_do_nothing()
    connection.execute(statement.returning(*table.primary_key), rows).all()


def writer(engine: Engine, heads_by: Writes, versions_by: Writes) -> Callable[[], None]:
    """Return what stores a list of resources in one transaction."""

    def work() -> None:
        rows = heads(RESOURCES)
        with writing(engine) as connection:
            heads_by(connection, resource, rows)
            versions_by(connection, resource_version, versions(rows))

    return work


def compare(what: str, ours: Callable[[], None], library: Callable[[], None], turns: int) -> None:
    """Print what both take, side by side."""
    both = {"ours": ours, "library": library}
    for clock in (time.perf_counter, time.process_time):
        took = medians(both, turns, clock)
        ratio = took["library"] / took["ours"]
        sys.stdout.write(
            f"{what:44} {clock.__name__:13} ours {took['ours'] * 1000:7.1f} ms, "
            f"library {took['library'] * 1000:7.1f} ms, ratio {ratio:.2f}\n"
        )


def main() -> None:
    """Compare on a PostgreSQL of our own."""
    with (
        tempfile.TemporaryDirectory(prefix="biomed-") as folder,
        own_server(Path(folder)) as server,
        postgresql_database(server) as url,
    ):
        upgrade(url)
        engine = connect(url)
        ours = writer(engine, write_new, write_new)
        library = writer(engine, by_insertmanyvalues, by_insertmanyvalues)
        compare("json_populate_recordset, insertmanyvalues", ours, library, TURNS)
        copied = writer(engine, write_new, write)
        compare("the same and COPY, insertmanyvalues", copied, library, TURNS)
        engine.dispose()


if __name__ == "__main__":
    main()
