"""Notes from another Celery application: a real sender, a real Redis, a real `worker --ingest`."""

import base64
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from sqlalchemy import Engine

from gateway.cli.main import run as command_line
from gateway.demo.processes import free_port
from models.db.audit_log.audit_log import AuditLog, Wanted
from models.db.inbox.dead_letters import DeadLetters
from models.db.inbox.inbox import Inbox
from models.db.sql.session import connect
from tests.brokers import empty
from tests.integration.gateway.conftest import document
from tests.integration.gateway.incoming.reports import report
from tests.integration.worker.processes import ROOT, Running, eventually, running
from worker.ingest_queue import QUEUE
from worker.local_redis import LocalRedis
from worker.queue import application
from worker.settings import Settings

INGEST = ("-m", "gateway.cli.main", "worker", "--ingest")
OTHER = Path(__file__).with_name("other_application.py")
WORD = "Quokkadon"
"""A word of notes that must stand in no log."""

SIMPLE = {"text": f"Fever. {WORD}", "patient": "Patient/7", "document_id": "n1"}

GOOD: list[dict[str, Any]] = [
    {"args": [document(f"Cough. {WORD}", id="d1")], "task_id": "fhir"},
    {"args": [document(f"Cough. {WORD}", id="d1")], "task_id": "fhir-again"},
    {"kwargs": {"document": report(f"Fever. {WORD}", id="r1")}, "task_id": "report"},
    {"args": [SIMPLE], "task_id": "simple"},
    {"args": [{**SIMPLE, "text": f"Better. {WORD}"}], "task_id": f"changed {WORD}"},
]
BAD: dict[str, tuple[str, dict[str, Any]]] = {
    "status": ("not-a-document-reference", {"args": [document(WORD, status=WORD)]}),
    "other-type": ("not-a-document-reference", {"args": [{"resourceType": "Patient"}]}),
    "nobody": ("not-a-note", {"args": [{"text": WORD, "document_id": "1"}]}),
    "extra": ("not-a-note", {"args": [{**SIMPLE, WORD: 1}]}),
    "whose": ("not-a-note", {"args": [{**SIMPLE, "patient": WORD}]}),
    "surrogate": ("not-a-note", {"args": [{**SIMPLE, "text": "\ud800"}]}),
    "text": ("not-ingestible", {"args": [WORD]}),
    "two": ("not-ingestible", {"args": [SIMPLE, SIMPLE]}),
    "none": ("not-ingestible", {}),
    "named": ("not-ingestible", {"kwargs": {"note": SIMPLE}}),
    "pickle": ("not-ingestible", {"args": [SIMPLE], "pickled": True}),
    "compressed": ("not-ingestible", {"args": [SIMPLE], "compression": "gzip"}),
    "task": ("not-ingestible", {"args": [SIMPLE], "name": f"records.{WORD}"}),
}


def send(broker: str, *messages: dict[str, Any]) -> None:
    """Let the other application send messages."""
    lines = "\n".join(map(json.dumps, messages))
    subprocess.run(  # noqa: S603 this interpreter
        [sys.executable, str(OTHER), broker], input=lines.encode(), check=True, cwd=ROOT.parent
    )


@pytest.fixture(scope="module")
def system(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Settings of one database and one Redis for all tests here."""
    folder = tmp_path_factory.mktemp("ingest")
    shutil.copy(sqlite_template, folder / "biomed.db")
    url = f"sqlite:///{folder / 'biomed.db'}"
    chosen = Settings(database_url=url, concurrency=2, lock_seconds=0.1)
    given = os.environ.get("BIOMED_TEST_BROKER_URL")
    if given:
        empty(given)
        yield chosen.model_copy(update={"broker_url": given})
        return
    with LocalRedis(folder) as redis:
        yield chosen.model_copy(update={"broker_url": redis.url})


@pytest.fixture(scope="module")
def engine(system: Settings) -> Iterator[Engine]:
    found = connect(system.database_url)
    yield found
    found.dispose()


@pytest.fixture(scope="module")
def port() -> int:
    """Where the worker tells its metrics."""
    return free_port()


@pytest.fixture(scope="module")
def worker(
    system: Settings, port: int, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """A worker to which everything above was sent."""
    bad = [{**message, "task_id": name} for name, (_, message) in BAD.items()]
    send(str(system.broker_url), *GOOD, *bad, *bad)
    log = tmp_path_factory.mktemp("log") / "ingest.log"
    with running(INGEST, system.model_copy(update={"metrics_port": port}), log) as process:
        eventually(lambda: waiting(system) == 0 and held(system) == 0, "all messages are taken")
        yield process


def waiting(system: Settings) -> int:
    """Return how many messages wait in Redis."""
    with application(str(system.broker_url)).connection() as connection:
        return int(connection.default_channel.client.llen(QUEUE))


def held(system: Settings) -> int:
    """Return how many messages a worker has not acknowledged yet."""
    with application(str(system.broker_url)).connection() as connection:
        return int(connection.default_channel.client.hlen("unacked"))


def test_notes_are_stored_once(worker: Running, engine: Engine) -> None:
    """FHIR and plain text, by place and by name; the same again is one; a change is a version."""
    del worker
    counts = Inbox(engine).counts()
    assert counts["received"] + counts["queued"] == 4
    assert counts["queued"]  # and rung for; where the database was busy the sweeper rings
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT type, key, version, subject FROM document ORDER BY key, version"
        ).all()
    assert [tuple(row) for row in rows] == [
        ("DiagnosticReport", "DiagnosticReport/urn:test|report", 1, "Patient/1"),
        ("DocumentReference", "urn:biomed:ingest|n1", 1, "Patient/7"),
        ("DocumentReference", "urn:biomed:ingest|n1", 2, "Patient/7"),
        ("DocumentReference", f"urn:test|Cough. {WORD}", 1, "Patient/1"),
    ]


def test_notes_are_counted_and_written_down(worker: Running, port: int, engine: Engine) -> None:
    """Each message is a row of the log, with its patient or its error, and a figure."""
    del worker
    rows = [one.event for one in AuditLog(engine).export(Wanted())]
    assert {(one.interaction, one.agent.name) for one in rows} == {("ingest", "ingest")}
    stored = [one for one in rows if one.outcome == "0"]
    assert (len(stored), len(rows)) == (len(GOOD), len(GOOD) + 2 * len(BAD))
    assert all(one.patient and "/_history/" in one.entity for one in stored)
    assert WORD not in repr(rows)
    figures = httpx.get(f"http://127.0.0.1:{port}/metrics").text
    assert 'biomed_documents_stored_total{door="celery"} 4.0' in figures
    assert 'biomed_errors_total{code="not-a-note"}' in figures
    assert WORD not in figures


def test_what_is_none_is_kept_with_a_reason(worker: Running, engine: Engine) -> None:
    """Each once though it came twice, with its task; the payload is kept and the reason quotes
    nothing."""
    del worker
    letters = DeadLetters(engine).all(100)
    codes = {name: code for name, (code, _) in BAD.items()}
    assert {one.task_id: one.code for one in letters} == codes
    assert len(letters) == len(BAD)
    assert not any(WORD in one.reason for one in letters)
    payloads = {one.task_id: DeadLetters(engine).one(one.id).payload for one in letters}
    assert json.loads(payloads["nobody"]) == {"text": WORD, "document_id": "1"}
    assert json.loads(payloads["two"])["args"] == [SIMPLE, SIMPLE]
    assert "body_base64" in json.loads(payloads["pickle"])


def test_a_compressed_message_is_not_decompressed(worker: Running, engine: Engine) -> None:
    """What is kept of it is what came: a note in 200 KB could become 600 MB."""
    del worker
    letters = DeadLetters(engine)
    [kept] = [one for one in letters.all(100) if one.task_id == "compressed"]
    body = base64.b64decode(json.loads(letters.one(kept.id).payload)["body_base64"])
    assert orjson.loads(zlib.decompress(body))[0] == [SIMPLE]


def test_no_word_of_a_note_is_logged(worker: Running) -> None:
    """Neither of what was stored nor of what was refused, pickle included."""
    assert "ingest.stored" in worker.log
    assert "ingest.refused" in worker.log
    assert WORD not in worker.log


@pytest.fixture
def cli(system: Settings, monkeypatch: pytest.MonkeyPatch, capsysbinary: Any) -> Any:
    """Run a command of `dead-letters` in this process; return its exit code and what it wrote."""
    monkeypatch.setenv("BIOMED_DATABASE_URL", system.database_url)
    monkeypatch.setenv("BIOMED_BROKER_URL", str(system.broker_url))

    def call(*words: str) -> tuple[object, bytes]:
        monkeypatch.setattr(sys, "argv", ["biomed-ner", "dead-letters", *words])
        with pytest.raises(SystemExit) as ended:
            command_line()
        return ended.value.code, capsysbinary.readouterr().out

    return call


def test_dead_letters_are_looked_after(worker: Running, engine: Engine, cli: Any) -> None:
    """Listed without words, shown with them, taken in when they can be, deleted when not wanted."""
    del worker
    code, out = cli("list", "--json")
    named = {one.id: one.task_id for one in DeadLetters(engine).all(100)}
    listed = {named[one["id"]]: one for one in orjson.loads(out)}
    assert (code, len(listed)) == (0, len(BAD))
    assert WORD.encode() not in out
    assert {one["task_id"] for one in listed.values()} == {"?"}
    code, out = cli("show", str(listed["whose"]["id"]))
    assert (code, json.loads(out)["patient"]) == (0, WORD)
    *_, seen = AuditLog(engine).export(Wanted())
    assert (seen.event.interaction, seen.event.action) == ("dead-letter", "R")
    assert (seen.event.agent.kind, seen.event.detail.split()[-1]) == (
        "user",
        str(listed["whose"]["id"]),
    )
    assert cli("show", "99999")[0] == 1
    code, out = cli("requeue", str(listed["whose"]["id"]))
    assert (code, out) == (1, b"0 taken in, 1 refused\n")
    good = json.dumps({**SIMPLE, "document_id": "repaired"})
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE dead_letter SET payload = ? WHERE id = ?", (good, listed["whose"]["id"])
        )
    assert cli("requeue", str(listed["whose"]["id"])) == (0, b"1 taken in, 0 refused\n")
    assert sum(Inbox(engine).counts().values()) == 5
    assert cli("discard", str(listed["two"]["id"])) == (0, b"1 discarded\n")
    assert cli("discard")[0] == 2
    assert cli("discard", "--all") == (0, f"{len(BAD) - 2} discarded\n".encode())
    assert DeadLetters(engine).ids() == []
    told = [(one.event.interaction, one.event.action) for one in AuditLog(engine).export(Wanted())]
    assert told[-4:] == [("ingest", "C"), ("ingest", "C"), *[("dead-letter", "D")] * 2]


def test_a_database_that_is_away_is_waited_for(
    worker: Running, engine: Engine, system: Settings
) -> None:
    """Nothing is lost or refused: it is stored when it can be, and goes back to Redis at a stop."""
    before, letters = sum(Inbox(engine).counts().values()), DeadLetters(engine).ids()
    away = sqlite3.connect(engine.url.database or "", isolation_level=None)
    away.execute("BEGIN EXCLUSIVE")
    send(str(system.broker_url), {"args": [{**SIMPLE, "document_id": "while-away"}]})
    eventually(lambda: "ingest.waits" in worker.log, "the worker finds the database away")
    away.execute("ROLLBACK")
    eventually(lambda: sum(Inbox(engine).counts().values()) == before + 1, "the note is stored")
    seen = worker.log.count("ingest.waits")
    away.execute("BEGIN EXCLUSIVE")
    send(str(system.broker_url), {"args": [{**SIMPLE, "document_id": "at-the-stop"}]})
    eventually(lambda: worker.log.count("ingest.waits") > seen, "the database is away again")
    assert worker.end(signal.SIGTERM) == 0
    away.execute("ROLLBACK")
    away.close()
    assert waiting(system) == 1
    assert DeadLetters(engine).ids() == letters
    assert WORD not in worker.log


PATIENT_REDIS = (
    "-c",
    "import sys, worker.queue as q; q.TRANSPORT['visibility_timeout'] = 2;"
    "from gateway.ingest import run_ingest; from worker.settings import Settings;"
    "sys.exit(run_ingest(Settings()))",
)
"""The same worker, but what a dead one held comes again after 2 seconds, not after 15 minutes."""


@pytest.mark.soak
def test_what_a_killed_worker_held_is_stored_once(
    system: Settings, engine: Engine, tmp_path: Path
) -> None:
    """Killed with -9 with notes in hand, of which some were stored: each comes again, once."""
    before = sum(Inbox(engine).counts().values()) + waiting(system)
    away = sqlite3.connect(engine.url.database or "", isolation_level=None)
    notes = [{"args": [{**SIMPLE, "document_id": f"held-{one}"}]} for one in range(40)]
    send(str(system.broker_url), *notes)
    with running(PATIENT_REDIS, system, tmp_path / "first.log") as first:
        eventually(lambda: "ingest.stored" in first.log, "some are stored")
        away.execute("BEGIN EXCLUSIVE")
        eventually(lambda: "ingest.waits" in first.log, "others are in hand")
        first.signal(signal.SIGKILL)
    away.execute("ROLLBACK")
    away.close()
    with running(PATIENT_REDIS, system, tmp_path / "second.log"):
        eventually(lambda: waiting(system) + held(system) == 0, "all are taken")
    assert sum(Inbox(engine).counts().values()) - before == 40
