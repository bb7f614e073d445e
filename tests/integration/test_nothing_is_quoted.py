"""One word is planted in notes, names, queries, messages and answers: no process ever writes it.

What comes over MLLP is planted with it in tests/integration/gateway/mllp/test_process.py, too.
"""

import base64
import json
import signal
import socket
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from gateway.access.api_keys import add
from gateway.cli.main import app
from gateway.demo.processes import free_port
from gateway.mllp.framing import Frame
from models.db.audit_log.audit_log import AuditLog, Wanted
from models.db.inbox.inbox import Inbox
from models.db.outbox.outbox import Outbox
from tests.acceptance.cli import biomed_ner
from tests.fakes.fhir_endpoint import Endpoint, Entry, Reply, batch_response, complaint, listening
from tests.integration.gateway.conftest import FHIR_JSON, document
from tests.integration.worker.conftest import SHORT
from tests.integration.worker.keyword_worker import QUOTED_WORD
from tests.integration.worker.processes import WORKER, eventually, running
from tests.messages import mdm
from tests.servers import serving
from worker.ingest_queue import QUEUE as INGEST_QUEUE
from worker.ingest_queue import TASK as INGEST_TASK
from worker.queue import ORDINARY, TASK, application
from worker.settings import Settings

WORD = QUOTED_WORD
DELIVERER = ("-m", "gateway.cli.main", "deliver")
SWEEPER = ("-m", "gateway.cli.main", "sweep")
LISTENER = ("-m", "gateway.cli.main", "mllp")
INGEST = ("-m", "gateway.cli.main", "worker", "--ingest")
PROGRAMS = {
    "worker": WORKER,
    "sweep": SWEEPER,
    "deliver": DELIVERER,
    "mllp": LISTENER,
    "ingest": INGEST,
}
COMMANDS = (
    ("status",),
    ("dead-letters", "list"),
    ("dead-letters", "list", "--json"),
    ("dead-letters", "requeue", "--all"),
    ("audit-log", "export"),
    ("audit-log", "verify"),
    ("purge", f"Patient/{WORD}"),
    ("purge", f"Patient/{WORD}", "--yes"),
)
NOTES = ("fever", "POISON", "QUOTED", "WARNED fever", "cough \x07 \ud7ff")


def noted(text: str, **changes: Any) -> dict[str, Any]:
    """Return a document with the word in its text, its identifier and its patient."""
    identifier = [{"system": "urn:test", "value": f"{WORD} {text}"}]
    return document(f"{text} {WORD}", patient=WORD, identifier=identifier, **changes)


WRONG_DOCUMENTS: tuple[object, ...] = (
    noted("a", status=WORD),
    noted("b", date=f"{WORD}-01-01"),
    noted("c", subject={"reference": WORD}),
    noted("d", content=[{"attachment": {"contentType": WORD, "data": f"%{WORD}"}}]),
    noted("e", content=[{"attachment": {"contentType": f"text/plain; charset={WORD}"}}]),
    noted("f", unknown=WORD),
    {"resourceType": WORD},
    [WORD],
)
POSTED = {"request": {"method": "POST", "url": "DocumentReference"}}
APPENDING = [{"code": "appends", "target": {"reference": f"DocumentReference?identifier={WORD}"}}]
BUNDLE = {
    "resourceType": "Bundle",
    "type": "batch",
    "entry": [
        {"request": {"method": "PUT", "url": f"Condition/{WORD}"}, "resource": {WORD: WORD}},
        {"request": {"method": WORD, "url": WORD}, "resource": {"resourceType": WORD}},
    ],
}
HEADER = {
    "resourceType": "MessageHeader",
    "id": WORD,
    "eventUri": f"urn:{WORD}",
    "source": {"name": WORD, "endpoint": f"http://{WORD}.example.org"},
}
TRANSACTIONS: tuple[tuple[str, list[Any]], ...] = (
    ("transaction", [{**POSTED, "resource": noted("one")}]),
    ("transaction", [{**POSTED, "resource": one} for one in WRONG_DOCUMENTS]),
    ("transaction", [{**POSTED, "fullUrl": WORD, "resource": noted("two")}] * 2),
    ("transaction", [{"request": {"method": WORD, "url": WORD}}]),
    ("transaction", [{"request": {"method": "PUT", "url": f"DocumentReference?{WORD}={WORD}"}}]),
    ("transaction", [{**POSTED, "resource": noted("three", relatesTo=APPENDING)}]),
    ("message", [{"resource": HEADER}, {"resource": noted("four")}]),
    ("message", [{"resource": HEADER}, {"resource": noted("five", status=WORD)}]),
    ("message", [{"resource": HEADER}, {"resource": {"resourceType": f"Q{WORD}"}}]),
    ("message", [{"resource": {**HEADER, "eventUri": 5, WORD: WORD}}]),
    (WORD, []),
)
QUERIES = (
    f"/{WORD}",
    f"/fhir/Condition/{WORD}",
    f"/fhir/Condition?patient=Patient/{WORD}&{WORD}={WORD}",
    f"/fhir/Condition?_count={WORD}",
    f"/fhir/DocumentReference/{WORD}/_history/{WORD}",
    f"/fhir/Provenance?target={WORD}/{WORD}/{WORD}",
)


def quoting(entries: Sequence[Entry]) -> Reply:
    """Refuse each resource with its own words."""
    return batch_response([complaint("422 Unprocessable Entity", "invalid", WORD)] * len(entries))


def knock(client: httpx.Client) -> None:
    """Ask to come in under wrong names: each is refused."""
    claims = base64.urlsafe_b64encode(f'{{"alg":"ES384","kid":"{WORD}"}}'.encode()).decode()
    wrong = (
        {"Authorization": f"Bearer {WORD}"},
        {"Authorization": f"{WORD} {WORD}"},
        {"Authorization": f"Bearer biomed_{WORD}"},
        {"Authorization": f"Bearer {claims}.{WORD}.{WORD}"},
        {"X-API-Key": WORD},
    )
    for headers in wrong:
        answer = client.get(f"/fhir/Condition/{WORD}", headers=headers)
        assert answer.status_code == 401
        assert WORD not in answer.text + str(answer.headers)


def ask_badly(client: httpx.Client) -> None:
    """Send what is right and all that is wrong, with the word wherever one can be."""
    right = [orjson.dumps(noted(text)) for text in NOTES]
    wrong = [orjson.dumps(one) for one in WRONG_DOCUMENTS]
    broken = [f'{{"resourceType": "{WORD}'.encode(), f'"{WORD}\udc00"'.encode(errors="replace")]
    for body in (*right, *wrong, *broken):
        client.post("/fhir/DocumentReference", content=body, headers=FHIR_JSON)
        client.put(f"/fhir/DocumentReference/{WORD}", content=body, headers=FHIR_JSON)
    client.post("/fhir", content=orjson.dumps(BUNDLE), headers=FHIR_JSON)
    for kind, entries in TRANSACTIONS:
        content = orjson.dumps({"resourceType": "Bundle", "type": kind, "entry": entries})
        for path in ("/fhir", "/fhir/$process-message"):
            client.post(path, content=content, headers=FHIR_JSON)
    for query in (f"identifier={WORD}|{WORD}", f"{WORD}={WORD}"):
        for method in ("PUT", "POST"):
            content = orjson.dumps(noted("by a condition"))
            path = f"/fhir/DocumentReference?{query}"
            client.request(method, path, content=content, headers=FHIR_JSON)
    for query in QUERIES:
        client.get(query, headers={"If-Match": WORD, "Prefer": WORD, "Accept": "*/*"})
    with socket.create_connection((client.base_url.host, client.base_url.port or 80)) as line:
        line.sendall(f"{WORD} /{WORD} {WORD}\r\n{WORD}\r\n\r\n".encode())
        line.recv(100)


def speak_badly(settings: Settings) -> None:
    """Send HL7 v2 with the word in text, names, and what is no message."""
    own = {"control": WORD, "patient": WORD}
    sent = [
        mdm("T02", f"Fever {WORD}.", number=WORD, **own),
        mdm("T11", number=WORD, control=f"{WORD}2", patient=WORD),
        mdm(WORD[:3], WORD, **own),
        mdm("T02", f18=WORD),
        b"MSH|^~\\&|" + WORD.encode(),
        WORD.encode(),
    ]
    with socket.create_connection(("127.0.0.1", settings.mllp_port), 60) as line:
        for one in sent:
            line.sendall(Frame(one).framed)
            assert line.recv(65536)
        line.sendall(WORD.encode() * 3)
        line.recv(100)


def send_badly(broker_url: str) -> None:
    """Send messages that are none of ours, and notes that are none."""
    app = application(broker_url)
    for one in (*WRONG_DOCUMENTS, noted("by Celery"), {"text": WORD, "patient": WORD}):
        app.send_task(INGEST_TASK, (one,), queue=INGEST_QUEUE, task_id=f"{WORD} {WORD}")
    app.send_task(INGEST_TASK, (), {WORD: WORD}, queue=INGEST_QUEUE)
    app.send_task(f"{WORD}.{WORD}", (WORD,), queue=INGEST_QUEUE)
    app.send_task(f"{WORD}.{WORD}", (WORD,))
    app.send_task(TASK, ([WORD],), {WORD: WORD})
    app.send_task(TASK, ([WORD],))
    with app.producer_or_acquire() as producer:
        producer.publish(WORD, routing_key=ORDINARY, content_type="text/plain")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_process_writes_a_word_of_a_patient(
    database_url: str, broker_url: str, engine: Engine, tmp_path: Path
) -> None:
    """Whatever fails in a server, a worker, the sweeper or the deliverer, it is in no log."""
    inbox, outbox = Inbox(engine), Outbox(engine)
    logs = {name: tmp_path / f"{name}.log" for name in ("serve", *PROGRAMS)}
    with ExitStack() as stack:
        endpoint = stack.enter_context(listening())
        endpoint.script = quoting
        settings = settings_for(database_url, broker_url, endpoint)
        told = {
            name: str(value)
            for name, value in settings.model_dump(exclude_none=True).items()
            if name in {"database_url", "broker_url", "log_level", "deliver_url"}
        }
        keys = tmp_path / "keys.json"
        key = add(keys, "engine", ["system/*.cruds"])
        client = stack.enter_context(serving(logs["serve"], api_keys_file=str(keys), **told))
        knock(client)
        client.headers["X-API-Key"] = key
        ask_badly(client)
        send_badly(broker_url)
        processes = [
            stack.enter_context(running(program, settings, logs[name]))
            for name, program in PROGRAMS.items()
        ]
        eventually(lambda: "mllp.listening" in logs["mllp"].read_text(), "the listener")
        speak_badly(settings)
        eventually(lambda: logs["ingest"].read_text().count("ingest.refused") > 7, "dead letters")
        eventually(lambda: ended(inbox) >= len(NOTES), "every note")
        eventually(lambda: "keyword_worker.py" in logs["worker"].read_text(), "the warning")
        eventually(lambda: "list.refused" in logs["worker"].read_text(), "the wrong message")
        eventually(lambda: outbox.counts()["dead"], "a refusal of the other server")
        endpoint.script = lambda _: (500, {"Content-Type": "text/html"}, WORD.encode())
        outbox.resend(None)
        eventually(lambda: len(endpoint.requests) > 2, "a failure of the other server")
        numbers = [number for process in processes for number in process.numbers]
        assert [number for number in numbers if WORD in titles(number)] == []
        eventually(lambda: WORD not in kept_by(broker_url), "Redis without the word")
        assert [process.end(signal.SIGTERM) for process in processes] == [0] * len(PROGRAMS)
    texts = {name: log.read_text() for name, log in logs.items()} | commanded(settings)
    assert [name for name, text in texts.items() if WORD.lower() in text.lower()] == []
    assert WORD not in json.dumps([one.reason for one in inbox.failures(99)])
    rows = list(AuditLog(engine).export(Wanted()))
    assert {one.event.outcome for one in rows} == {"0", "4", "8"}
    assert [one.position for one in rows if WORD.lower() in repr(one.event).lower()] == []


def commanded(settings: Settings) -> dict[str, str]:
    """Return what the commands write that are for who may see no patient; the last one purges."""
    told = {"BIOMED_DATABASE_URL": settings.database_url}
    told |= {"BIOMED_BROKER_URL": str(settings.broker_url), "BIOMED_LOG_LEVEL": "debug"}
    runner = CliRunner(env=told)
    done = {" ".join(words): runner.invoke(app, words) for words in COMMANDS}
    assert [one for one, result in done.items() if result.exit_code not in {0, 1}] == []
    assert "dead letters" in done["dead-letters list"].output
    assert "rows purged" in done[" ".join(COMMANDS[-1])].output
    return {name: result.output.replace(f"Patient/{WORD}", "") for name, result in done.items()}


def titles(number: int) -> str:
    """Return what this machine shows of a process: its title and its arguments."""
    folder = Path(f"/proc/{number}")
    return (folder / "cmdline").read_text() + (folder / "comm").read_text()


def kept_by(broker_url: str) -> str:
    """Return everything that Redis holds: the names of its keys and what is in them."""
    with application(broker_url).connection() as connection:
        client = connection.default_channel.client
        return repr([(key, client.dump(key)) for key in client.scan_iter()])


def settings_for(database: str, broker: str, endpoint: Endpoint) -> Settings:
    return Settings(
        database_url=database,
        broker_url=broker,
        deliver_url=endpoint.url,
        deliver_interval_seconds=0.2,
        log_level="debug",
        mllp_port=free_port(),
        **SHORT,
    )


def ended(inbox: Inbox) -> int:
    counts = inbox.counts()
    return counts["done"] + counts["failed"]


@pytest.mark.parametrize("command", ["enqueue", "extract", "annotate", "import"])
def test_no_command_writes_a_word_of_a_patient_to_its_errors(
    command: str, sqlite_url: str, tmp_path: Path
) -> None:
    """What a file holds is refused by place and kind."""
    lines = [orjson.dumps(one) for one in WRONG_DOCUMENTS]
    file = tmp_path / "notes.ndjson"
    file.write_bytes(b"\n".join([*lines, f'{{"{WORD}'.encode(), b"\xff" + WORD.encode()]))
    settings = {"BIOMED_DATABASE_URL": sqlite_url, "BIOMED_LOG_LEVEL": "debug"}
    options = {
        "annotate": ("--input-format", "jsonl"),
        "import": ("--refused", tmp_path / "refused.ndjson"),
    }
    done = biomed_ner(command, *options.get(command, ()), file, settings=settings)
    assert done.returncode == 1
    assert WORD not in done.stderr.decode()
    if command == "import":
        assert WORD not in (tmp_path / "refused.ndjson").read_text()
