"""Whatever is accepted, at whichever door, can be read, searched, processed and delivered."""

import itertools
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given
from hypothesis import settings as with_settings
from hypothesis import strategies as st
from sqlalchemy import Engine, insert

from fhir_mapping.findings.policy import DEFAULT
from fhir_mapping.resources import retraction
from gateway.cli.enqueue import parsed, stored
from gateway.cli.file_pipeline import opened, written
from gateway.cli.refusals import Refusals
from gateway.intake import Intake
from gateway.rest.app import create_app
from models.db.inbox.inbox import Inbox
from models.db.outbox.outbox import Outbox
from models.db.results.results import Results
from models.db.sql.clock import FromNow
from models.db.tables.documents import document as documents
from models.errors import BiomedError
from tests.fakes.fhir_endpoint import Endpoint, listening
from tests.fakes.keyword_recogniser import KeywordRecogniser
from tests.integration.gateway.conftest import FHIR_JSON, NOBODY, document
from tests.validity.check import problems
from worker.attachments import Attachments
from worker.deliverer import Deliverer
from worker.delivery_ports import delivery
from worker.fhir_server import FhirServer
from worker.pipeline import Pipeline
from worker.queue import Doorbell
from worker.settings import Settings

ATTACHMENTS = Attachments(Settings(max_note_characters=1000))

DEEP: Any = {"url": "urn:x", "valueString": "x"}
for _ in range(130):
    DEEP = {"url": "urn:x", "extension": [DEEP]}

POISONS: list[dict[str, Any]] = [
    {"meta": None},
    {"date": 1704067200},
    {"date": "1704067200"},
    {"extension": [DEEP]},
    {"description": "a\0b"},
    {"description": "\ud800"},
    {"id": ""},
    {"id": "a" * 65},
    {"id": "a/b"},
    {"identifier": [{"value": "x" * 100_000}]},
    {"subject": {"reference": "Patient/" + "\U0001f600" * 10_000}},
    {"relatesTo": [{"code": "replaces", "target": {"identifier": {"value": "y" * 9000}}}]},
    {"relatesTo": [None]},
    {"meta": {"security": [None]}},
    {"size": 10**30},
    {"content": [{"attachment": {"contentType": "text/plain", "data": "RmV2ZXIu", "size": 1.5}}]},
    {"content": [{"attachment": {"contentType": "text/plain", "data": 7}}]},
    {"content": [{"attachment": {"contentType": None, "data": "RmV2ZXIu"}}]},
    {"extension": [{"url": "urn:x", "valueDecimal": "1.20"}]},
]

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
    | st.sampled_from(["2026-01-01", "Patient/1", "#x", "\0", "\U0010ffff", "x" * 1100, "current"]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["reference", "value", "system", "url", "valueString", "coding", "code",
                             "resourceType", "id", "start", "period", "target", "text", "_value"]),
            inner, max_size=3,
        )
    ),
    max_leaves=5,
)  # fmt: skip
NAMES = st.sampled_from(
    ["id", "meta", "identifier", "status", "docStatus", "subject", "date", "context", "extension",
     "contained", "author", "type", "category", "relatesTo", "description", "_status", "language",
     "masterIdentifier", "securityLabel", "text", "implicitRules", "custodian"]
)  # fmt: skip
CHANGES = st.sampled_from(POISONS) | st.dictionaries(NAMES, VALUES, min_size=1, max_size=2)

LOOKED_AT = 8
"""Resources of each type that are read one by one."""

number = itertools.count()


class System:
    """Our whole system but for the model: its doors, its worker and its deliverer."""

    def __init__(
        self, client: TestClient, engine: Engine, settings: Settings, folder: Path
    ) -> None:
        self.client = client
        self.engine = engine
        self.settings = settings
        self._folder = folder
        self.inbox = Inbox(engine)

    def post(self, raw: bytes, _: str) -> int:
        """Create by POST."""
        answer = self.client.post("/fhir/DocumentReference", content=raw, headers=FHIR_JSON)
        return answer.status_code

    def put(self, raw: bytes, fhir_id: str) -> int:
        """Put under the id."""
        address = f"/fhir/DocumentReference/{fhir_id}"
        return self.client.put(address, content=raw, headers=FHIR_JSON).status_code

    def batch(self, raw: bytes, fhir_id: str) -> int:
        """Put and create by a batch; the good neighbour is stored whatever comes of the rest."""
        request = {"method": "PUT", "url": f"DocumentReference/{fhir_id}"}
        create = {"method": "POST", "url": "DocumentReference"}
        good = json.dumps(document(id=f"good-{fhir_id}", identifier=None)).encode()
        entries = (
            b'{"request":%b,"resource":%b}' % (json.dumps(asked).encode(), body)
            for asked, body in ((request, raw), (create, raw), (create, good))
        )
        bundle = b'{"resourceType":"Bundle","type":"batch","entry":[%b]}' % b",".join(entries)
        answer = self.client.post("/fhir", content=bundle, headers=FHIR_JSON)
        if answer.status_code == 200:
            assert answer.json()["entry"][2]["response"]["status"] == "201 Created"
        return answer.status_code

    def enqueue(self, raw: bytes, _: str) -> int:
        """Store a line of a file, and the good line after it."""
        good = json.dumps(document(identifier=[{"value": f"good {next(number)}"}])).encode()
        path = self._folder / "a.ndjson"
        path.write_bytes(raw + b"\n" + good)
        with Doorbell(self.settings) as doorbell:
            refusals = Refusals()
            found = list(parsed([path], self.settings, refusals))
            receipts = stored(Intake(self.inbox, doorbell), found, refusals)
        assert receipts[-1].created
        assert len(receipts) + refusals.count == 2
        return 200

    def extract(self, raw: bytes, _: str) -> int:
        """Read without a database; what comes out is valid FHIR."""
        try:
            found = opened(raw, ATTACHMENTS, tenant="default")
        except BiomedError:
            return 400
        for resources in written([found], KeywordRecogniser(), DEFAULT):
            for resource in resources:
                assert problems(json.loads(json.dumps(resource))) == []
        return 200

    def require_sound(self) -> None:
        """Check that everything stored is served, was read, and arrives at another server."""
        for path in ("/fhir/DocumentReference?_count=500", "/fhir/Condition?_count=500"):
            answer = self.client.get(path)
            assert answer.status_code == 200
            for entry in answer.json().get("entry", [])[:LOOKED_AT]:
                assert self.client.get(entry["fullUrl"]).json() == entry["resource"]
                assert self.client.get(f"{entry['fullUrl']}/_history").status_code == 200
        failed = {one.code for one in self.inbox.failures(999)}
        assert failed.isdisjoint({"step-failed", "database-refused", "unstorable-text"})
        outbox = Outbox(self.engine)
        assert outbox.undelivered(999) == []
        assert set(outbox.counts().items()) >= {("sending", 0), ("waiting", 0), ("dead", 0)}

    def work(self) -> None:
        """Read and deliver all that waits."""
        rows = self.inbox.due(queued_for_seconds=0, limit=1000, max_attempts=3)
        results = Results(self.engine, retraction, delivery(self.settings))
        Pipeline(self.inbox, results, KeywordRecogniser(), self.settings).process(rows)
        with closing(FhirServer(self.settings)) as server:
            Deliverer(Outbox(self.engine), server, self.settings).deliver(Event())


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    """Another FHIR server."""
    with listening() as found:
        yield found


@pytest.fixture
def settings(database_url: str, endpoint: Endpoint) -> Settings:
    """Settings of a fresh database of each kind."""
    return Settings(
        database_url=database_url, broker_url=NOBODY, deliver_url=endpoint.url, retry_seconds=0
    )


@pytest.fixture
def system(settings: Settings, engine: Engine, tmp_path: Path) -> Iterator[System]:
    """The system; a failure of the server is raised here."""
    with TestClient(create_app(settings), base_url="http://localhost") as client:
        yield System(client, engine, settings, tmp_path)


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    """The system's database."""
    from models.db.sql.session import connect  # noqa: PLC0415

    found = connect(settings.database_url)
    yield found
    found.dispose()


def made(changes: dict[str, Any]) -> tuple[bytes, str]:
    """Return the JSON of a document with these changes, nulls included, and its id."""
    fhir_id = f"n{next(number)}"
    identifier = [{"system": "urn:t", "value": fhir_id}]
    resource = {**document(id=fhir_id, identifier=identifier), **changes}
    return json.dumps(resource).encode(), fhir_id


def sent(system: System, changes: dict[str, Any]) -> list[int]:
    """Send a document with these changes to every door, each time as another one."""
    doors: list[Callable[[bytes, str], int]] = [
        system.post, system.put, system.batch, system.enqueue, system.extract,
    ]  # fmt: skip
    return [door(*made(changes)) for door in doors]


def test_poisons_are_refused_alone_and_the_rest_is_sound(system: System) -> None:
    """No input from a list of the worst makes a server error, and what was taken is of use."""
    for changes in POISONS:
        assert set(sent(system, changes)) <= {200, 201, 400, 413}
    system.work()
    system.require_sound()


@with_settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(CHANGES, min_size=5, max_size=5))
def test_whatever_is_accepted_is_sound(system: System, several: list[dict[str, Any]]) -> None:
    """Whatever JSON stands in the elements: refused, or read, searched and delivered."""
    for changes in several:
        assert set(sent(system, changes)) <= {200, 201, 400, 413}
    system.work()
    system.require_sound()


STORED = [
    '{"resourceType": "DocumentReference", "meta": null}',
    '{"resourceType": "DocumentReference", "status": "current", "content": [null]}',
    '{"resourceType": "DocumentReference", "a": ' + "[" * 300 + "]" * 300 + "}",
    '{"resourceType": "DocumentReference", "a": ' + "[" * 700 + "]" * 700 + "}",
    '{"resourceType": "DocumentReference", "date": 1704067200, "description": "\\u0000"}',
]


def test_what_is_stored_already_fails_alone(system: System) -> None:
    """Rows from before such was refused are served as sent, and keep no neighbour from its way."""
    system.post(*made({}))
    with system.engine.begin() as connection:
        for place, raw in enumerate(STORED):
            name = f"old-{place}"
            row = {"tenant": "default", "key": name, "fhir_id": name, "version": 1, "sha256": name}
            times = {"received_at": FromNow(), "available_at": FromNow()}
            connection.execute(insert(documents).values(resource=raw, **row, **times))
    system.work()
    assert system.inbox.counts()["done"] == 1
    assert system.inbox.counts()["failed"] == len(STORED)
    found = system.client.get("/fhir/DocumentReference?_count=500")
    assert found.json()["total"] == len(STORED) + 2  # the note and the model's card
    for place in range(len(STORED)):
        assert system.client.get(f"/fhir/DocumentReference/old-{place}").status_code == 200
        assert system.client.get(f"/fhir/DocumentReference/old-{place}/_history").is_success
    assert Outbox(system.engine).counts()["delivered"] > 0
    assert Outbox(system.engine).undelivered(9) == []
