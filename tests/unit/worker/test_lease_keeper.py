"""A lease lives as long as the work, and not much longer than work should."""

import threading
import time

from structlog.testing import capture_logs

from models.errors import DatabaseUnavailable
from worker.lease_keeper import Heartbeat


class Lease:
    """Counts its extensions; `beaten` is set at the third."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.beats = 0
        self.beaten = threading.Event()

    def extend(self) -> None:
        self.beats += 1
        if self.beats == 3:
            self.beaten.set()
        if self.error:
            raise self.error


def test_long_work_extends_its_lease_several_times() -> None:
    """The lease is extended for as long as the work goes on."""
    lease = Lease()
    with Heartbeat(lease.extend, lease=0.06, longest=60):
        assert lease.beaten.wait(10)


def test_no_beat_comes_after_the_work() -> None:
    """A finished list is left alone."""
    lease = Lease()
    with Heartbeat(lease.extend, lease=0.03, longest=60):
        assert lease.beaten.wait(10)
    after = lease.beats
    time.sleep(0.05)
    assert lease.beats == after


def test_short_work_never_extends() -> None:
    """Work that ends within a third of its lease costs no statement."""
    lease = Lease()
    with Heartbeat(lease.extend, lease=600, longest=3600):
        pass
    assert lease.beats == 0


def test_work_that_hangs_loses_its_lease() -> None:
    """After the longest time allowed the lease is left to expire, so that another may try."""
    lease = Lease()
    with Heartbeat(lease.extend, lease=0.03, longest=0.1):
        time.sleep(0.3)
        beats = lease.beats
        time.sleep(0.1)
        assert lease.beats == beats > 0


def test_a_failed_beat_is_followed_by_another() -> None:
    """A database that is away for one beat does not end the heartbeat."""
    lease = Lease(DatabaseUnavailable(kind="OperationalError"))
    with capture_logs() as lines, Heartbeat(lease.extend, lease=0.03, longest=60):
        assert lease.beaten.wait(10)
    assert lines[0]["event"] == "heartbeat.failed"
    assert lines[0]["code"] == "database-unavailable"
