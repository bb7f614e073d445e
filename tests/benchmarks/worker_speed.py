"""The whole worker beside its bare reader, and two workers beside one: ratios of notes a second.

`python -m tests.benchmarks.worker_speed [--notes N] [--repeats N] [--row share|scaling]`

Notes in the inbox become FHIR committed in PostgreSQL: real worker processes, rung for over a real
Redis, PostgreSQL writing to its disk as it does by default. The bare reader is `Recogniser.read` in
a process of its own, over the texts of the same notes in lists of a message's size. What is
compared takes turns.

Worker and reader have one core and one thread each. In the first row PostgreSQL, Redis and this
script have another core, since a database has a machine of its own where speed matters. In the
second row everything shares: one worker and its servers have one core, two and theirs have two.
"""

import argparse
import base64
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import count, cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from fhir_mapping.documents import document_reference
from migrations.commands import upgrade
from models.clinical import Document
from models.db.inbox.inbox import Inbox
from models.db.sql.session import connect
from tests.benchmarks import synthea_like
from tests.benchmarks.measuring import Row
from tests.data import synthea_notes
from tests.databases import own_server, postgresql_database
from tests.integration.worker.processes import REAL_WORKER, ROOT, eventually, running
from worker.local_redis import LocalRedis
from worker.queue import Doorbell
from worker.settings import Settings

SHARE, SCALING = 0.85, 1.8
LIST = 64
PATIENCE = 1800.0
LIMIT = 10_000_000  # characters

Cores = frozenset[int]


class Took(NamedTuple):
    """Seconds of a turn: by the clock, and of a core, of the readers or workers and their threads.

    Where somebody else uses the same core only the second can be compared.
    """

    clock: float
    core: float


Turn = Callable[[Sequence[Document]], Took]
"""Reads documents and returns how long that took."""


def rows(notes: int = 1000, repeats: int = 3) -> Iterator[Row]:
    """Yield the rows of the table of speeds."""
    yield from share(notes, repeats)
    yield from scaling(notes, repeats)


def share(notes: int, repeats: int) -> Iterator[Row]:
    """Yield what a worker reaches of its bare reader, its servers on another core."""
    servers, own = two_cores()
    with TemporaryDirectory(prefix="biomed-") as made, ExitStack() as stack:
        worker = stack.enter_context(site(Path(made) / "1", workers=[own], servers=servers))
        bare = stack.enter_context(reader(Path(made), own))
        took = medians({"bare": bare, "worker": worker}, notes, repeats)
    found = ratios(took["bare"], took["worker"])
    yield Row("whole worker, notes/s", "the bare reader", found.clock, SHARE)
    yield Row("the same by time of a core", "the bare reader", found.core)


def scaling(notes: int, repeats: int) -> Iterator[Row]:
    """Yield what two workers reach of one, each with their servers on as many cores."""
    first, second = two_cores()
    with TemporaryDirectory(prefix="biomed-") as made, ExitStack() as stack:
        size = max(1, min(LIST, notes // 16))  # as many lists as two workers can share fairly
        one = site(Path(made) / "1", workers=[second], servers=second, size=size)
        two = site(Path(made) / "2", workers=[first, second], servers=first | second, size=size)
        turns = {"one": stack.enter_context(one), "two": stack.enter_context(two)}
        took = medians(turns, notes, repeats)
    found = ratios(took["one"], took["two"])
    yield Row("two workers on two cores", "one on one", found.clock, SCALING)
    yield Row("the same by time of a core", "one on one", 2 * found.core)


def two_cores() -> tuple[Cores, Cores]:
    """Return two of the cores that this process may use."""
    first, second, *_ = (frozenset({core}) for core in sorted(os.sched_getaffinity(0)))
    return first, second


def ratios(one: Took, other: Took) -> Took:
    """Return how many times as long the first took."""
    return Took(one.clock / other.clock, one.core / other.core)


def medians(turns: Mapping[str, Turn], notes: int, repeats: int) -> dict[str, Took]:
    """Return the medians of each; they take turns, so that all see the same machine."""
    fresh = documents()
    for turn in turns.values():
        turn(list(islice(fresh, LIST)))  # a warm-up
    took: dict[str, list[Took]] = {name: [] for name in turns}
    for _ in range(repeats):
        some = list(islice(fresh, notes))
        for name, turn in turns.items():
            took[name].append(turn(some))
            clock, core = took[name][-1]
            say(f"  {name}: {notes / clock:.1f} notes/s, {1000 * core / notes:.1f} ms of a core")
    return {
        name: Took(*map(statistics.median, zip(*each, strict=True))) for name, each in took.items()
    }


def documents() -> Iterator[Document]:
    """Yield Synthea's notes over and over, each time of another patient and document."""
    for number, resource in zip(count(), cycle(synthea()), strict=False):
        changed = {
            **resource,
            "id": f"note-{number}",
            "identifier": [{"system": "urn:benchmark", "value": str(number)}],
            "subject": {"reference": f"Patient/{number}"},
        }
        yield document_reference.parse(json.dumps(changed), tenant="default")


def synthea() -> list[dict[str, object]]:
    """Return the corpus's DocumentReferences, or notes made in their likeness where it is not."""
    if notes := synthea_notes():
        return notes
    say("THE SYNTHEA CORPUS IS NOT HERE: made-up notes are read instead, so figures differ")
    return [resource(text) for text in synthea_like.texts(221)]


def resource(text: str) -> dict[str, object]:
    """Return a DocumentReference with one plain text."""
    data = base64.b64encode(text.encode()).decode()
    return {
        "resourceType": "DocumentReference",
        "status": "current",
        "content": [{"attachment": {"contentType": "text/plain; charset=utf-8", "data": data}}],
    }


@contextmanager
def site(
    place: Path, *, workers: Sequence[Cores], servers: Cores, size: int = LIST
) -> Iterator[Turn]:
    """Give an installation of its own: a worker process for each set of cores, lists of a size."""
    place.mkdir()
    with ExitStack() as stack:
        with on(servers):
            server = stack.enter_context(own_server(place))
            database = stack.enter_context(postgresql_database(server))
            broker = stack.enter_context(LocalRedis(place)).url
        settings = Settings(
            database_url=database, broker_url=broker, device="cpu", message_size=size
        )
        upgrade(database)
        started = []
        for cores in workers:
            with on(cores):
                log = place / f"worker-{min(cores)}.log"
                started.append(stack.enter_context(running(REAL_WORKER, settings, log)))
            eventually(partial(has_loaded, log), "a worker", patience=PATIENCE)
        yield turn_of(settings, [number for one in started for number in one.numbers])


def has_loaded(log: Path) -> bool:
    """Return whether a worker is ready."""
    return "model.loaded" in log.read_text()


def of_a_core(processes: Sequence[int]) -> float:
    """Return the seconds of a core that processes used so far (proc(5): utime and stime)."""
    stats = [Path(f"/proc/{number}/stat").read_text().rpartition(")")[2] for number in processes]
    ticks = sum(int(used) for stat in stats for used in stat.split()[11:13])
    return ticks / os.sysconf("SC_CLK_TCK")


def turn_of(settings: Settings, processes: Sequence[int]) -> Turn:
    """Return what stores documents, rings for them, and waits until the last is committed."""
    inbox = Inbox(connect(settings.database_url))

    def turn(some: Sequence[Document]) -> Took:
        stored = [receipt.row for receipt in inbox.receive(some)]
        already = inbox.counts()["done"]
        begun, used = time.perf_counter(), of_a_core(processes)
        with Doorbell(settings) as doorbell:
            doorbell.ring(stored)
        ended = lambda: inbox.counts()["done"] - already == len(stored)  # noqa: E731 one line
        eventually(ended, "all notes done", patience=PATIENCE)
        return Took(time.perf_counter() - begun, of_a_core(processes) - used)

    return turn


@contextmanager
def reader(place: Path, cores: Cores) -> Iterator[Turn]:
    """Give the bare reader, in a process of its own."""
    with (
        on(cores),
        subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.worker_speed", "--bare"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process,
    ):
        assert process.stdin
        assert process.stdout
        asked, told = process.stdin, process.stdout

        def turn(some: Sequence[Document]) -> Took:
            path = place / "texts.json"
            path.write_text(json.dumps([text for one in some for text in texts(one)]))
            asked.write(f"{path}\n")
            asked.flush()
            return Took(*map(float, told.readline().split()))

        yield turn
        asked.close()


def texts(document: Document) -> list[str]:
    """Return the texts of a document."""
    notes, _ = document_reference.notes(
        document, document_reference.loaded(document), max_characters=LIMIT
    )
    return [note.text for note in notes]


def read_bare() -> None:
    """Answer each path on standard input with how long reading its texts took."""
    from models.ner.recogniser import load  # noqa: PLC0415 the other process needs no torch

    recogniser = load("bundled", device="cpu", threads=1)
    for path in sys.stdin:
        some = json.loads(Path(path.strip()).read_text())
        begun, used = time.perf_counter(), time.process_time()
        for start in range(0, len(some), LIST):
            recogniser.read(some[start : start + LIST])
        say(f"{time.perf_counter() - begun} {time.process_time() - used}")


@contextmanager
def on(cores: Cores) -> Iterator[None]:
    """Run on these cores, as do the processes that are started meanwhile."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Print the rows, or be the bare reader."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--notes", type=int, default=1000, help="read in one turn")
    parser.add_argument("--repeats", type=int, default=3, help="turns of each")
    parser.add_argument("--row", choices=("share", "scaling"), help="only this one")
    parser.add_argument("--bare", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.bare:
        read_bare()
        return
    wanted = {"share": share, "scaling": scaling}
    for each in [wanted[asked.row]] if asked.row else wanted.values():
        for row in each(asked.notes, asked.repeats):
            say(str(row))


if __name__ == "__main__":
    main()
