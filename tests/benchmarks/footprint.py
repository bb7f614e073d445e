"""What the system weighs: the command line, long notes, resident memory; ratios and mebibytes.

`python -m tests.benchmarks.footprint FOLDER_OF_BRAT_FILES [--repeats N]`

The command line: `biomed-ner --help` against an interpreter that does nothing, in turns. Long
notes: one of a million characters against a hundred of ten thousand, the same words, in turns; the
peak is that of a process which read the long one, above what it held with the model loaded and
warm. Resident memory: a gateway that has stored a document, a worker that has read one.
"""

import argparse
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from migrations.commands import upgrade
from models.db.inbox import Inbox
from models.db.session import connect
from models.ner import brat
from models.ner.recogniser import load
from tests.benchmarks.forward_speed import medians, pin
from tests.integration.worker.documents import document
from tests.integration.worker.processes import REAL_WORKER, ROOT, eventually, running
from worker.queue import Doorbell
from worker.settings import Settings

LONG, SHORT = 1_000_000, 10_000  # characters
SERVE = ("-m", "gateway.cli.main", "serve")
NOTE = "The patient was admitted with pneumonia and received 75 mg aspirin daily. No fever."


def command_line(repeats: int) -> Iterator[str]:
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
    ).values()
    yield f"biomed-ner --help against a bare interpreter    {helped / bare:5.1f} x   (at most 20)"


def long_notes(words: str, repeats: int) -> Iterator[str]:
    """Yield the cost of one long note against many short ones, and its peak of memory."""
    long = (words * (LONG // len(words) + 1))[:LONG]
    short = [long[start : start + SHORT] for start in range(0, LONG, SHORT)]
    recogniser = load("bundled", device="cpu", threads=1)
    recogniser.read(short[:4])
    held = _mebibytes("self", "VmRSS")
    recogniser.read([long])
    peak = _mebibytes("self", "VmHWM") - held
    one, many = medians(
        {"one": lambda: recogniser.read([long]), "many": lambda: recogniser.read(short)}, repeats
    ).values()
    yield f"one note of 1 MB against 100 of 10 KB           {one / many:5.2f} x   (at most 1.15)"
    yield f"its peak above the loaded model                 {peak:5.0f} MiB (at most 300)"


def resident() -> Iterator[str]:
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
            weight = _mebibytes(str(worker.number), "VmRSS")
            worker.end(signal.SIGTERM)
        yield f"a worker with the bundled model                 {weight:5.0f} MiB (at most 900)"
        port = _free_port()
        serving = settings.model_copy(update={"port": port})
        with running(SERVE, serving, Path(made) / "serve.log") as gateway:
            eventually(lambda: _answers(port), "the gateway")
            weight = _mebibytes(str(gateway.number), "VmRSS")
        yield f"a gateway                                       {weight:5.0f} MiB (at most 200)"


def _mebibytes(process: str, field: str) -> float:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(field))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/healthz").status_code == 200
    except httpx.TransportError:
        return False


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="brat files, such as maccrobat/dev")
    parser.add_argument("--repeats", type=int, default=3, help="how often each is timed")
    asked = parser.parse_args()
    pin()
    words = "\n\n".join(report.text for report in brat.read_folder(asked.folder))
    for part in (command_line(5 * asked.repeats), resident(), long_notes(words, asked.repeats)):
        for line in part:
            sys.stdout.write(line + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
