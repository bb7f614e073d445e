"""`make demo`: the whole system, as a user sees it first."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from tests.acceptance.cli import ROOT

DEMO = (sys.executable, "-m", "gateway.demo")
PATIENCE_SECONDS = 280


@pytest.fixture
def folder() -> Iterator[Path]:
    """A temporary folder for the demo's own; its name is short, since socket paths are limited."""
    with tempfile.TemporaryDirectory(prefix="d-") as found:
        yield Path(found)


@pytest.fixture
def heard() -> Iterator[None]:
    """Let Ctrl-C reach what is started: a shell that tests in the background has it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def start(folder: Path, *arguments: str | Path, **settings: str) -> "subprocess.Popen[str]":
    """Start the demo so that everything it leaves behind lies in the folder."""
    return subprocess.Popen(  # noqa: S603 our own command
        [*DEMO, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(folder), **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_the_demo_shows_every_note(folder: Path) -> None:
    """All samples end as they have to, one resource is traced, nothing is left running or lying."""
    with start(folder) as demo:
        shown, _ = demo.communicate(timeout=PATIENCE_SECONDS)
    assert demo.returncode == 0, shown
    assert "19 done, 1 failed, 1 refused" in shown
    assert "Broken attachment: failed. The data of" in shown
    assert "Malformed document: refused." in shown
    assert '"resourceType": "OperationOutcome"' in shown
    assert "Empty note: done. Nothing was found in it." in shown
    assert "sent a second time: HTTP 200" in shown
    assert "»" in shown
    for place in ("is at bytes ", "is at page 1", "is at OBX[1]-5[1]", "/ClinicalDocument/"):
        assert place in shown
    assert list(folder.iterdir()) == []


def test_a_document_that_cannot_be_read_is_told(folder: Path, tmp_path: Path) -> None:
    """With a file of one's own, a note that fails makes the exit code 1 and is named."""
    notes = tmp_path / "notes.ndjson"
    broken = {"attachment": {"contentType": "text/plain", "data": "%%%"}}
    document = {
        "resourceType": "DocumentReference",
        "status": "current",
        "subject": {"reference": "Patient/1"},
        "content": [broken],
    }
    notes.write_bytes(orjson.dumps(document) + b"\nno json\n")
    with start(folder, notes) as demo:
        shown, _ = demo.communicate(timeout=PATIENCE_SECONDS)
    assert demo.returncode == 1, shown
    assert "notes.ndjson:1: failed. The data of attachment content[0] is not valid base64." in shown
    assert "notes.ndjson:2: refused." in shown


@pytest.mark.usefixtures("heard")
def test_ctrl_c_stops_everything(folder: Path) -> None:
    """Interrupted at work, the demo ends its processes, removes its folder and says so."""
    with start(folder) as demo:
        wait_for_database(folder)
        demo.send_signal(signal.SIGINT)
        shown, _ = demo.communicate(timeout=PATIENCE_SECONDS)
    assert demo.returncode == 130, shown
    assert "Traceback" not in shown
    assert list(folder.iterdir()) == []


def wait_for_database(folder: Path) -> None:
    """Wait until the demo has made its database, which is when its processes start."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not list(folder.glob("*/biomed.db")):
        assert time.monotonic() < end, "the demo did not begin"
        time.sleep(0.1)
