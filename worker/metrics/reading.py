"""What a worker counts. Its supervisor does, so that a note that holds the reader hides nothing."""

from prometheus_client import Counter, Gauge, Histogram

from worker.metrics.measured import ListMeasures
from worker.metrics.process import LONG_SECONDS, ProcessMetrics


class WorkerMetrics(ProcessMetrics):
    """The metrics of `biomed-ner worker`."""

    def __init__(self) -> None:
        super().__init__("worker")
        registry = self.registry
        self._documents = Counter(
            "biomed_documents_read", "Documents that were claimed, by what came of it.",
            ("outcome",), registry=registry,
        )  # fmt: skip
        self._waited = Histogram(
            "biomed_done_seconds", "From a document's commit at the door to its results' commit.",
            buckets=LONG_SECONDS, registry=registry,
        )  # fmt: skip
        self._list = Histogram(
            "biomed_list_seconds", "From the claim of a list of documents to its end.",
            buckets=LONG_SECONDS, registry=registry,
        )  # fmt: skip
        self._in_hand = Gauge(
            "biomed_documents_in_hand", "Documents that are being read.", registry=registry
        )
        self._batches = Counter("biomed_batches", "Batches computed.", registry=registry)
        self._pieces = Counter(
            "biomed_pieces_read", "Pieces of words that the model computed.", registry=registry
        )
        self._room = Counter(
            "biomed_batch_room", "Pieces that those batches could have held.", registry=registry
        )
        self._computing = Counter(
            "biomed_computing_seconds", "Time of the threads that compute.", registry=registry
        )

    def list_read(self, found: ListMeasures) -> None:
        """Count a list that was read, and what was computed for it and for others meanwhile."""
        for outcome, number in found.outcomes.items():
            self._documents.labels(outcome).inc(number)
        for code, number in found.codes.items():
            self.failed(code, number)
        for seconds in found.waited:
            self._waited.observe(seconds)
        self._list.observe(found.seconds)
        self._batches.inc(found.computed.batches)
        self._pieces.inc(found.computed.pieces)
        self._room.inc(found.computed.room)
        self._computing.inc(found.computed.seconds)

    def in_hand(self, documents: int) -> None:
        """Note how many documents are being read."""
        self._in_hand.set(documents)
