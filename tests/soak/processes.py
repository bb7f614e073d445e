"""What the storm strikes: our processes, Redis and PostgreSQL; each comes back after a strike."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path

import psycopg

from worker.local_redis import LocalRedis, waited_for

ROOT = Path(__file__).parents[2]
STOP_SECONDS = 60
RESTART_SECONDS = 1
CLI = ("-m", "gateway.cli.main")
PROGRAMS = {
    "serve": (*CLI, "serve"),
    "worker 1": ("-m", "tests.integration.worker.keyword_worker"),
    "worker 2": ("-m", "tests.integration.worker.keyword_worker"),
    "sweep": (*CLI, "sweep"),
    "deliver": (*CLI, "deliver"),
}
"""The processes of the system; the workers' reader is quick and knows a few words."""


class Process:
    """One of our processes, which writes its log to a file.

    `ended` counts how often it ended by itself and was started anew, as a restart policy does it.
    """

    def __init__(self, name: str, environment: Mapping[str, str], folder: Path) -> None:
        self._command = [sys.executable, *PROGRAMS[name]]
        self._environment = environment
        self._log = folder / f"{name.replace(' ', '-')}.log"
        self._turn = threading.Lock()
        self._wanted = True
        self.ended = 0
        self.start()
        threading.Thread(target=self._look_after, daemon=True).start()

    def start(self) -> None:
        """Start it."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 our own command
                self._command, cwd=ROOT, env=self._environment, stdout=log, stderr=log
            )

    def strike(self) -> None:
        """Kill it as SIGKILL does, and start it again."""
        with self._turn:
            self._process.kill()
            self._process.wait()
            self.start()

    def _look_after(self) -> None:
        while self._wanted:
            time.sleep(RESTART_SECONDS)
            with self._turn:
                if self._wanted and self._process.poll() is not None:
                    self.ended += 1
                    self.start()

    def stop(self) -> int:
        """Ask it to end; return its exit code."""
        with self._turn:
            self._wanted = False
        self._process.terminate()
        try:
            return self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()


class Redis:
    """A Redis of the storm's own, which the processes know by its address only."""

    def __init__(self, folder: Path) -> None:
        self._local = LocalRedis(folder)
        self.url = self._local.join()

    def strike(self, *, wiped: bool) -> None:
        """Kill it, perhaps with everything it kept, and start it again."""
        server = int((self._local.folder / "redis.pid").read_text())
        os.kill(server, signal.SIGKILL)
        waited_for(self._local.socket, running=False)
        if wiped:
            (self._local.folder / "appendonly.aof").unlink(missing_ok=True)
        self._local.join()

    def stop(self) -> None:
        """Stop it."""
        self._local.leave()


def crash_postgresql(server: str) -> None:
    """Kill one of the server's processes: it then cuts all connections and recovers."""
    with psycopg.connect(server) as connection:
        os.kill(connection.info.backend_pid, signal.SIGKILL)
