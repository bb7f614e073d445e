"""What the process counts that takes notes in from other Celery applications."""

from worker.metrics.process import ProcessMetrics
from worker.metrics.server import StoredMetrics


class IngestMetrics(ProcessMetrics):
    """The metrics of `biomed-ner worker --ingest`."""

    def __init__(self) -> None:
        super().__init__("ingest")
        self.documents = StoredMetrics("celery", self.registry)
