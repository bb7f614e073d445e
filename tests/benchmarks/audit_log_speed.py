"""What the audit log costs: reads a second of the FHIR server with it and without, in turns.

`python -m tests.benchmarks.audit_log_speed` prints the table of docs/performance.md for SQLite and
PostgreSQL. Each server is a process of its own over one database; clients are threads of this one.
"""

# ruff: noqa: T201 it prints a table

import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Final

import httpx
import uvicorn

from fhir_mapping.resources import retraction
from gateway.demo.processes import free_port
from gateway.rest.app import create_app
from migrations.commands import upgrade
from models.db.audit_log.audit_log import AuditLog
from models.db.inbox.inbox import Inbox
from models.db.results.results import Results
from models.db.sql.session import connect
from tests.databases import own_server
from tests.memory import condition, document, extraction
from worker.settings import Settings

CLIENTS: Final = (1, 16)
REQUESTS: Final = 240  # of all clients together, each time
TIMES: Final = 5


def serve(url: str, port: int, audited: bool) -> None:  # noqa: FBT001 handed to a process
    """Serve reads, and write nothing down of them where not audited."""
    if not audited:
        AuditLog.record = lambda *_: None  # type: ignore[method-assign]
    app = create_app(Settings(database_url=url, broker_url="redis://127.0.0.1:1/0"))
    uvicorn.run(app, port=port, log_level="error", access_log=False)


@contextmanager
def server(url: str, *, audited: bool) -> Iterator[str]:
    """Give the address of a server."""
    port = free_port()
    process = get_context("spawn").Process(target=serve, args=(url, port, audited))
    process.start()
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(address)
        yield address
    finally:
        process.terminate()
        process.join()


def wait_for(address: str) -> None:
    """Wait until a server answers."""
    for _ in range(300):
        try:
            httpx.get(f"{address}/healthz")
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return


def per_second(address: str, path: str, clients: int) -> float:
    """Return how many reads a second so many clients are answered."""

    def ask(number: int) -> None:
        with httpx.Client(base_url=address) as client:
            for _ in range(number):
                client.get(path).raise_for_status()

    begun = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(ask, [REQUESTS // clients] * clients))
    return REQUESTS / (time.perf_counter() - begun)


def filled(url: str) -> str:
    """Make a database with one read document; return the path of its Condition."""
    upgrade(url)
    engine = connect(url)
    inbox, one = Inbox(engine), document()
    claims = inbox.claim(
        [receipt.row for receipt in inbox.receive([one])], lease_seconds=60, max_attempts=3
    )
    found = {claim.row: extraction(claim.document) for claim in claims}
    Results(engine, retraction).complete(claims[0].token, found)
    engine.dispose()
    return f"/fhir/Condition/{condition(one)['id']}"


def rows(name: str, url: str) -> Iterator[str]:
    """Yield a row of the table for each number of clients."""
    path = filled(url)
    with ExitStack() as stack:
        servers = [stack.enter_context(server(url, audited=audited)) for audited in (True, False)]
        for clients in CLIENTS:
            measured = [[per_second(one, path, clients) for one in servers] for _ in range(TIMES)]
            with_it, without = (median(column) for column in zip(*measured, strict=True))
            ratio = median(one / other for one, other in measured)
            yield f"| {name}, {clients} clients | {with_it:.0f} | {without:.0f} | {ratio:.2f} |"


def main() -> None:
    """Print the table."""
    print("| database | reads/s with the log | without | ratio |\n| --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory(prefix="b-") as folder:
        for row in rows("SQLite", f"sqlite:///{folder}/biomed.db"):
            print(row, flush=True)
        with own_server(Path(folder)) as url:
            for row in rows("PostgreSQL", url):
                print(row, flush=True)


if __name__ == "__main__":
    main()
