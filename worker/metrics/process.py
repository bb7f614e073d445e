"""What every process tells of itself: which code it runs, and what it costs."""

from typing import Final, Literal

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    ProcessCollector,
    disable_created_metrics,
)

from models.code_version import code_version
from worker.metrics.labels import error_codes, one_of

Process = Literal["server", "worker", "sweeper", "deliverer", "mllp", "ingest"]

SECONDS: Final = (0.01, 0.05, 0.25, 1.0, 5.0, 30.0)
"""Bounds of the buckets for what takes a request's time."""

LONG_SECONDS: Final = (1.0, 5.0, 15.0, 60.0, 300.0, 1800.0, 21600.0)
"""Bounds of the buckets for what takes a queue's time."""


class ProcessMetrics:
    """The metrics of one process; those of each kind of process are in its subclass.

    Each has a registry of its own, so that a process tells nothing of what it does not do.
    """

    def __init__(self, process: Process) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # when each label was first seen doubles all series
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        build = Gauge(
            "biomed_build_info", "The code that runs; always 1.", ("process", "code_version"),
            registry=self.registry,
        )  # fmt: skip
        build.labels(process, code_version()).set(1)
        self._codes = error_codes()
        self._errors = Counter(
            "biomed_errors", "What failed or was refused, by error code.", ("code",),
            registry=self.registry,
        )  # fmt: skip

    def failed(self, code: str, number: float = 1) -> None:
        """Count what failed or was refused with an error code."""
        self._errors.labels(one_of(code, self._codes)).inc(number)

    def watch_child(self, pid: int) -> None:
        """Tell what another process of ours costs too, as `biomed_reader_process_…`."""
        ProcessCollector(namespace="biomed_reader", pid=lambda: pid, registry=self.registry)
