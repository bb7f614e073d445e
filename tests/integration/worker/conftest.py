"""A database, a Redis, and settings that name them; times are short."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Engine, text

from fhir_mapping.resources import retraction
from models.db.inbox.inbox import Inbox
from models.db.results.results import Results
from worker.pipeline import Pipeline
from worker.reading import Reader
from worker.settings import Settings

Make = Callable[[Reader], Pipeline]

SHORT: dict[str, Any] = {
    "concurrency": 2,
    "lease_seconds": 2,
    "sweep_interval_seconds": 0.2,
    "queued_seconds": 2,
    "retry_seconds": 0,
    "device": "cpu",
}


@pytest.fixture
def settings(database_url: str) -> Settings:
    """Settings of a fresh database, without a broker."""
    return Settings(database_url=database_url, **SHORT)


@pytest.fixture
def inbox(engine: Engine) -> Inbox:
    return Inbox(engine)


@dataclass(frozen=True)
class Memory:
    """What a test asks the database."""

    engine: Engine

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(query))]

    def number(self, table: str) -> int:
        return int(str(self.rows(f"SELECT count(*) FROM {table}")[0][0]))  # noqa: S608 our tables

    def do(self, statement: str) -> None:
        with self.engine.begin() as connection:
            connection.execute(text(statement))


@pytest.fixture
def system(settings: Settings, broker_url: str) -> Settings:
    """Settings of a fresh database and a fresh Redis."""
    return settings.model_copy(update={"broker_url": broker_url})


@pytest.fixture
def memory(engine: Engine) -> Memory:
    return Memory(engine)


@pytest.fixture
def pipeline(engine: Engine, settings: Settings) -> Make:
    """Returns a pipeline over the database for a recogniser."""
    return lambda recogniser: Pipeline(
        Inbox(engine), Results(engine, retraction), recogniser, settings
    )
