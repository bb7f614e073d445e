"""What waits in the database, asked when somebody looks."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from models.db.inbox.load import InboxLoad
from models.db.outbox.load import OutboxLoad
from models.errors import BiomedError
from worker.bounded import Bounded
from worker.metrics.labels import error_codes, one_of

PATIENCE_SECONDS = 3.0
KEPT_SECONDS = 5.0


class Inbox(Protocol):
    """Where documents wait to be read."""

    def load(self) -> InboxLoad:
        """Return how many do."""


class Outbox(Protocol):
    """Where resources wait to be sent."""

    def load(self) -> OutboxLoad:
        """Return how many do."""


@dataclass(frozen=True, slots=True)
class Load:
    """What waits."""

    inbox: InboxLoad
    outbox: OutboxLoad


class DatabaseMetrics(Collector):
    """Gauges over the database; when it does not answer in time, only `biomed_database_up`."""

    def __init__(self, inbox: Inbox, outbox: Outbox) -> None:
        self._load = Bounded(
            lambda: Load(inbox.load(), outbox.load()), patience=PATIENCE_SECONDS, keep=KEPT_SECONDS
        )
        self._codes = error_codes()

    def describe(self) -> Iterable[Metric]:
        """Return nothing, so that registering asks nothing of the database."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Yield the gauges."""
        try:
            load = self._load()
        except BiomedError:
            yield single("biomed_database_up", "Whether the database answers in time.", 0)
            return
        yield single("biomed_database_up", "Whether the database answers in time.", 1)
        yield from self._of_inbox(load.inbox)
        yield from of_outbox(load.outbox)

    def _of_inbox(self, load: InboxLoad) -> Iterator[Metric]:
        documents = GaugeMetricFamily(
            "biomed_documents", "Documents by state, 10,000 at most.", labels=("state",)
        )
        for state, number in load.documents.items():
            documents.add_metric((state,), number)
        yield documents
        yield single(
            "biomed_oldest_waiting_seconds", "How long the oldest document waits that may be read.",
            load.oldest_seconds,
        )  # fmt: skip
        failed = GaugeMetricFamily(
            "biomed_failed_documents", "The latest failed documents, 1,000 at most.",
            labels=("code",),
        )  # fmt: skip
        for code, number in self._by_known_code(load).items():
            failed.add_metric((code,), number)
        yield failed

    def _by_known_code(self, load: InboxLoad) -> dict[str, int]:
        """Return the failures under codes that this version knows; older ones had others."""
        found: dict[str, int] = {}
        for code, number in load.failures.items():
            name = one_of(code, self._codes)
            found[name] = found.get(name, 0) + number
        return found


def of_outbox(load: OutboxLoad) -> Iterator[Metric]:
    """Yield the gauges of what is to be delivered."""
    resources = GaugeMetricFamily(
        "biomed_outbox_resources", "Resources to deliver by state, 10,000 at most.",
        labels=("state",),
    )  # fmt: skip
    for state, number in load.resources.items():
        resources.add_metric((state,), number)
    yield resources
    yield single(
        "biomed_oldest_delivery_seconds", "How long the oldest resource waits that may be sent.",
        load.oldest_seconds,
    )  # fmt: skip


def single(name: str, sentence: str, value: float) -> Metric:
    """Return a gauge without labels."""
    return GaugeMetricFamily(name, sentence, value=value)
