"""Two systems: ours, which reads notes, and another one, which gets what was found."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from shutil import copy
from threading import Event
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine

from fhir_mapping import retraction
from models.clinical import Document
from models.db.inbox import Inbox
from models.db.outbox import Outbox
from models.db.resources import Resources
from models.db.results import Results
from tests.fakes.keyword_recogniser import KeywordRecogniser
from tests.integration.gateway.conftest import NOBODY
from tests.servers import serving
from worker.deliverer import Deliverer
from worker.delivery import Delivered, delivery
from worker.fhir_server import FhirServer
from worker.pipeline import Pipeline
from worker.settings import Settings

Read = Callable[[Sequence[Document]], None]
Deliver = Callable[[], Delivered]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """What the other system writes to its log."""
    return tmp_path / "other.log"


@pytest.fixture
def other(sqlite_template: Path, tmp_path: Path, log: Path) -> Iterator[httpx.Client]:
    """A client of the other system, a process of its own over a database of its own."""
    path = copy(sqlite_template, tmp_path / "other.db")
    with serving(log, database_url=f"sqlite:///{path}", broker_url=NOBODY) as client:
        yield client


@pytest.fixture
def settings(database_url: str, other: httpx.Client) -> Settings:
    """Our settings: results go to the other system, and nobody waits long."""
    return Settings(
        database_url=database_url,
        deliver_url=f"{other.base_url}/fhir",
        deliver_batch_size=7,
        retry_seconds=0,
    )


@pytest.fixture
def outbox(engine: Engine) -> Outbox:
    return Outbox(engine)


@pytest.fixture
def resources(engine: Engine) -> Resources:
    return Resources(engine)


@pytest.fixture
def read(engine: Engine, settings: Settings) -> Read:
    """Read documents by the keyword fake."""
    inbox = Inbox(engine)
    results = Results(engine, retraction, delivery(settings))
    pipeline = Pipeline(inbox, results, KeywordRecogniser(), settings)

    def work(documents: Sequence[Document]) -> None:
        rows = [receipt.row for receipt in inbox.receive(documents)]
        assert pipeline.process(rows).done == len(documents)

    return work


@pytest.fixture
def deliver(outbox: Outbox, settings: Settings) -> Iterator[Deliver]:
    """Deliver everything that is due."""
    with FhirServer(settings) as server:
        yield lambda: Deliverer(outbox, server, settings).deliver(Event())


def kept(path: Path) -> list[tuple[Any, ...]]:
    """Return type, id and number of versions of all that a database keeps of other systems."""
    query = "SELECT type, id, max(version) FROM resource_version GROUP BY type, id"
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()
