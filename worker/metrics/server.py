"""What the FHIR server counts: requests by route template, and documents taken in."""

from prometheus_client import CollectorRegistry, Counter, Histogram

from worker.metrics.labels import METHODS, one_of
from worker.metrics.process import SECONDS, ProcessMetrics


class StoredMetrics:
    """Documents taken in by a door, and how long each took from the door to the commit."""

    def __init__(self, door: str, registry: CollectorRegistry) -> None:
        self._documents = Counter(
            "biomed_documents_stored", "Documents taken in that were new.", ("door",),
            registry=registry,
        ).labels(door)  # fmt: skip
        self._seconds = Histogram(
            "biomed_stored_seconds", "From the first byte at the door to the commit.", ("door",),
            buckets=SECONDS, registry=registry,
        ).labels(door)  # fmt: skip

    def stored(self, new: int, seconds: float) -> None:
        """Count what one request or message brought, so many seconds after it began."""
        self._documents.inc(new)
        self._seconds.observe(seconds)


class ServerMetrics(ProcessMetrics):
    """The metrics of `biomed-ner serve`."""

    def __init__(self) -> None:
        super().__init__("server")
        self.documents = StoredMetrics("fhir", self.registry)
        self._requests = Counter(
            "biomed_requests", "Requests answered.", ("method", "route", "status"),
            registry=self.registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "biomed_request_seconds", "From a request's head to the end of its answer.",
            ("route",), buckets=SECONDS, registry=self.registry,
        )  # fmt: skip

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request; `route` is the template of the route that answered, not its path."""
        self._requests.labels(one_of(method, METHODS), route, f"{status // 100}xx").inc()
        self._seconds.labels(route).observe(seconds)
