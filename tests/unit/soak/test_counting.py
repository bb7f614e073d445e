"""The storm's counts see what they are there to see."""

from collections import Counter
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from fhir_mapping.resources import retraction
from models.db.inbox.inbox import Inbox
from models.db.results.results import Delivery, Results
from models.db.sql.session import connect
from tests.fakes.fhir_endpoint import Endpoint
from tests.memory import document, extraction, resource_id
from tests.soak.counting import counted, essence, out_of_order

EXPECTED = Counter({"Condition": 1})
NOTE = document("1")
CONDITION = f"Condition/{resource_id(NOTE, 'Condition')}"


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    """A database in which one note was read and its results wait to go out."""
    engine = connect(sqlite_url)
    inbox = Inbox(engine)
    [row] = [receipt.row for receipt in inbox.receive([NOTE])]
    [claim] = inbox.claim([row], lease_seconds=60, max_attempts=3)
    results = Results(engine, retraction, Delivery(documents=True))
    assert results.complete(claim.token, {row: extraction(NOTE)}) == [row]
    yield engine
    engine.dispose()


@pytest.fixture
def endpoint(engine: Engine) -> Endpoint:
    """A server that got all of it, once."""
    with engine.connect() as connection:
        query = text("SELECT type, resource_id FROM outbox ORDER BY rank")
        names = [f"{kind}/{name}" for kind, name in connection.execute(query)]
    found = Endpoint()
    for name in names:
        found.requests.append([name])
        found.put({"request": {"url": name}, "resource": {"id": name}})
    return found


def test_a_good_end_has_no_faults(engine: Engine, endpoint: Endpoint) -> None:
    """One note, done, with one Condition that arrived once."""
    counts = counted(engine, endpoint, 1, EXPECTED)
    assert (counts.done, counts.resources, counts.repeated) == (1, 1, 0)
    assert counts.faults == {}
    assert counted(engine, endpoint, 1, EXPECTED + EXPECTED).faults == {"missing": 1}


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE document SET state = 'failed'", "failed"),
        ("UPDATE document SET state = 'queued'", "lost"),
        ("UPDATE resource_version SET version = 2 WHERE type = 'Device'", "doubled"),
        ("INSERT INTO run SELECT 'again', document_id, model_id, started_at, finished_at FROM run",
         "doubled"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_the_database_is_counted(
    engine: Engine, endpoint: Endpoint, statement: str, fault: str
) -> None:
    """Each way of going wrong has its count."""
    with engine.connect() as connection:
        connection.execute(text(statement))
        connection.commit()
    assert fault in counted(engine, endpoint, 1, EXPECTED).faults


def test_what_is_wrong_at_the_other_server_is_counted(engine: Engine, endpoint: Endpoint) -> None:
    """The same again is a repetition; something else, or nothing, is a fault."""
    same = {"request": {"url": CONDITION}, "resource": {"id": CONDITION}}
    endpoint.put(same)
    assert counted(engine, endpoint, 1, EXPECTED).repeated == 1
    assert counted(engine, endpoint, 1, EXPECTED).faults == {}
    endpoint.put({**same, "resource": {"id": CONDITION, "status": "other"}})
    assert counted(engine, endpoint, 1, EXPECTED).faults == {"altered": 1}
    del endpoint.writes[CONDITION]
    assert counted(engine, endpoint, 1, EXPECTED).faults == {"undelivered": 1}


def test_what_comes_before_what_it_names_is_out_of_order() -> None:
    """In one request together is in order; a version in a reference is no difference."""
    resource = {"subject": {"reference": "Patient/1"}, "of": [{"reference": "Device/1/_history/2"}]}
    resources = {"Condition/1": resource, "Device/1": {}}
    assert out_of_order([["Device/1"], ["Condition/1"]], resources) == 0
    assert out_of_order([["Condition/1", "Device/1"]], resources) == 0
    assert out_of_order([["Condition/1"], ["Device/1"], ["Condition/1"]], resources) == 1


def test_a_delivery_says_the_same_with_and_without_a_version() -> None:
    """The narrative tells it again and does not count; other words do."""
    one = {"of": {"reference": "Device/1"}, "text": {"div": "Device/1"}}
    assert essence(one) == essence({"of": {"reference": "Device/1/_history/2"}})
    assert essence(one) != essence({"of": {"reference": "Device/2"}})
