"""A FHIR server over a real socket that answers batches as a test wants, and remembers them."""

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Entry = dict[str, Any]
Reply = tuple[int, dict[str, str], object]
"""HTTP status, headers, body."""

Script = Callable[[Sequence[Entry]], Reply]


@dataclass
class Endpoint:
    """What the server got: resources as they stand there, all requests and their headers.

    `script` decides the answers; `accepted` is the usual one. `writes` holds every version that was
    put, in order, by reference.
    """

    url: str = ""
    script: Script | None = None
    resources: dict[str, Any] = field(default_factory=dict)
    writes: dict[str, list[Any]] = field(default_factory=dict)
    requests: list[list[str]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, entries: Sequence[Entry]) -> Reply:
        """Return the answer to a batch."""
        with self.lock:
            self.requests.append([entry["request"]["url"] for entry in entries])
        return (self.script or self.accepted)(entries)

    def accepted(self, entries: Sequence[Entry]) -> Reply:
        """Store all and say so."""
        return batch_response([self.put(entry) for entry in entries])

    def put(self, entry: Entry) -> Entry:
        """Store one resource; return its response."""
        with self.lock:
            reference = entry["request"]["url"]
            self.resources[reference] = entry["resource"]
            self.writes.setdefault(reference, []).append(entry["resource"])
            return {"status": "200 OK", "etag": f'W/"{len(self.writes[reference])}"'}


def batch_response(responses: Sequence[Entry]) -> Reply:
    """Return a batch-response of these."""
    entries = [{"response": one} for one in responses]
    return 200, {}, {"resourceType": "Bundle", "type": "batch-response", "entry": entries}


def complaint(status: str, code: str, words: str) -> Entry:
    """Return the response of an entry that failed, with an OperationOutcome that quotes words."""
    issue = {"severity": "error", "code": code, "diagnostics": words, "details": {"text": words}}
    return {"status": status, "outcome": {"resourceType": "OperationOutcome", "issue": [issue]}}


@contextmanager
def listening() -> Iterator[Endpoint]:
    """Run the server."""
    endpoint = Endpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bundle = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            endpoint.headers.append(dict(self.headers.items()))
            status, headers, body = endpoint.take(bundle["entry"])
            raw = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(raw))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def handle(self) -> None:
            try:
                super().handle()
            except (ConnectionError, BrokenPipeError):
                self.close_connection = True

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    endpoint.url = f"http://127.0.0.1:{server.server_port}/fhir"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield endpoint
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
