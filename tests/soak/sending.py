"""The notes' way in: over HTTP and by `enqueue`, again until each is acknowledged."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx

from tests.soak.notes import body
from tests.soak.processes import CLI, ROOT

CHUNK = 50
AHEAD = 16 * CHUNK
"""How many more notes are sent than done: so that the storm meets all of them."""

TAKEN = {HTTPStatus.OK, HTTPStatus.CREATED}


class Sender(threading.Thread):
    """Sends the notes in chunks, by both doors in turn; `sent` is how many were acknowledged."""

    def __init__(
        self,
        notes: Sequence[dict[str, Any]],
        environment: Mapping[str, str],
        folder: Path,
        done: Callable[[], int],
    ) -> None:
        super().__init__(daemon=True)
        self._notes = notes
        self._environment = environment
        self._file = folder / "notes.ndjson"
        self._done = done
        self.sent = 0

    def run(self) -> None:
        """Send all."""
        address = f"http://127.0.0.1:{self._environment['BIOMED_PORT']}"
        with httpx.Client(base_url=address, timeout=30) as client:
            for number, start in enumerate(range(0, len(self._notes), CHUNK)):
                chunk = [body(note) for note in self._notes[start : start + CHUNK]]
                while self.sent - self._done() > AHEAD:
                    time.sleep(0.2)
                if number % 2:
                    self._enqueue(chunk)
                else:
                    self._post_all(client, chunk)
                self.sent += len(chunk)

    def _post_all(self, client: httpx.Client, chunk: Sequence[bytes]) -> None:
        for note in chunk:
            while not posted(client, note):
                time.sleep(0.2)

    def _enqueue(self, chunk: Sequence[bytes]) -> None:
        self._file.write_bytes(b"\n".join(chunk))
        command = [sys.executable, *CLI, "enqueue", str(self._file)]
        while subprocess.run(  # noqa: S603 our own command
            command, cwd=ROOT, env=self._environment, capture_output=True, check=False
        ).returncode:
            time.sleep(0.2)


def posted(client: httpx.Client, note: bytes) -> bool:
    """Whether the server acknowledged a note."""
    headers = {"Content-Type": "application/fhir+json"}
    try:
        answer = client.post("/fhir/DocumentReference", content=note, headers=headers)
    except httpx.TransportError:
        return False
    return answer.status_code in TAKEN
