"""`biomed-ner serve` as a process of its own, over a real socket."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from gateway.demo.processes import free_port

ROOT = Path(__file__).parents[1]
PATIENCE_SECONDS = 60


@contextmanager
def serving(log: Path, **settings: str) -> Iterator[httpx.Client]:
    """Give a client of a running server with these settings, such as `database_url`; then end it.

    The server writes its log to the file.
    """
    own = {name: value for name, value in os.environ.items() if not name.startswith("BIOMED_")}
    port = settings.setdefault("port", str(free_port()))
    environment = {f"BIOMED_{name.upper()}": value for name, value in settings.items()}
    command = [sys.executable, "-m", "gateway.cli.main", "serve"]
    with (
        log.open("wb") as output,
        subprocess.Popen(  # noqa: S603 our own command
            command, cwd=ROOT, stdout=output, stderr=output, env={**own, **environment}
        ) as process,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE_SECONDS) as client,
    ):
        try:
            _wait_for(client, log)
            yield client
        finally:
            process.terminate()
            assert process.wait(PATIENCE_SECONDS) == 0


def _wait_for(client: httpx.Client, log: Path) -> None:
    """Wait until the server answers."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        try:
            client.get("/healthz")
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(log.read_text())
