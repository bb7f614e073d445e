"""Messages a second over MLLP into SQLite, beside the commits a second of the bare database.

A message is a report, a line of it an OBX, and is answered when it is committed. The server is a
process of its own with one core, the senders have another one, nobody reads the notes meanwhile.
The bare database commits the same documents, parsed before, one in each transaction, on the
server's core. What is compared takes turns. Where others use the core too, the messages for each
second that the server itself had of it say what it can do.
"""

import os
import socket
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from itertools import count, cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from fhir_mapping.documents.hl7v2.escapes import escaped
from fhir_mapping.documents.hl7v2.message import Delimiters
from fhir_mapping.documents.messages import meaning
from gateway.demo.processes import free_port
from gateway.mllp.framing import END, Frame
from migrations.commands import upgrade
from models.chunks import chunks
from models.db.inbox.inbox import Inbox
from models.db.sql.session import connect
from tests.benchmarks import reports
from tests.benchmarks.measuring import Row
from tests.benchmarks.worker_speed import Cores, Took, of_a_core, on, two_cores
from tests.integration.worker.processes import Running, eventually, running
from tests.messages import mdm
from worker.local_redis import LocalRedis
from worker.settings import Settings

LEAST = 200  # messages a second of a core
TIMES = 2  # the commits of the bare database
SENDERS = 16
TICK = 0.01  # seconds, the least that the system counts
SIGNS = Delimiters("|", "^", "~", "\\", "&")
PROCESS = ("-m", "gateway.cli.main", "mllp")

Work = Callable[[], object]
Turn = Callable[[Sequence[bytes]], Work]
"""Returns what is to be timed, made ready for these messages."""


def rows(messages: int = 200, repeats: int = 3) -> Iterator[Row]:
    """Yield the rows of the table of speeds."""
    server, senders = two_cores()
    with (
        TemporaryDirectory(prefix="biomed-") as made,
        on(senders),
        site(Path(made), server) as (settings, process),
    ):
        port = settings.mllp_port
        turns: dict[str, Turn] = {
            "bare": bare(settings, server),
            "alone": lambda some: partial(send, port, some),
            "ahead": lambda some: partial(send, port, some, ahead=settings.mllp_window),
            "many": lambda some: partial(send_from_many, port, some),
        }
        rates = medians(turns, messages, repeats, process.numbers)
    bare_rate = rates.pop("bare").clock
    yield Row("the bare database, one document a commit", "-", bare_rate, unit="/s")
    told = {
        "alone": "MLLP, a sender that waits for each answer",
        "ahead": "MLLP, one sender that sends ahead",
        "many": f"MLLP, {SENDERS} senders that wait",
    }
    for name, rate in rates.items():
        times, least = (None, None) if name == "alone" else (TIMES, LEAST)
        yield Row(told[name], "-", rate.clock, unit="/s")
        yield Row("  the same", "the bare database", rate.clock / bare_rate, times)
        yield Row("  the same by time of a core", "-", rate.core, least, "/s")


def medians(
    turns: Mapping[str, Turn], messages: int, repeats: int, server: Sequence[int]
) -> dict[str, Took]:
    """Return the messages a second of each, by the clock and of the server's core, in turns."""
    fresh = sent()
    found: dict[str, list[Took]] = {name: [] for name in turns}
    for number in range(repeats + 1):
        for name, turn in turns.items():
            work = turn(list(islice(fresh, messages)))
            begun, used = time.perf_counter(), of_a_core(server)
            work()
            clock, core = time.perf_counter() - begun, of_a_core(server) - used
            if number:  # the first is a warm-up
                found[name].append(Took(messages / clock, messages / max(core, TICK)))
    return {
        name: Took(*map(statistics.median, zip(*each, strict=True))) for name, each in found.items()
    }


def sent() -> Iterator[bytes]:
    """Yield reports as messages, each of another document."""
    for number, text in zip(count(), cycle(reports.texts()), strict=False):
        lines = (escaped(line, SIGNS) for line in text.splitlines())
        yield mdm("T02", *lines, number=f"D{number}", control=f"C{number}")


@contextmanager
def site(place: Path, cores: Cores) -> Iterator[tuple[Settings, Running]]:
    """Give the settings of a server and its process, which runs on these cores."""
    before = frozenset(os.sched_getaffinity(0))
    with LocalRedis(place) as redis:
        settings = Settings(
            database_url=f"sqlite:///{place}/biomed.db", broker_url=redis.url, mllp_port=free_port()
        )
        upgrade(settings.database_url)
        log = place / "mllp.log"
        with on(cores), running(PROCESS, settings, log) as process:
            eventually(lambda: "mllp.listening" in log.read_text(), "the server")
            with on(before):
                yield settings, process


def bare(settings: Settings, cores: Cores) -> Turn:
    """Return what commits the documents of messages one by one, on these cores."""
    inbox = Inbox(connect(settings.database_url))

    def turn(some: Sequence[bytes]) -> Work:
        messages = [meaning.parse(one, tenant=settings.tenant) for one in some]
        documents = [each.document for one in messages for each in one.documents]

        def commit() -> None:
            with on(cores):
                for document in documents:
                    inbox.receive([document])

        return commit

    return turn


def send_from_many(port: int, some: Sequence[bytes]) -> None:
    """Send messages over several connections, each of which waits for each answer."""
    shares = list(chunks(some, -(-len(some) // SENDERS)))
    with ThreadPoolExecutor(len(shares)) as senders:
        list(senders.map(lambda share: send(port, share), shares))


def send(port: int, some: Sequence[bytes], ahead: int = 1) -> None:
    """Send messages over one connection, at most so many ahead of their answers."""
    with socket.create_connection(("127.0.0.1", port)) as stream:
        waiting = 0
        for message in some:
            stream.sendall(Frame(message).framed)
            waiting += 1
            while waiting >= ahead:
                waiting -= accepted(stream)
        while waiting:
            waiting -= accepted(stream)


def accepted(stream: socket.socket) -> int:
    """Return how many answers came; all have to be those of messages taken in."""
    answers = b""
    while not answers.endswith(END):
        more = stream.recv(65536)
        if not more:
            raise AssertionError("the server hung up")
        answers += more
    if answers.count(b"MSA|AA|") != answers.count(END):
        raise AssertionError("a message was refused")
    return answers.count(END)
