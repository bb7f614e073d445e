"""Delivery to a server that refuses, delays, falls silent, or tells too much."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine, func, select, update

from gateway.demo.processes import free_port
from models.db.outbox.outbox import Outbox, OutboxEntry
from models.db.tables.documents import document as documents
from models.errors import DatabaseUnavailable
from tests.fakes.fhir_endpoint import Endpoint, Entry, Reply, batch_response, complaint, listening
from tests.integration.delivery.conftest import MakeOurs, Ours
from tests.integration.worker.documents import document
from worker.deliverer import Deliverer
from worker.delivery_ports import Delivered
from worker.fhir_server import FhirServer

NAME = "Mrs Oduya"
OUTCOME = {
    "resourceType": "OperationOutcome",
    "issue": [{"severity": "error", "code": "throttled", "diagnostics": NAME}],
}


def condition(entry: Entry) -> bool:
    return bool(entry["resource"]["resourceType"] == "Condition")


def answering(status: int, **headers: str) -> Any:
    """Return a script that refuses every request as a whole."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _: (status, sent, OUTCOME)


def errors(ours: Ours) -> dict[str, tuple[str, str, int]]:
    """Return state, code and attempts of what is not delivered, by type."""
    return {
        one.reference.split("/")[0]: (one.state, one.code, one.attempts)
        for one in ours.outbox.undelivered(99)
    }


def told(ours: Ours) -> str:
    """Return everything that an operator is told."""
    return " ".join(one.reason for one in ours.outbox.undelivered(99))


@pytest.mark.parametrize("status", ["400 Bad Request", "404", "409", "422 Unprocessable Entity"])
def test_what_is_refused_is_dead_and_its_neighbours_arrive(
    ours: Ours, endpoint: Endpoint, status: str
) -> None:
    """One entry's 4xx ends that resource at its first attempt, and nothing else."""

    def script(entries: Sequence[Entry]) -> Reply:
        return batch_response(
            [
                complaint(status, "business-rule", NAME) if condition(one) else endpoint.put(one)
                for one in entries
            ]
        )

    endpoint.script = script
    ours.read(document("Fever. Aspirin.", key="1"))
    assert ours.deliver() == Delivered(delivered=5, dead=1)
    assert errors(ours) == {"Condition": ("dead", "delivery-refused", 1)}
    assert f"({status[:3]} business-rule)" in told(ours)
    assert NAME not in told(ours)


def test_what_is_dead_can_be_resent(ours: Ours, endpoint: Endpoint) -> None:
    """When the cause is gone, everything dead is delivered at a word."""
    refusal = complaint("422", "invariant", "x")
    endpoint.script = lambda entries: batch_response([refusal] * len(entries))
    ours.read(document("Fever.", key="1"))
    ours.deliver()
    assert set(errors(ours)) == {"DocumentReference", "Device", "Condition", "Provenance"}
    endpoint.script = None
    assert len(ours.outbox.resend()) == 5
    assert ours.deliver() == Delivered(delivered=5)
    assert errors(ours) == {}


@pytest.mark.parametrize("status", ["429 Too Many Requests", "500", "503 Service Unavailable"])
def test_what_may_pass_is_tried_again_until_it_is_dead(
    make_ours: MakeOurs, endpoint: Endpoint, status: str
) -> None:
    """An entry's 429 or 5xx is tried again, and dead after the last attempt."""

    def script(entries: Sequence[Entry]) -> Reply:
        return batch_response(
            [
                complaint(status, "transient", NAME) if condition(one) else endpoint.put(one)
                for one in entries
            ]
        )

    endpoint.script = script
    ours = make_ours(endpoint.url, deliver_max_attempts=3)
    ours.read(document("Fever.", key="1"))
    results = ours.deliver()
    assert (results.rescheduled, results.dead) == (3, 0)
    assert errors(ours) == {"Condition": ("dead", "delivery-delayed", 3)}
    assert NAME not in told(ours)


def test_a_pause_grows_with_each_attempt(make_ours: MakeOurs, endpoint: Endpoint) -> None:
    """The time of the next attempt is a column: 100 s away, then 200."""
    endpoint.script = answering(503)
    ours = make_ours(endpoint.url, retry_seconds=100)
    ours.read(document("Fever.", key="1"))
    for attempt, seconds in enumerate([100, 200, 400], 1):
        assert ours.deliver().failed
        for one in ours.outbox.undelivered(99):
            assert abs((one.available_at - datetime.now(UTC)).total_seconds() - seconds) < 30
        assert {one.attempts for one in ours.outbox.undelivered(99)} == {attempt}
        assert ours.deliver() == Delivered()
        ours.do("UPDATE outbox SET available_at = '2000-01-01 00:00:00.000000'")


@pytest.mark.parametrize("date", [False, True])
def test_the_server_says_how_long_to_wait(ours: Ours, endpoint: Endpoint, *, date: bool) -> None:
    """Retry-After is honoured, in seconds and as a date, by the rows and by the deliverer."""
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=500), usegmt=True)
    endpoint.script = answering(429, Retry_After=soon if date else "500")
    ours.read(document("Fever.", key="1"))
    results = ours.deliver()
    assert 400 < results.wait <= 500
    assert len(endpoint.requests) == 1
    assert errors(ours) == {"DocumentReference": ("waiting", "server-refusing", 1)}
    for one in ours.outbox.undelivered(99):
        assert 400 < (one.available_at - datetime.now(UTC)).total_seconds() < 600
    assert "(429 throttled)" in told(ours)
    assert NAME not in told(ours)


def test_a_server_that_is_not_there(make_ours: MakeOurs) -> None:
    """Nobody listening is an outage: rows wait, and arrive when somebody does."""
    ours = make_ours(f"http://127.0.0.1:{free_port()}/fhir")
    ours.read(document("Fever.", key="1"))
    assert ours.deliver().failed
    assert set(errors(ours).values()) == {("waiting", "server-silent", 1)}


def test_a_server_that_never_ends(make_ours: MakeOurs, endpoint: Endpoint) -> None:
    """A request that takes too long is given up and sent again; twice is harmless."""
    silent = threading.Event()

    def script(entries: Sequence[Entry]) -> Reply:
        answer = endpoint.accepted(entries)
        if not silent.is_set():
            silent.set()
            time.sleep(1)
        return answer

    endpoint.script = script
    ours = make_ours(endpoint.url, deliver_timeout_seconds=0.3)
    ours.read(document("Fever.", key="1"))
    assert ours.deliver().failed
    assert ours.deliver() == Delivered(delivered=5)
    assert all(one == [one[0]] * len(one) for one in endpoint.writes.values())


def test_a_request_that_is_too_much_is_cut(make_ours: MakeOurs, endpoint: Endpoint) -> None:
    """A 413 halves the request; what is too large alone is dead, and the rest arrives."""

    def script(entries: Sequence[Entry]) -> Reply:
        if len(entries) > 2 or any(map(condition, entries)):
            return 413, {}, OUTCOME
        return endpoint.accepted(entries)

    endpoint.script = script
    ours = make_ours(endpoint.url)
    ours.read(document("Fever. Aspirin.", key="1"), document("Appendectomy. Aspirin.", key="2"))
    assert ours.deliver() == Delivered(delivered=9, dead=1)
    assert errors(ours) == {"Condition": ("dead", "delivery-refused", 1)}


def test_what_makes_a_server_fail_is_alone_in_the_end(ours: Ours, endpoint: Endpoint) -> None:
    """A resource on which the whole server fails dies alone; its neighbours arrive."""

    def script(entries: Sequence[Entry]) -> Reply:
        if any(map(condition, entries)):
            return 500, {}, b"<html>Mrs Oduya</html>"
        return endpoint.accepted(entries)

    endpoint.script = script
    ours.read(document("Fever. Aspirin. Appendectomy.", key="1"))
    while ours.outbox.counts()["waiting"]:
        ours.deliver()
    assert errors(ours) == {"Condition": ("dead", "server-refusing", 30)}
    assert ours.outbox.counts()["delivered"] == 6
    assert NAME not in told(ours)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>Mrs Oduya</html>",
        b"[]",
        {"resourceType": "Bundle", "type": "searchset"},
        {"resourceType": "Bundle", "type": "batch-response"},
        {"resourceType": "Bundle", "type": "batch-response", "entry": [{}] * 2},
        {"resourceType": "Bundle", "type": "batch-response", "entry": [{"response": {}}] * 2},
    ],
)
def test_an_answer_that_is_none_ends_nothing(ours: Ours, endpoint: Endpoint, body: object) -> None:
    """What is no batch-response of as many entries says nothing, so all is sent again."""
    endpoint.script = lambda _: (200, {}, body)
    ours.read(document("Fever.", key="1"))
    assert ours.deliver() == Delivered(rescheduled=2, failed=True)
    assert set(errors(ours).values()) == {("waiting", "server-confused", 1)}
    assert NAME not in told(ours)
    endpoint.script = None
    assert ours.deliver() == Delivered(delivered=5)


def test_a_redirect_takes_no_patient_elsewhere(ours: Ours, endpoint: Endpoint) -> None:
    """A redirect is not followed: whoever it leads to is not whom the operator named."""
    endpoint.script = answering(307, Location=endpoint.url)
    ours.read(document("Fever.", key="1"))
    assert ours.deliver().failed
    assert len(endpoint.requests) == 1


def test_the_token_is_shown(make_ours: MakeOurs, endpoint: Endpoint) -> None:
    """Requests carry the bearer token, FHIR JSON, and the wish for a short answer."""
    ours = make_ours(endpoint.url, deliver_token=SecretStr("open sesame"))
    ours.read(document("Fever.", key="1"))
    ours.deliver()
    assert {one["Authorization"] for one in endpoint.headers} == {"Bearer open sesame"}
    assert {one["Content-Type"] for one in endpoint.headers} == {"application/fhir+json"}
    assert {one["Prefer"] for one in endpoint.headers} == {"return=minimal"}
    assert "sesame" not in repr(ours.settings)


def test_a_crash_before_the_mark_sends_once_more(
    ours: Ours, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who dies after sending and before noting it leaves its rows to the next, who sends again."""

    def dies(*_: object, **__: object) -> int:
        raise DatabaseUnavailable(kind="killed")

    ours.read(document("Fever.", key="1"))
    with monkeypatch.context() as patch:
        patch.setattr(Outbox, "mark_delivered", dies)
        with pytest.raises(DatabaseUnavailable):
            ours.deliver()
    assert ours.outbox.counts()["sending"] == 2
    assert ours.deliver() == Delivered()
    ours.do("UPDATE outbox SET lease_until = '2000-01-01' WHERE lease_until IS NOT NULL")
    assert ours.deliver() == Delivered(delivered=5)
    assert {len(versions) for versions in endpoint.writes.values()} == {1, 2}
    assert all(one == [one[0]] * len(one) for one in endpoint.writes.values())


class Held:
    """A server at which the first request with a Condition stands still until it is let go."""

    def __init__(self, server: FhirServer) -> None:
        self._server = server
        self.stands = threading.Event()
        self.go = threading.Event()

    def send(self, resources: Sequence[dict[str, Any]]) -> Any:
        """Stand still, then send what may be outdated by now."""
        if any(one["resourceType"] == "Condition" for one in resources):
            self.stands.set()
            assert self.go.wait(30)
        return self._server.send(resources)


@pytest.fixture
def held(make_ours: MakeOurs, endpoint: Endpoint) -> Iterator[tuple[Ours, Held, threading.Thread]]:
    """A deliverer that stands still in the middle of a request, its lease about to run out."""
    ours = make_ours(endpoint.url, lease_seconds=1, longest_seconds=1)
    with FhirServer(ours.settings) as server:
        slow = Held(server)
        deliverer = Deliverer(ours.outbox, slow, ours.settings)
        ours.read(document("Fever.", key="1"))
        thread = threading.Thread(target=lambda: deliverer.deliver(threading.Event()))
        thread.start()
        assert slow.stands.wait(30)
        yield ours, slow, thread
        slow.go.set()
        thread.join()


def status(resource: dict[str, Any]) -> str:
    return str(resource["verificationStatus"]["coding"][0]["code"])


def test_an_old_version_never_has_the_last_word(
    held: tuple[Ours, Held, threading.Thread], endpoint: Endpoint
) -> None:
    """A deliverer that wakes up after the retraction was delivered overwrites it: it goes again."""
    ours, slow, thread = held
    ours.read(document("Nothing.", key="1"))
    end = time.monotonic() + 30
    while not ours.deliver().delivered or ours.waiting():
        assert time.monotonic() < end
        time.sleep(0.1)
    [reference] = [one for one in endpoint.resources if one.startswith("Condition/")]
    assert status(endpoint.resources[reference]) == "entered-in-error"
    slow.go.set()
    thread.join()
    ours.deliver()
    said = [status(one) for one in endpoint.writes[reference]]
    assert said[-2:] == ["unconfirmed", "entered-in-error"]
    assert ours.waiting() == set()


def test_two_deliverers_send_nothing_twice(ours: Ours, endpoint: Endpoint) -> None:
    """Side by side they share the work."""
    ours.read(*(document(f"Fever and cough {n}.", key=str(n)) for n in range(20)))
    both = [threading.Thread(target=ours.deliver) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    ours.deliver()
    assert ours.outbox.counts()["delivered"] == 82
    assert {len(versions) for versions in endpoint.writes.values()} == {1}


def test_stopping_gives_back_what_was_not_sent(
    ours: Ours, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is told to stop ends the request in hand, and what is left waits at once."""
    stop = threading.Event()

    def script(entries: Sequence[Entry]) -> Reply:
        stop.set()
        return endpoint.accepted(entries)

    endpoint.script = script
    monkeypatch.setattr("worker.request_sizes.MOST_CHARACTERS", 1)  # each goes alone
    ours.read(document("Fever.", key="1"))
    with FhirServer(ours.settings) as server:
        results = Deliverer(ours.outbox, server, ours.settings).deliver(stop)
    assert results == Delivered(delivered=1)
    assert ours.outbox.counts() == {"waiting": 4, "sending": 0, "delivered": 1, "dead": 0}
    assert ours.query("SELECT max(attempts) FROM outbox") == [(0,)]
    assert Deliverer(ours.outbox, Never(), ours.settings).deliver(stop) == Delivered()


class Never:
    """A server that nobody may ask."""

    def send(self, _: Sequence[dict[str, Any]]) -> Any:
        """Fail."""
        raise AssertionError


def test_another_server_gets_everything(make_ours: MakeOurs, endpoint: Endpoint) -> None:
    """To a server that has nothing all goes anew, under the numbers that it gives."""
    before = make_ours(endpoint.url)
    before.read(document("Fever.", key="1"))
    before.deliver()
    with listening() as other:
        other.script = lambda entries: batch_response(
            [{**other.put(one), "etag": 'W/"other-7"'} for one in entries]
        )
        assert len(before.outbox.resend_all()) == 5
        assert make_ours(other.url).deliver() == Delivered(delivered=5)
        assert other.resources.keys() == endpoint.resources.keys()
        assert "_history/other-7" in str(other.resources)
        assert "_history/1" not in str(other.resources)


def test_documents_that_stay_are_named_without_a_version(
    make_ours: MakeOurs, endpoint: Endpoint
) -> None:
    """Where the server has the documents already, our numbers of versions would mislead it."""
    ours = make_ours(endpoint.url, deliver_documents=False)
    rows = ours.read(document("Fever.", key="1"))
    assert ours.deliver() == Delivered(delivered=4)
    [source] = ours.query(f"SELECT fhir_id FROM document WHERE id = {rows[0]}")  # noqa: S608
    assert f"DocumentReference/{source[0]}'" in str(endpoint.resources)
    assert "_history" not in str(endpoint.resources)


def test_what_was_found_before_goes_out_when_it_is_read_again(
    make_ours: MakeOurs, endpoint: Endpoint
) -> None:
    """Whoever begins to deliver later reprocesses, and everything that stands goes out."""
    rows = make_ours(None).read(document("Fever.", key="1"), words=["fever"])
    ours = make_ours(endpoint.url)
    ours.reprocess(rows, words=["fever"])
    assert ours.deliver() == Delivered(delivered=5)


def test_nothing_is_sent_without_an_address(make_ours: MakeOurs) -> None:
    """By default there are no rows, and so there is nothing to send."""
    ours = make_ours(None)
    ours.read(document("Fever.", key="1"))
    assert ours.rows() == []


DEEP = '{"resourceType": "DocumentReference", "id": "x", "a": ' + "[" * 300 + "]" * 300 + "}"


@pytest.mark.parametrize("stored", [DEEP, "[]", "no JSON", "[" * 3000, '{"meta": null}'])
def test_what_cannot_be_sent_is_dead_alone(ours: Ours, endpoint: Endpoint, stored: str) -> None:
    """A row from before such was refused ends as dead, and everything else arrives."""
    ours.read(document("Fever.", key="1"), document("Cough.", key="2"))
    with ours.engine.begin() as connection:
        first = select(func.min(documents.c.id)).scalar_subquery()
        changed = update(documents).where(documents.c.id == first).values(resource=stored)
        connection.execute(changed)
    ours.deliver()
    assert endpoint.resources
    assert {kind: code for kind, (_, code, _) in errors(ours).items()} == {
        "DocumentReference": "unsendable"
    }
    assert {state for _, _, state in ours.rows()} == {"delivered", "dead"}
    assert ours.deliver() == Delivered()


def test_a_deliverer_lives_on(make_ours: MakeOurs, endpoint: Endpoint) -> None:
    """Whatever an outbox raises is logged, and the next turn delivers."""
    ours = make_ours(endpoint.url, deliver_interval_seconds=0.01)
    ours.read(document("Fever.", key="1"))
    stop = threading.Event()
    outbox = Failing(ours.engine, stop)
    with closing(FhirServer(ours.settings)) as server:
        Deliverer(outbox, server, ours.settings).run(stop)
    assert outbox.claims > 1
    assert {state for _, _, state in ours.rows()} == {"delivered"}


class Failing(Outbox):
    """The real outbox, whose first claim fails in a way that nobody foresaw."""

    def __init__(self, engine: Engine, stop: threading.Event) -> None:
        super().__init__(engine)
        self.claims = 0
        self._stop = stop

    def claim(self, *, limit: int, lease_seconds: float, max_attempts: int) -> list[OutboxEntry]:
        """Fail at first; end the run when nothing is left."""
        self.claims += 1
        if self.claims == 1:
            raise AttributeError("nobody foresaw this")
        found = super().claim(limit=limit, lease_seconds=lease_seconds, max_attempts=max_attempts)
        if not found:
            self._stop.set()
        return found
