"""Reading in a process of its own, watched by one that nothing in a note can hold up.

A thread cannot end another one, and none runs while a single step in C holds the interpreter. So
the process that was started keeps the leases, and when a list takes too long it ends the reading
process, gives its documents back, and ends as failed, to be started anew.
"""

import ctypes
import os
import select
import signal
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress

import structlog

from models.errors import BiomedError
from worker.in_flight import InFlightLists
from worker.in_hand_pipe import Reports, reports
from worker.memory_ports import ClaimedDocuments
from worker.metrics.measured import ListMeasures
from worker.metrics.port import MetricsPort
from worker.metrics.reading import WorkerMetrics
from worker.settings import Settings
from worker.worker_death import Recovery

FAILED = 1
SIGNALLED = 128
"""What a shell adds to the number of the signal that ended a process."""

FORWARDED = (signal.SIGTERM, signal.SIGINT)
PARENT_DEATH = 1
"""PR_SET_PDEATHSIG of prctl(2)."""


def supervised(
    settings: Settings, inbox: Callable[[], ClaimedDocuments], work: Callable[[Reports], int]
) -> int:
    """Do the work in a process of its own; return the exit code, there and here.

    To be called while the process has one thread. The work's process ends with this one. A signal
    to stop is passed on to it; `inbox` is called in this process only, which also tells the
    metrics of both.

    Raises:
        MetricsCannotListen: another process has the port for metrics.
    """
    metrics = WorkerMetrics()
    port = MetricsPort(settings, metrics.registry)
    receiving, sending = os.pipe()
    supervisor = os.getpid()
    child = os.fork()
    if child == 0:
        os.close(receiving)
        port.abandon()
        os.setpgid(0, 0)  # Ctrl-C reaches the supervisor alone, which passes it on once
        end_with(supervisor)
        return work(Reports(sending))
    os.close(sending)
    metrics.watch_child(child)
    port.start()
    return Supervisor(child, receiving, inbox(), settings, metrics).run()


def end_with(parent: int) -> None:
    """Have the kernel kill this process when its parent is gone; where it can, which is Linux."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PARENT_DEATH, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(FAILED)


class Supervisor:
    """Watches a reading process through a pipe, until it ends or has to be ended."""

    def __init__(
        self,
        child: int,
        pipe: int,
        inbox: ClaimedDocuments,
        settings: Settings,
        metrics: WorkerMetrics,
    ) -> None:
        self._metrics = metrics
        self._child = child
        self._pipe = pipe
        self._inbox = inbox
        self._lease = settings.lease_seconds
        self._returns = Recovery(inbox, settings)
        self._lists = InFlightLists(limit=settings.reading_seconds, lease=settings.lease_seconds)
        self._asked: set[int] = set()
        self._rest = b""

    def run(self) -> int:
        """Watch until the process ends; see to what it left in hand, and return the exit code."""
        for number in FORWARDED:
            signal.signal(number, self._forward)
        while self._hear(self._lists.seconds_until_due(time.monotonic())):
            if self._lists.overdue(time.monotonic()):
                return self._end()
            self._renew()
        return self._ended(self._wait())

    def _forward(self, number: int, _: object) -> None:
        self._asked.add(number)
        with suppress(ProcessLookupError):
            os.kill(self._child, number)

    def _hear(self, seconds: float | None) -> bool:
        """Wait for reports so long; return whether there can be more."""
        readable, _, _ = select.select([self._pipe], [], [], seconds)
        if not readable:
            return True
        came = os.read(self._pipe, 1 << 16)
        *lines, self._rest = (self._rest + came).split(b"\n")
        told = list(reports(lines))
        self._lists.hear(told, time.monotonic())
        self._measure(one for one in told if isinstance(one, ListMeasures))
        return bool(came)

    def _measure(self, lists: Iterable[ListMeasures]) -> None:
        for one in lists:
            self._metrics.list_read(one)
        self._metrics.in_hand(self._lists.documents)

    def _renew(self) -> None:
        for one in self._lists.to_renew(time.monotonic()):
            try:
                self._inbox.extend(one.token, one.rows, self._lease)
            except BiomedError as error:
                structlog.get_logger().warning("heartbeat.failed", code=error.code)

    def _wait(self) -> int:
        _, status = os.waitpid(self._child, 0)
        for number in FORWARDED:
            signal.signal(number, signal.SIG_IGN)  # what is left takes a moment
        return status

    def _end(self) -> int:
        """Kill the process, give back what it had in hand, and return the exit code."""
        suspects = self._lists.suspects(time.monotonic())
        os.kill(self._child, signal.SIGKILL)
        while self._hear(None):
            pass
        self._wait()
        self._returns.too_long(self._lists.all(), suspects)
        return FAILED

    def _ended(self, status: int) -> int:
        """Give back what the process had in hand when it ended, and return the exit code."""
        code = os.waitstatus_to_exitcode(status)
        stopped = bool(self._asked) and (code >= 0 or -code in self._asked)
        if stopped:
            self._returns.stopped(self._lists.all())
        else:
            self._returns.died(self._lists.all(), described(code))
        return exit_code(code, stopped=stopped)


def exit_code(code: int, *, stopped: bool) -> int:
    """Return the exit code for that of the process: 0 when it was stopped before it could read."""
    if code >= 0:
        return code
    return 0 if stopped else SIGNALLED - code


def described(code: int) -> str:
    """Return how a process ended, in a few words."""
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"
