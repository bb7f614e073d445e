"""Workers and sweepers as processes of their own, started and ended by a test."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from worker.settings import Settings

ROOT = Path(__file__).parents[3]
PATIENCE_SECONDS = 60

WORKER = ("-m", "tests.integration.worker.keyword_worker")
BROKEN_WORKER = (*WORKER, "broken")
SWEEPER = (
    "-c",
    "import worker.entry_points as w, worker.settings as s; w.run_sweeper(s.Settings())",
)
REAL_WORKER = (
    "-c",
    "import sys; from worker.entry_points import run_worker as r; from worker.settings import *;"
    "sys.exit(r(Settings()))",
)


def metrics(settings: Settings) -> dict[str, float]:
    """Return what a process tells at its port for metrics, nothing while it does not listen."""
    address = f"http://{settings.metrics_host}:{settings.metrics_port}/metrics"
    try:
        told = httpx.get(address, timeout=PATIENCE_SECONDS).text
    except httpx.ConnectError:
        return {}
    lines = [line.rpartition(" ") for line in told.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in lines}


class Running:
    """A process; what it wrote is in `log`."""

    def __init__(self, process: "subprocess.Popen[bytes]", log: Path) -> None:
        self._process = process
        self._log = log

    @property
    def numbers(self) -> list[int]:
        """Its number among the processes of this machine, and those of its children."""
        own = self._process.pid
        children = Path(f"/proc/{own}/task/{own}/children").read_text().split()
        return [own, *map(int, children)]

    @property
    def log(self) -> str:
        """Everything it wrote so far."""
        return self._log.read_text()

    def signal(self, number: int) -> None:
        """Send a signal."""
        self._process.send_signal(number)

    def end(self, number: int) -> int:
        """Send a signal and return the exit code."""
        self.signal(number)
        return self.ended()

    def ended(self) -> int:
        """Wait for the end and return the exit code."""
        return self._process.wait(PATIENCE_SECONDS)


@contextmanager
def running(program: tuple[str, ...], settings: Settings, log: Path) -> Iterator[Running]:
    """Start a process with these settings; kill it in the end if it still runs."""
    values = settings.model_dump(exclude_none=True)
    environment = {f"BIOMED_{name.upper()}": str(value) for name, value in values.items()}
    with (
        log.open("ab") as output,
        subprocess.Popen(  # noqa: S603 this interpreter
            [sys.executable, *program],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=output,
            stderr=output,
        ) as process,
    ):
        try:
            yield Running(process, log)
        finally:
            process.kill()


def eventually(
    condition: Callable[[], object], what: str, *, patience: float = PATIENCE_SECONDS
) -> None:
    """Wait until the condition holds."""
    end = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < end, f"waited in vain: {what}"
        time.sleep(0.05)
