"""`python -m gateway.demo [NOTES.ndjson …]`: the whole system, from a note to its resources.

Two servers, a worker and a sweeper run as processes of their own over a fresh database and a real
Redis in a temporary folder; the notes come in over HTTP, one as a message of HL7 v2 over MLLP, and
the resources come out over HTTP.
"""

import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import httpx
from rich.console import Console

from gateway.cli.trail import show
from gateway.demo import report
from gateway.demo.document_result import DocumentResult, result_of
from gateway.demo.message_sending import send_message
from gateway.demo.processes import environment, free_port, running, wait_until_answering
from gateway.demo.results import by_document
from gateway.demo.sending import Letter, Sent, of_files, samples, send
from gateway.demo.waiting import wait
from gateway.open_database import Memory, opened
from models.errors import BiomedError
from worker.local_redis import LocalRedis
from worker.settings import Settings

OK, FAILED, INTERRUPTED = 0, 1, 130
NARROWEST = 120  # of a file or a pipe; a terminal has its own width


def main(arguments: Sequence[str]) -> int:
    """Run the demo with the sample notes or with the files given; return the exit code."""
    # Being told to end is as Ctrl-C: all processes are stopped in order.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    console = Console()
    if not console.is_terminal:
        console.width = NARROWEST
    try:
        letters = of_files(map(Path, arguments)) if arguments else samples()
        with tempfile.TemporaryDirectory(prefix="biomed-demo-") as folder:
            return demonstrate(letters, Path(folder), console, with_message=not arguments)
    except BiomedError as error:
        console.print(str(error), style="red", markup=False)
        return FAILED
    except KeyboardInterrupt:
        console.print("Stopped.")
        return INTERRUPTED


def demonstrate(
    letters: Sequence[Letter], folder: Path, console: Console, *, with_message: bool
) -> int:
    """Start everything, send the letters, and a message, wait, report, stop everything."""
    port, mllp_port = free_port(), free_port()
    variables = environment(folder, port, mllp_port)
    settings = Settings(database_url=variables["BIOMED_DATABASE_URL"], tenant="demo")
    address = f"http://127.0.0.1:{port}"
    with (
        LocalRedis(settings.folder),
        running(folder, variables) as processes,
        opened(settings) as memory,
        httpx.Client(base_url=address, timeout=60) as client,
    ):
        wait_until_answering(client, processes[0])
        console.print(f"The FHIR server answers at {address}/fhir.")
        sent = list(send(client, letters))
        again = next(send(client, letters[:1]))
        if with_message:
            console.print(f"HL7 v2 is taken at 127.0.0.1:{mllp_port}.")
            sent.append(send_message(client, mllp_port, processes[1]))
        console.print(f"{len(sent)} documents sent.")
        wait(memory.inbox, processes, console)
        results = ended(sent, memory, client)
        tell(results, again, memory, console)
    return OK if all(one.as_expected for one in results) else FAILED


def ended(sent: Sequence[Sent], memory: Memory, client: httpx.Client) -> list[DocumentResult]:
    """Return what became of each document."""
    failures = {one.id: one for one in memory.inbox.failures(len(sent))}
    resources = by_document(client)
    return [result_of(one, failures, resources) for one in sent]


def tell(results: Sequence[DocumentResult], again: Sent, memory: Memory, console: Console) -> None:
    """Print the resources, one of them traced back to its characters, and all that went wrong."""
    console.print(report.table(results))
    trace(results, memory, console)
    report.origins(results, memory.audit, console)
    console.rule("What else happened", align="left")
    report.remarks(results, console)
    console.print(f"{again.letter.title}, sent a second time: HTTP {again.status}, stored once.")
    console.print(report.total(results))
    for one in results:
        if not one.as_expected:
            sentence = f"Not as it should be: {one.sent.letter.title} is {one.state}."
            console.print(sentence, style="red", markup=False)


def trace(results: Sequence[DocumentResult], memory: Memory, console: Console) -> None:
    """Print where the first resource came from, as `biomed-ner audit` does."""
    for resource in (found for one in results for found in one.resources):
        trail = memory.audit.trail(resource["resourceType"], resource["id"])
        if trail is not None:
            console.print(f"\nbiomed-ner audit {resource['resourceType']}/{resource['id']}")
            show(trail, console)
            return


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
