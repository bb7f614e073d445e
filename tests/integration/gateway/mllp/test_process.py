"""`biomed-ner mllp` as a process: killed at the worst moment, and ended well."""

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from sqlalchemy import Engine

from gateway.demo.processes import free_port
from models.db.audit_log.audit_log import AuditLog, Wanted
from models.db.inbox.inbox import Inbox
from tests.integration.gateway.mllp.conftest import PATIENCE_SECONDS, Line, msa
from tests.integration.worker.processes import Running, eventually, running
from tests.messages import mdm
from worker.settings import Settings

WORD = "Quiritatio"
FIGURES = {
    'biomed_hl7_messages_total{acknowledgment="AA",event="MDM_T02"} 2.0',
    'biomed_hl7_messages_total{acknowledgment="AR",event="other"} 4.0',
    'biomed_documents_stored_total{door="hl7"} 1.0',
    'biomed_stored_seconds_count{door="hl7"} 2.0',
    'biomed_errors_total{code="unknown-character-set"} 1.0',
}
"""What the metrics say after a repetition, four wrong messages and a new one."""

PROCESS = ("-m", "gateway.cli.main", "mllp")
# The same, but it is killed when it has committed and has not answered.
KILLED = (
    "-c",
    "import os, signal, sys\n"
    "from gateway.mllp import storing\n"
    "store = storing.Storing.store\n"
    "storing.Storing.store = lambda *a: (store(*a), os.kill(os.getpid(), signal.SIGKILL))\n"
    "from gateway.cli.main import run\n"
    "sys.argv = ['biomed-ner', 'mllp']\n"
    "run()\n",
)


@contextmanager
def listening(program: tuple[str, ...], settings: Settings, log: Path) -> Iterator[Running]:
    with running(program, settings, log) as process:
        eventually(lambda: "mllp.listening" in log.read_text(), "the server")
        yield process


@contextmanager
def connected(settings: Settings) -> Iterator[Line]:
    address = ("127.0.0.1", settings.mllp_port)
    with socket.create_connection(address, PATIENCE_SECONDS) as stream:
        yield Line(stream)


def test_killed_between_commit_and_answer(
    settings: Settings, inbox: Inbox, engine: Engine, tmp_path: Path
) -> None:
    """The sender sends again, and it is one note; no log or metric has a word of the patient."""
    ports = {"mllp_port": free_port(), "metrics_port": free_port()}
    own = settings.model_copy(update={**ports, "log_level": "debug"})
    note = mdm("T02", f"Fever {WORD}.", number=WORD, control=WORD, patient=WORD)
    wrong = (b"MSH|^~\\&|" + WORD.encode(), mdm(WORD[:3]), mdm("T02", f18=WORD), mdm("T06", WORD))
    logs = [tmp_path / "killed.log", tmp_path / "again.log"]
    with listening(KILLED, own, logs[0]) as process, connected(own) as line:
        line.send(note)
        assert line.answer() == ""
        assert process.ended() == -signal.SIGKILL
    assert sum(inbox.counts().values()) == 1
    with listening(PROCESS, own, logs[1]) as process, connected(own) as line:
        assert msa(line.ask(note)) == ["AA", WORD]
        assert [msa(line.ask(one))[0] for one in wrong] == ["AR"] * len(wrong)
        assert msa(line.ask(mdm("T02", "Cough.", number="2", control="2")))[0] == "AA"
        figures = httpx.get(f"http://127.0.0.1:{own.metrics_port}/metrics").text
        assert process.end(signal.SIGTERM) == 0
        assert line.answer() == ""
    assert sum(inbox.counts().values()) == 2
    assert [log.name for log in logs if WORD in log.read_text()] == []
    assert "message.refused" in logs[1].read_text()
    assert set(figures.splitlines()) >= FIGURES
    rows = [one.event for one in AuditLog(engine).export(Wanted())]
    assert [(one.agent.name, one.interaction) for one in rows] == [("mllp", "message")] * 2
    assert all(one.patient and one.entity for one in rows)
    assert WORD not in repr(rows)
    assert WORD not in figures
