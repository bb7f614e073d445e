"""What the sweeper and the deliverer count."""

from typing import TYPE_CHECKING

from prometheus_client import Counter, Gauge

from worker.metrics.process import ProcessMetrics

if TYPE_CHECKING:  # sweeping must not load FHIR
    from worker.delivery_ports import Delivered


class SweeperMetrics(ProcessMetrics):
    """The metrics of `biomed-ner sweep`."""

    def __init__(self) -> None:
        super().__init__("sweeper")
        self._rung = Counter(
            "biomed_documents_rung_again", "Documents that the sweeper rang for.",
            registry=self.registry,
        )  # fmt: skip
        self._last = Gauge(
            "biomed_last_sweep_timestamp_seconds", "When the last sweep that succeeded ended.",
            registry=self.registry,
        )  # fmt: skip

    def swept(self, documents: int) -> None:
        """Count the documents that one sweep rang for."""
        self._rung.inc(documents)
        self._last.set_to_current_time()


class DelivererMetrics(ProcessMetrics):
    """The metrics of `biomed-ner deliver`."""

    def __init__(self) -> None:
        super().__init__("deliverer")
        self._attempts = Counter(
            "biomed_deliveries", "Resources sent, by what came of it.", ("outcome",),
            registry=self.registry,
        )  # fmt: skip

    def delivered(self, done: "Delivered") -> None:
        """Count what came of one round."""
        self._attempts.labels("delivered").inc(done.delivered)
        self._attempts.labels("rescheduled").inc(done.rescheduled)
        self._attempts.labels("dead").inc(done.dead)
