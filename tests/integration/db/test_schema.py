"""The migrations make exactly the tables of the code, on both databases."""

import subprocess
import sys
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Engine, inspect, text

from migrations.commands import downgrade, drift, newest, upgrade
from models.db.schema import REVISION, check, current, metadata
from models.db.sql.session import connect, make, writing
from models.errors import DatabaseRefused, SchemaNewer, SchemaOutdated


def test_no_drift(engine: Engine) -> None:
    """Alembic finds nothing that the migrations and the tables say differently."""
    assert drift(engine) == []


def test_same_constraints(empty_url: str) -> None:
    """Names and rules that Alembic does not compare are the same as the tables would make them."""
    upgrade(empty_url)
    engine = connect(empty_url)
    migrated = constraints(engine)
    downgrade(empty_url, "base")
    with writing(engine) as connection:
        metadata.create_all(connection)
    assert migrated == constraints(engine)
    engine.dispose()


def constraints(engine: Engine) -> dict[str, Any]:
    looked = inspect(engine)
    return {
        table: (
            sorted(str(one) for one in looked.get_check_constraints(table)),
            sorted(str(one) for one in looked.get_unique_constraints(table)),
            sorted(str(one) for one in looked.get_foreign_keys(table)),
            sorted(str(one) for one in looked.get_indexes(table)),
            looked.get_pk_constraint(table),
        )
        for table in metadata.tables
    }


def test_empty_database_is_outdated(empty_url: str) -> None:
    """A database that was never upgraded is refused with the command that helps."""
    make(empty_url)
    engine = connect(empty_url)
    with pytest.raises(SchemaOutdated, match=r"at nothing, not .* `biomed-ner db upgrade`"):
        check(engine, "default")
    engine.dispose()


@pytest.mark.parametrize("revision", ["9999", "a1b2"])
def test_a_newer_schema_is_said_to_be_newer(empty_url: str, revision: str) -> None:
    """What this code has never heard of it neither works on nor tries to upgrade."""
    upgrade(empty_url)
    engine = connect(empty_url)
    with writing(engine) as connection:
        connection.execute(text(f"UPDATE alembic_version SET version_num = '{revision}'"))  # noqa: S608
    for attempt in (partial(check, engine, "default"), partial(upgrade, empty_url)):
        with pytest.raises(SchemaNewer, match=rf"at {revision}, newer than {REVISION}"):
            attempt()
    engine.dispose()


def test_up_down_and_up_again(empty_url: str) -> None:
    """Upgrading twice changes nothing, and downgrading takes every table away."""
    upgrade(empty_url)
    upgrade(empty_url)
    engine = connect(empty_url)
    check(engine, "default")
    downgrade(empty_url, "base")
    assert current(engine) is None
    assert not set(inspect(engine).get_table_names()) & set(metadata.tables)
    upgrade(empty_url)
    check(engine, "default")
    engine.dispose()


def test_two_processes_upgrade_at_once(empty_url: str) -> None:
    """Processes that start together wait for each other instead of failing."""
    upgrading = [
        sys.executable,
        "-c",
        f"from migrations.commands import upgrade as u; u({empty_url!r})",
    ]
    both = [subprocess.Popen(upgrading) for _ in range(2)]  # noqa: S603  # our own interpreter
    assert [one.wait() for one in both] == [0, 0]
    engine = connect(empty_url)
    check(engine, "default")
    engine.dispose()


def test_code_names_the_newest_migration() -> None:
    """The revision that the code checks for is the last one there is."""
    assert newest() == REVISION


def test_the_second_migration_keeps_what_there_is(empty_url: str) -> None:
    """Resources, findings and their evidence outlive the change of their tables, and back."""
    upgrade(empty_url, "t")
    downgrade(empty_url, "0001")
    engine = connect(empty_url)
    with writing(engine) as connection:
        for statement in FILLED:
            connection.execute(text(statement))
    before = contents(engine)
    upgrade(empty_url, "t")
    assert contents(engine) == before
    assert drift(engine) == []
    with writing(engine) as connection:
        connection.execute(text(PUT_HERE))
    downgrade(empty_url, "0001")
    assert contents(engine) == before
    engine.dispose()


def test_a_migration_that_would_break_a_reference_is_taken_back(sqlite_url: str) -> None:
    """While SQLite's tables are made anew no foreign key holds: all are looked at in the end."""
    downgrade(sqlite_url, "0001")
    engine = connect(sqlite_url)
    with engine.connect() as connection:
        driver = connection.connection.dbapi_connection
        assert driver
        driver.cursor().execute("PRAGMA foreign_keys = OFF")
        driver.cursor().execute(NO_SUCH_MODEL)
        driver.cursor().execute("PRAGMA foreign_keys = ON")
    with pytest.raises(DatabaseRefused, match="references of run"):
        upgrade(sqlite_url)
    assert current(engine) == "0001"
    engine.dispose()


NO_SUCH_MODEL = "INSERT INTO run VALUES ('r', 1, 'none', '2026-01-01', '2026-01-01')"

FILLED = (
    "INSERT INTO document (id, tenant, key, fhir_id, version, sha256, resource, received_at, "
    "available_at) VALUES (1, 't', 'k', 'd', 1, 's', '{}', '2026-01-01', '2026-01-01')",
    "INSERT INTO model VALUES ('m', 'n', 'r', 'w', '[]', 'c')",
    "INSERT INTO run VALUES ('r', 1, 'm', '2026-01-01', '2026-01-01')",
    "INSERT INTO note VALUES ('n', 1, 0, 'Fever.', 's', 'utf-8')",
    "INSERT INTO reading VALUES ('r', 'n', 6, 6)",
    "INSERT INTO mention VALUES ('me', 'r', 'n', 0, 0, 5, 'Sign_symptom', 0.5, false, false, "
    "false, false, 'patient')",
    "INSERT INTO resource VALUES ('t', 'Condition', 'c', 1, 's', '2026-01-01', 1, 'p', NULL, 'x')",
    "INSERT INTO resource_version VALUES ('t', 'Condition', 'c', 1, '{}', '2026-01-01', 'r')",
    "INSERT INTO finding VALUES ('f', 'r', 0, 'Sign_symptom', 'Fever', false, false, false, "
    "false, 'patient', 't', 'Condition', 'c', 1)",
    "INSERT INTO finding_mention VALUES ('f', 'me', 0)",
)
PUT_HERE = (
    "INSERT INTO resource VALUES ('t', 'Device', 'd', 1, 's', '2026-01-01', NULL, '', '', '')"
)


def contents(engine: Engine) -> list[Any]:
    """Return all rows of the tables that the migration touches, and what an auditor sees."""
    tables = ("resource", "resource_version", "finding", "finding_mention", "resource_audit")
    with engine.connect() as connection:
        return [
            sorted(map(str, connection.execute(text(f"SELECT * FROM {table}"))))  # noqa: S608 ours
            for table in tables
        ]
