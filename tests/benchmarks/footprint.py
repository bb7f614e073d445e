"""What the system weighs: the command line, long notes, resident memory.

The command line: `biomed-ner --help` against an interpreter that does nothing, in turns. Long
notes: one of a million characters against a hundred of ten thousand, the same words, in turns; the
peak is that of a process that read the long one, above the loaded and warm model.
Resident memory: a gateway that has stored a document, a worker that has read one.
"""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from migrations.commands import upgrade
from models.db.inbox.inbox import Inbox
from models.db.sql.session import connect
from models.ner.recogniser import load
from tests.benchmarks import reports
from tests.benchmarks.measuring import Row, alone, mebibytes, medians, pin
from tests.integration.worker.documents import document
from tests.integration.worker.processes import REAL_WORKER, ROOT, Running, eventually, running
from worker.queue import Doorbell
from worker.settings import Settings

LONG, SHORT = 1_000_000, 10_000  # characters
MEGABYTES = 1.048576  # in a mebibyte
SERVE = ("-m", "gateway.cli.main", "serve")
NOTE = "The patient was admitted with pneumonia and received 75 mg aspirin daily. No fever."


def command_line_rows(repeats: int = 15) -> Iterator[Row]:
    """Yield how long the help takes against a bare interpreter."""

    def work(*arguments: str) -> object:
        return subprocess.run(  # noqa: S603 this interpreter
            [sys.executable, *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL
        )

    bare, helped = medians(
        {
            "bare": lambda: work("-c", "pass"),
            "help": lambda: work("-m", "gateway.cli.main", "--help"),
        },
        repeats,
        time.perf_counter,
    ).values()
    yield Row("biomed-ner --help", "python -c pass", helped / bare, 20, most=True)


def long_note_rows() -> Iterator[Row]:
    """Yield the cost of one long note against many short ones, and the peak of memory."""
    yield from alone(_long_notes, "\n\n".join(reports.texts()), 3)


def _long_notes(words: str, repeats: int) -> list[Row]:
    pin()
    long = (words * (LONG // len(words) + 1))[:LONG]
    short = [long[start : start + SHORT] for start in range(0, LONG, SHORT)]
    recogniser = load("bundled", device="cpu", threads=1)
    recogniser.read(short[:4])
    held = mebibytes("self", "VmRSS")
    recogniser.read([long])
    peak = (mebibytes("self", "VmHWM") - held) * MEGABYTES
    one, many = medians(
        {"one": lambda: recogniser.read([long]), "many": lambda: recogniser.read(short)}, repeats
    ).values()
    return [
        Row("one note of 1 MB, time per character", "100 of 10 KB", one / many, 1.15, most=True),
        Row("its peak of memory", "the loaded model", peak, 300, "MB more", most=True),
    ]


def resident_rows() -> Iterator[Row]:
    """Yield the resident memory of a gateway and of a worker at work."""
    with TemporaryDirectory() as made:
        settings = Settings(database_url=f"sqlite:///{made}/biomed.db", device="cpu")
        upgrade(settings.database_url)
        inbox = Inbox(connect(settings.database_url))
        row = inbox.receive([document(NOTE, key="1")])[0].row
        with running(REAL_WORKER, settings, Path(made) / "worker.log") as worker:
            with Doorbell(settings) as doorbell:
                doorbell.ring([row])
                eventually(lambda: inbox.counts()["done"] == 1, "the note read")
            weight = resident(worker)
            worker.end(signal.SIGTERM)
        yield Row("a worker with the bundled model", "-", weight, 900, "MB", most=True)
        port = _free_port()
        serving = settings.model_copy(update={"port": port})
        with running(SERVE, serving, Path(made) / "serve.log") as gateway:
            eventually(lambda: _answers(port), "the gateway")
            weight = resident(gateway)
        yield Row("a gateway", "-", weight, 200, "MB", most=True)


def resident(process: Running) -> float:
    """Return the megabytes that a process and its children hold."""
    return sum(mebibytes(str(number), "VmRSS") for number in process.numbers) * MEGABYTES


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/healthz").status_code == 200
    except httpx.TransportError:
        return False
