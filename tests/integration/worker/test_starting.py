"""Processes that start before the database, its schema or the broker: they wait, and say so."""

import signal
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import text

from gateway.demo.processes import free_port
from migrations.commands import upgrade
from models.db.inbox.inbox import Inbox
from models.db.sql.session import connect, make, writing
from models.errors import BrokerUnavailable, DatabaseUnavailable, SchemaNewer, Unhealthy
from tests.acceptance.cli import biomed_ner
from tests.integration.worker.conftest import SHORT
from tests.integration.worker.documents import document
from tests.integration.worker.processes import WORKER, Running, eventually, running
from worker.backoff import FIRST_SECONDS, LONGEST_SECONDS, jittered_backoff
from worker.health import require_health
from worker.local_redis import LocalRedis
from worker.settings import Settings
from worker.starting import wait_until_ready

CLI = ("-m", "gateway.cli.main")
PROGRAMS: dict[str, tuple[str, ...]] = {
    "worker": WORKER,
    "serve": (*CLI, "serve"),
    "sweep": (*CLI, "sweep"),
    "deliver": (*CLI, "deliver"),
}
each = pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS.keys())


@pytest.fixture
def early(tmp_path: Path) -> Settings:
    """Settings of a database that is not there yet; `deliver` has nobody to deliver to."""
    return Settings(
        database_url=f"sqlite:///{tmp_path}/var/biomed.db",
        deliver_url="http://127.0.0.1:1",
        deliver_interval_seconds=0.2,
        port=free_port(),
        health_file=tmp_path / "healthy",
        **SHORT,
    )


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


def seen(process: Running, words: str) -> None:
    eventually(lambda: words in process.log, words)


@each
def test_a_database_and_then_its_schema_are_waited_for(
    program: tuple[str, ...], early: Settings, log: Path
) -> None:
    """It says what it waits for, works as soon as it is there, and ends well when told to."""
    with running(program, early, log) as process:
        seen(process, "no-database")
        make(early.database_url)
        seen(process, "schema-outdated")
        upgrade(early.database_url)
        if program == PROGRAMS["serve"]:
            seen(process, "startup complete")
        else:
            eventually(lambda: early.health_file and early.health_file.exists(), "its health file")
        assert process.end(signal.SIGTERM) == 0
        assert "Traceback" not in process.log


@each
def test_who_waits_ends_at_once_and_well(
    program: tuple[str, ...], early: Settings, log: Path
) -> None:
    """SIGTERM while nothing is in hand is no failure."""
    with running(program, early, log) as process:
        seen(process, "no-database")
        assert process.end(signal.SIGTERM) == 0
        assert "Traceback" not in process.log


@each
def test_a_newer_schema_is_not_waited_for(
    program: tuple[str, ...], early: Settings, log: Path
) -> None:
    """No waiting makes this version newer: the process ends with an error."""
    upgrade(early.database_url)
    engine = connect(early.database_url)
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with running(program, early, log) as process:
        assert process.ended() == 1
        assert "newer than" in process.log or "SchemaNewer" in process.log


def test_a_worker_waits_for_the_broker(early: Settings, log: Path, tmp_path: Path) -> None:
    """It says so, beats no health file meanwhile, and reads once a Redis is there."""
    upgrade(early.database_url)
    redis = LocalRedis(tmp_path / "elsewhere")
    system = early.model_copy(update={"broker_url": redis.url})
    engine = connect(early.database_url)
    inbox = Inbox(engine)
    inbox.receive([document("Fever.", key="1")])
    with running(WORKER, system, log) as worker:
        seen(worker, "broker-unavailable")
        assert not (tmp_path / "healthy").exists()
        with redis, running(PROGRAMS["sweep"], system, tmp_path / "sweeper"):
            eventually(lambda: inbox.counts()["done"] == 1, "the document read")
            assert worker.end(signal.SIGTERM) == 0
    engine.dispose()


def test_attempts_are_spread_and_told() -> None:
    """Each wait is longer up to a limit and has jitter; what no waiting helps is raised."""
    waits: list[float] = []
    errors = [
        SchemaNewer(found="9", wanted="1"),
        BrokerUnavailable(kind="x"),
        DatabaseUnavailable(kind="x"),
    ]

    def attempt() -> None:
        raise errors.pop()

    with pytest.raises(SchemaNewer):
        wait_until_ready(attempt, waits.append)
    first, second = waits
    assert FIRST_SECONDS / 2 <= first <= FIRST_SECONDS <= second <= 2 * FIRST_SECONDS
    assert len({jittered_backoff(3) for _ in range(9)}) > 1
    assert max(jittered_backoff(99) for _ in range(99)) <= LONGEST_SECONDS


def test_health_is_the_age_of_a_sign(tmp_path: Path) -> None:
    """The command ends with 0 after a sign, with 1 when it is old or never came."""
    file = tmp_path / "healthy"
    settings = {"BIOMED_HEALTH_FILE": str(file)}
    with pytest.raises(Unhealthy, match="never"):
        require_health(file, 60)
    file.touch()
    assert biomed_ner("health", settings=settings).returncode == 0
    subprocess.run(["touch", "-d", "2 minutes ago", file], check=True)  # noqa: S603, S607 ours
    late = biomed_ner("health", "--within", "60", settings=settings)
    assert (late.returncode, "seconds ago" in late.stderr.decode()) == (1, True)
