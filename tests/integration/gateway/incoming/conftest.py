"""One server for all tests of what comes in; its database is emptied before each."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from gateway.rest.app import create_app
from models.db.schema import metadata
from models.db.sql.session import connect, writing
from tests.integration.gateway.conftest import BASE, NOBODY
from worker.settings import Settings

KEPT = {"tenancy", "audit_log", "audit_key"}
"""What stays as it is; from the log nobody can take anything."""


@pytest.fixture(scope="package")
def settings(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of one database for all; the broker is dead."""
    path = tmp_path_factory.mktemp("incoming") / "biomed.db"
    shutil.copy(sqlite_template, path)
    return Settings(database_url=f"sqlite:///{path}", broker_url=NOBODY, base_url=BASE)


@pytest.fixture(scope="package")
def client(settings: Settings) -> Iterator[TestClient]:
    """A client of the server."""
    with TestClient(create_app(settings), base_url="http://fhir.example.org") as found:
        yield found


@pytest.fixture(scope="package")
def engine(settings: Settings) -> Iterator[Engine]:
    """The server's database."""
    found = connect(settings.database_url)
    yield found
    found.dispose()


@pytest.fixture(autouse=True)
def empty(engine: Engine) -> None:
    """Leave nothing of the test before."""
    with writing(engine) as connection:
        for table in reversed(metadata.sorted_tables):
            if table.name not in KEPT:
                connection.execute(table.delete())
