"""Our system, which reads notes, and what it takes to deliver what was found."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from threading import Event
from typing import Any

import pytest
from sqlalchemy import Engine, text

from fhir_mapping.resources import retraction
from models.clinical import Document
from models.db.inbox.inbox import Inbox
from models.db.outbox.outbox import Outbox
from models.db.resources.resources import Resources
from models.db.results.results import Results
from tests.fakes.fhir_endpoint import Endpoint, listening
from tests.fakes.keyword_recogniser import KeywordRecogniser
from worker.deliverer import Deliverer
from worker.delivery_ports import Delivered, delivery
from worker.fhir_server import FhirServer
from worker.pipeline import Pipeline
from worker.reprocess import reprocess
from worker.settings import Settings


class Ours:
    """A system of ours over a database."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self.engine = engine
        self.settings = settings
        self.inbox = Inbox(engine)
        self.outbox = Outbox(engine)
        self.resources = Resources(engine)
        self._results = Results(engine, retraction, delivery(settings))

    def with_settings(self, **changes: Any) -> "Ours":
        """Return the same system with other settings."""
        return Ours(self.engine, self.settings.model_copy(update=changes))

    def read(self, *documents: Document, words: Sequence[str] | None = None) -> list[int]:
        """Read documents by the keyword fake, which knows these words; return their rows."""
        rows = [receipt.row for receipt in self.inbox.receive(documents)]
        reader = recogniser(words)
        pipeline = Pipeline(self.inbox, self._results, reader, self.settings)
        assert pipeline.process(rows).done == len(rows)
        return rows

    def reprocess(self, rows: Sequence[int], words: Sequence[str]) -> None:
        """Read documents again by a fake that knows these words."""
        reader = recogniser(words)
        for _ in reprocess(self.inbox, self._results, reader, self.settings, rows):
            pass

    def deliver(self) -> Delivered:
        """Deliver everything that is due."""
        with closing(FhirServer(self.settings)) as server:
            return Deliverer(self.outbox, server, self.settings).deliver(Event())

    def waiting(self) -> set[str]:
        """Return the references of what waits."""
        return {f"{kind}/{fhir_id}" for kind, fhir_id, state in self.rows() if state == "waiting"}

    def rows(self) -> list[tuple[str, str, str]]:
        """Return type, id and state of everything in the outbox."""
        return self.query("SELECT type, resource_id, state FROM outbox ORDER BY id")

    def query(self, statement: str) -> list[Any]:
        """Return what the database answers."""
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(statement))]

    def do(self, statement: str) -> None:
        """Change the database."""
        with self.engine.begin() as connection:
            connection.execute(text(statement))


def recogniser(words: Sequence[str] | None) -> KeywordRecogniser:
    """Return the keyword fake; without words it knows its usual ones."""
    if words is None:
        return KeywordRecogniser()
    return KeywordRecogniser(dict.fromkeys(words, "Disease_disorder"))


MakeOurs = Callable[..., Ours]


@pytest.fixture
def make_ours(engine: Engine, database_url: str) -> MakeOurs:
    """Returns our system, which delivers to the address given; nobody waits long."""

    def make(url: str | None, **changes: Any) -> Ours:
        usual = {"retry_seconds": 0, "deliver_timeout_seconds": 5.0}
        settings = Settings(database_url=database_url, deliver_url=url, **{**usual, **changes})
        return Ours(engine, settings)

    return make


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    """A server that answers as the test wants."""
    with listening() as found:
        yield found


@pytest.fixture
def ours(make_ours: MakeOurs, endpoint: Endpoint) -> Ours:
    """Our system, which delivers to that server."""
    return make_ours(endpoint.url)
