"""The processes of the demo: each a command of `biomed-ner`, all stopped at the end."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx

from models.errors import DemoFailed

COMMAND = (sys.executable, "-m", "gateway.cli.main")
STOP_SECONDS = 15
START_SECONDS = 60
LOG_LINES = 15


class Process:
    """A running command, its output in a file."""

    def __init__(self, name: str, environment: Mapping[str, str], folder: Path) -> None:
        self.name = name
        self.log = folder / f"{name}.log"
        with self.log.open("wb") as log:
            # A session of its own: Ctrl-C reaches the demo alone, which then stops all in order.
            self._process = subprocess.Popen(  # noqa: S603 our own command
                [*COMMAND, name], env=environment, stdout=log, stderr=log, start_new_session=True
            )

    def require_running(self) -> None:
        """Raise DemoFailed, with the end of the output, when the process has ended."""
        if self._process.poll() is not None:
            raise DemoFailed(reason=f"{self.name} ended\n{self.tail()}")

    def tail(self) -> str:
        """Return the last lines of the output."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-LOG_LINES:])

    def stop(self) -> None:
        """Ask the process to end, and end it when it does not."""
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


@contextmanager
def running(folder: Path, environment: Mapping[str, str]) -> Iterator[list[Process]]:
    """Run servers, worker and sweeper over a fresh database; stop them in the opposite order."""
    prepare(environment)
    with ExitStack() as stack:
        processes = []
        for name in ("serve", "mllp", "worker", "sweep"):
            process = Process(name, environment, folder)
            stack.callback(process.stop)
            processes.append(process)
        yield processes


def prepare(environment: Mapping[str, str]) -> None:
    """Make the database; raise DemoFailed with what the command says when it cannot be made."""
    command = [*COMMAND, "db", "upgrade"]
    made = subprocess.run(  # noqa: S603 as above
        command, env=environment, check=False, capture_output=True, text=True
    )
    if made.returncode:
        raise DemoFailed(reason=f"no database: {made.stderr.strip()}")


def environment(folder: Path, port: int, mllp_port: int) -> dict[str, str]:
    """Return the environment of the processes: the caller's, but with a database of their own."""
    return {
        **os.environ,
        "BIOMED_DATABASE_URL": f"sqlite:///{folder}/biomed.db",
        "BIOMED_BROKER_URL": "",
        "BIOMED_HOST": "127.0.0.1",
        "BIOMED_PORT": str(port),
        "BIOMED_MLLP_HOST": "127.0.0.1",
        "BIOMED_MLLP_PORT": str(mllp_port),
        "BIOMED_TENANT": "demo",
    }


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_answering(client: httpx.Client, server: Process) -> None:
    """Wait for the server; raise DemoFailed when it ends or says nothing for a minute."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        server.require_running()
        try:
            client.get("/healthz")
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise DemoFailed(reason=f"the server does not answer\n{server.tail()}")
