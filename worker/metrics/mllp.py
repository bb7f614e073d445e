"""What the HL7 v2 door counts: messages by event and acknowledgment, and documents taken in."""

from prometheus_client import Counter

from worker.metrics.labels import ACKNOWLEDGMENTS, EVENTS, one_of
from worker.metrics.process import ProcessMetrics
from worker.metrics.server import StoredMetrics


class MllpMetrics(ProcessMetrics):
    """The metrics of the process that listens for HL7 v2 messages."""

    def __init__(self) -> None:
        super().__init__("mllp")
        self.documents = StoredMetrics("hl7", self.registry)
        self._messages = Counter(
            "biomed_hl7_messages", "Messages acknowledged.", ("event", "acknowledgment"),
            registry=self.registry,
        )  # fmt: skip

    def acknowledged(self, event: str, acknowledgment: str) -> None:
        """Count a message: its event as in `MDM_T02` (MSH-9), and what MSA-1 answered (`AA`)."""
        self._messages.labels(one_of(event, EVENTS), one_of(acknowledgment, ACKNOWLEDGMENTS)).inc()
