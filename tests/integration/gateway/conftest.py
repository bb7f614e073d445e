"""A FHIR server over a fresh database, clients for it, and a reader that works at a call."""

import base64
from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from fhir_mapping.resources import retraction
from gateway.rest.app import create_app
from models.db.inbox.inbox import Inbox
from models.db.results.results import Results
from models.db.sql.session import connect
from tests.fakes.keyword_recogniser import KeywordRecogniser
from worker.pipeline import Pipeline
from worker.settings import Settings

BASE = "http://fhir.example.org/fhir"
"""The address of the FHIR base as clients see it."""

NOBODY = "redis://127.0.0.1:1/0"
"""Port 1 is reserved: nobody listens, so a connection is refused at once."""

FHIR_JSON = {"Content-Type": "application/fhir+json"}


def document(text: str = "Fever and cough.", patient: str = "1", **changes: Any) -> dict[str, Any]:
    """Return a DocumentReference with one plain text; a change to None leaves an element out."""
    data = base64.b64encode(text.encode()).decode()
    made = {
        "resourceType": "DocumentReference",
        "identifier": [{"system": "urn:test", "value": text}],
        "status": "current",
        "subject": {"reference": f"Patient/{patient}"},
        "content": [{"attachment": {"contentType": "text/plain; charset=utf-8", "data": data}}],
        **changes,
    }
    return {name: value for name, value in made.items() if value is not None}


@pytest.fixture
def settings(sqlite_url: str) -> Settings:
    """Settings of a fresh database; the broker is dead and bodies are limited to 20,000 bytes."""
    return Settings(
        database_url=sqlite_url, broker_url=NOBODY, base_url=BASE, max_body_bytes=20_000
    )


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    """A client of the server."""
    with TestClient(create_app(settings), base_url="http://fhir.example.org") as found:
        yield found


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    """The server's database."""
    found = connect(settings.database_url)
    yield found
    found.dispose()


@pytest.fixture
def inbox(engine: Engine) -> Inbox:
    """The server's inbox."""
    return Inbox(engine)


@pytest.fixture
def read_all(engine: Engine, inbox: Inbox, settings: Settings) -> Callable[[], None]:
    """Read every document that waits, by the keyword fake."""

    def read() -> None:
        rows = inbox.due(queued_for_seconds=0, limit=1000, max_attempts=3)
        results = Results(engine, retraction)
        with Pipeline(inbox, results, KeywordRecogniser(), settings) as pipeline:
            pipeline.process(rows)

    return read


@pytest.fixture
def post(client: TestClient) -> Callable[..., Any]:
    """Post a DocumentReference and return the answer."""

    def send(resource: dict[str, Any], **headers: str) -> Any:
        return client.post(
            "/fhir/DocumentReference",
            content=orjson.dumps(resource),
            headers={**FHIR_JSON, **headers},
        )

    return send
