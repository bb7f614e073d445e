"""The migrations make exactly the tables of the code, on both databases."""

import subprocess
import sys
from typing import Any

import pytest
from sqlalchemy import Engine, inspect

from migrations.commands import check, current, downgrade, drift, newest, upgrade
from models.db.schema import REVISION, metadata
from models.db.session import connect, writing
from models.errors import SchemaOutdated


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
    engine = connect(empty_url)
    with pytest.raises(SchemaOutdated, match=r"at nothing, not .* `biomed-ner db upgrade`"):
        check(engine)
    engine.dispose()


def test_up_down_and_up_again(empty_url: str) -> None:
    """Upgrading twice changes nothing, and downgrading takes every table away."""
    upgrade(empty_url)
    upgrade(empty_url)
    engine = connect(empty_url)
    check(engine)
    downgrade(empty_url, "base")
    assert current(engine) is None
    assert not set(inspect(engine).get_table_names()) & set(metadata.tables)
    upgrade(empty_url)
    check(engine)
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
    check(engine)
    engine.dispose()


def test_code_names_the_newest_migration() -> None:
    """The revision that the code checks for is the last one there is."""
    assert newest() == REVISION
