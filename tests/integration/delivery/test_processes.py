"""`biomed-ner deliver` as a process of its own, stopped and killed."""

import signal
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.acceptance.cli import biomed_ner
from tests.fakes.fhir_endpoint import Endpoint, Entry, Reply, batch_response, complaint
from tests.integration.delivery.conftest import MakeOurs, Ours
from tests.integration.worker.documents import document
from tests.integration.worker.processes import PATIENCE_SECONDS, eventually, running

DELIVERER = ("-m", "gateway.cli.main", "deliver")


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One kind of database: processes are slow to start."""
    return sqlite_url


@pytest.fixture
def ours(make_ours: MakeOurs, endpoint: Endpoint) -> Ours:
    """Our system, which delivers to the endpoint and looks for work often."""
    return make_ours(endpoint.url, deliver_interval_seconds=0.1, lease_seconds=1)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


def test_it_delivers_until_it_is_told_to_stop(ours: Ours, endpoint: Endpoint, log: Path) -> None:
    """What is found while it runs arrives; SIGTERM ends it well; the log names no patient."""
    with running(DELIVERER, ours.settings, log) as deliverer:
        ours.read(document("Mrs Oduya has pneumonia.", key="oduya"))
        eventually(lambda: len(endpoint.resources) == 5, "the first document")
        ours.read(document("Fever.", key="2"))
        eventually(lambda: len(endpoint.resources) == 8, "the second document")
        eventually(lambda: ours.outbox.counts()["delivered"] == 8, "the mark")
        assert deliverer.end(signal.SIGTERM) == 0
        assert "deliverer.stopped" in deliverer.log
        assert "oduya" not in deliverer.log.lower()


def test_it_ends_the_request_in_hand(ours: Ours, endpoint: Endpoint, log: Path) -> None:
    """SIGTERM amid a request waits for its answer and notes it."""
    asked, go = threading.Event(), threading.Event()

    def script(entries: Sequence[Entry]) -> Reply:
        asked.set()
        assert go.wait(PATIENCE_SECONDS)
        return endpoint.accepted(entries)

    endpoint.script = script
    ours.read(document("Fever.", key="1"))
    patient = ours.with_settings(deliver_timeout_seconds=PATIENCE_SECONDS).settings
    with running(DELIVERER, patient, log) as deliverer:
        assert asked.wait(PATIENCE_SECONDS)
        threading.Timer(0.5, go.set).start()
        assert deliverer.end(signal.SIGTERM) == 0
    assert ours.outbox.counts() == {"waiting": 3, "sending": 0, "delivered": 2, "dead": 0}


def test_a_killed_deliverer_loses_nothing(ours: Ours, endpoint: Endpoint, log: Path) -> None:
    """After kill -9 amid a request that was carried out, the next one delivers all."""
    hung = threading.Event()

    def script(entries: Sequence[Entry]) -> Reply:
        answer = endpoint.accepted(entries)
        if len(endpoint.requests) == 2:
            hung.set()
            threading.Event().wait(2)
        return answer

    endpoint.script = script
    ours.read(*(document(f"Fever and cough {n}.", key=str(n)) for n in range(6)))
    with running(DELIVERER, ours.settings, log) as deliverer:
        assert hung.wait(PATIENCE_SECONDS)
        deliverer.end(signal.SIGKILL)
    assert ours.outbox.counts()["sending"]
    with running(DELIVERER, ours.settings, log) as deliverer:
        eventually(lambda: ours.outbox.counts()["delivered"] == 26, "everything")
        assert deliverer.end(signal.SIGTERM) == 0
    assert len(endpoint.resources) == 26
    assert all(one == [one[0]] * len(one) for one in endpoint.writes.values())


def test_the_dead_are_shown_and_resent(ours: Ours, endpoint: Endpoint, database_url: str) -> None:
    """`status` shows what is dead and why, `redeliver` lets it wait, `deliver --once` sends it."""
    refusal = complaint("422 Unprocessable Entity", "invariant", "Mrs Oduya")
    endpoint.script = lambda entries: batch_response([refusal] * len(entries))
    ours.read(document("Fever.", key="1"))
    ours.deliver()
    settings = {
        "BIOMED_DATABASE_URL": database_url,
        "BIOMED_DELIVER_URL": endpoint.url,
        "COLUMNS": "160",
    }
    shown = biomed_ner("status", settings=settings).stdout.decode()
    assert "delivery-refused" in shown
    assert "Oduya" not in shown
    endpoint.script = None
    waiting = biomed_ner("redeliver", settings=settings)
    assert waiting.stdout.decode() == "5 resources wait again\n"
    sent = biomed_ner("deliver", "--once", settings=settings)
    assert sent.stdout.decode() == "5 delivered, 0 rescheduled, 0 dead\n"
    again = biomed_ner("redeliver", "Device/none", settings=settings)
    assert again.returncode == 1
    assert again.stderr.decode() == "biomed-ner: Device/none is not known here.\n"
