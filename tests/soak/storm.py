"""A storm over the whole system: everything is killed again and again while notes come in.

`python -m tests.soak.storm [--notes N] [--seed N] [--kills N] [--database sqlite|postgresql]`
starts a server, two workers, a sweeper and a deliverer, a Redis and a FHIR server that results go
to, sends notes through both doors, and strikes. In the end it prints what came of the notes; the
exit code is 1 when one was lost, doubled, failed or delivered wrongly.
"""

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from gateway.demo.processes import free_port
from migrations.commands import upgrade
from models.db.sql.session import connect
from tests.databases import own_server, postgresql_database
from tests.fakes.fhir_endpoint import listening
from tests.soak.counting import Counts, counted, rows
from tests.soak.notes import expected, notes
from tests.soak.processes import PROGRAMS, Process, Redis, crash_postgresql
from tests.soak.sending import Sender

NOTES_A_KILL = 80
PATIENCE_SECONDS = 300
POLL_SECONDS = 0.2

WEIGHTS = {
    "worker 1": 4,
    "worker 2": 4,
    "deliver": 3,
    "sweep": 1,
    "serve": 1,
    "Redis killed": 1,
    "Redis wiped": 1,
    "PostgreSQL crashed": 1,
}
"""How often each is struck, in sixteen strikes."""

QUICK = {
    "LEASE_SECONDS": "5",
    "SWEEP_INTERVAL_SECONDS": "1",
    "QUEUED_SECONDS": "5",
    "MESSAGE_SIZE": "8",
    "RETRY_SECONDS": "1",
    "CONCURRENCY": "2",
    "DELIVER_INTERVAL_SECONDS": "0.5",
    "DELIVER_TIMEOUT_SECONDS": "10",
    "DEVICE": "cpu",
}
"""Times that are short, so that what a strike leaves behind is taken up soon."""

Strike = Callable[[], None]


@contextmanager
def database(kind: str, folder: Path) -> Iterator[tuple[str, str | None]]:
    """Give the address of an empty database, and that of the server that can be crashed."""
    if kind == "sqlite":
        yield f"sqlite:///{folder}/biomed.db", None
        return
    with own_server(folder) as server, postgresql_database(server) as url:
        yield url, server


def storm(
    kind: str, number: int, kills: int, seed: int, folder: Path
) -> tuple[Counts, Counter[str]]:
    """Return what came of so many notes, and how often each was struck."""
    with ExitStack() as stack:
        url, server = stack.enter_context(database(kind, folder))
        upgrade(url)
        endpoint = stack.enter_context(listening())
        redis = Redis(folder)
        stack.callback(redis.stop)
        environment = surroundings(url, redis.url, endpoint.url)
        processes = {name: Process(name, environment, folder) for name in PROGRAMS}
        for process in processes.values():
            stack.callback(process.stop)
        strikes = victims(processes, redis, server)
        engine = connect(url)
        stack.callback(engine.dispose)
        ended = partial(progress, engine, "document WHERE state IN ('done', 'failed')")
        sender = Sender(list(notes(number)), environment, folder, ended)
        sender.start()
        struck = strike(strikes, kills, seed, number, ended)
        wait(partial(reached, ended, number), ended)
        missing = partial(progress, engine, "outbox WHERE state <> 'delivered'")
        wait(lambda: not missing(), lambda: -missing())
        struck["ended by itself"] = sum(process.ended for process in processes.values())
        return counted(engine, endpoint, number, expected(number)), struck


def surroundings(url: str, redis: str, endpoint: str) -> dict[str, str]:
    """Return the environment of the processes: the caller's without settings, and ours."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("BIOMED_")}
    ours = {
        "DATABASE_URL": url,
        "BROKER_URL": redis,
        "DELIVER_URL": endpoint,
        "PORT": str(free_port()),
        **QUICK,
    }
    return {**own, **{f"BIOMED_{name}": value for name, value in ours.items()}}


def victims(
    processes: Mapping[str, Process], redis: Redis, server: str | None
) -> dict[str, Strike]:
    """Return how each part of the system is struck."""
    found: dict[str, Strike] = {
        "Redis killed": partial(redis.strike, wiped=False),
        "Redis wiped": partial(redis.strike, wiped=True),
    }
    if server:
        found["PostgreSQL crashed"] = partial(crash_postgresql, server)
    return found | {name: process.strike for name, process in processes.items()}


def strike(
    strikes: Mapping[str, Strike], kills: int, seed: int, number: int, ended: Callable[[], int]
) -> Counter[str]:
    """Strike so often, each time when some more notes are done; return who was struck."""
    dice, struck = random.Random(seed), Counter[str]()  # noqa: S311 a storm that can be repeated
    for place, name in enumerate(deck(strikes, kills, dice), 1):
        due = number * place // (kills + 1)
        wait(partial(reached, ended, due), ended)
        time.sleep(dice.uniform(0, 1))
        strikes[name]()
        struck[name] += 1
    return struck


def reached(ended: Callable[[], int], due: int) -> bool:
    """Whether so many notes are done."""
    return ended() >= due


def deck(strikes: Mapping[str, Strike], kills: int, dice: random.Random) -> list[str]:
    """Return who is struck, in turn: as the weights say, in an order of the dice."""
    names = [name for name in WEIGHTS if name in strikes for _ in range(WEIGHTS[name])]
    found: list[str] = []
    while len(found) < kills:
        found += dice.sample(names, len(names))
    return found[:kills]


def wait(over: Callable[[], bool], number: Callable[[], int]) -> None:
    """Wait until it is over, or until for long no number has grown."""
    best, since = number(), time.monotonic()
    while not over() and time.monotonic() - since < PATIENCE_SECONDS:
        time.sleep(POLL_SECONDS)
        if (now := number()) > best:
            best, since = now, time.monotonic()


def progress(engine: Engine, of: str) -> int:
    """Return how many rows there are; -1 while the database is down."""
    try:
        return int(rows(engine, f"SELECT count(*) FROM {of}")[0][0])  # noqa: S608 our own words
    except SQLAlchemyError:
        return -1


def main() -> int:
    """Run one storm; return the exit code."""
    given = options()
    kills = given.kills if given.kills is not None else max(8, given.notes // NOTES_A_KILL)
    began = time.monotonic()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # all that was started is stopped
    with tempfile.TemporaryDirectory(prefix="storm-", ignore_cleanup_errors=True) as folder:
        counts, struck = storm(given.database, given.notes, kills, given.seed, Path(folder))
        if counts.faults:
            keep(Path(folder))
    show("kills", {"all": kills, **dict(sorted(struck.items()))})
    show("counts", asdict(counts))
    show("faults", counts.faults or {"none": 0})
    sys.stdout.write(f"{given.database}, seed {given.seed}, {time.monotonic() - began:.0f} s\n")
    return 1 if counts.faults else 0


def options() -> argparse.Namespace:
    """Return what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak.storm")
    parser.add_argument("--notes", type=int, default=5000)
    parser.add_argument("--kills", type=int, help=f"by default one in {NOTES_A_KILL} notes")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    return parser.parse_args()


def show(title: str, numbers: Mapping[str, int]) -> None:
    """Print numbers under a title."""
    sys.stdout.write(f"{title}\n")
    sys.stdout.writelines(f"  {name:20} {number:>8}\n" for name, number in numbers.items())


def keep(folder: Path) -> None:
    """Print the ends of the logs of a storm in which something went wrong."""
    for log in sorted(folder.glob("*.log")):
        lines = log.read_text(errors="replace").splitlines()[-20:]
        sys.stderr.write("\n".join((f"== {log.name}", *lines, "")))


if __name__ == "__main__":
    sys.exit(main())
