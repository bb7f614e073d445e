"""No label holds a word that is not of our own tables, and their number is bounded."""

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from models.db.inbox.load import InboxLoad
from models.db.outbox.load import OutboxLoad
from worker.delivery_ports import Delivered
from worker.metrics.background import DelivererMetrics, SweeperMetrics
from worker.metrics.database import DatabaseMetrics
from worker.metrics.labels import ACKNOWLEDGMENTS, EVENTS, NAMES, error_codes
from worker.metrics.measured import Computed, ListMeasures
from worker.metrics.mllp import MllpMetrics
from worker.metrics.reading import WorkerMetrics

SENTINEL = "Quokkadon"


class Full:
    """A memory with a word of nobody's in the place of a code."""

    def load(self) -> InboxLoad:
        """Return what waits."""
        return InboxLoad({"queued": 3}, 7.5, {SENTINEL: 2, "reader-stuck": 1, "gone": 4})


class Sent:
    """An outbox."""

    def load(self) -> OutboxLoad:
        """Return what waits."""
        return OutboxLoad({"waiting": 2}, 1.5)


def samples(registry: CollectorRegistry) -> dict[tuple[str, ...], float]:
    """Return what is told: the value by name and the values of labels."""
    told = generate_latest(registry).decode()
    assert SENTINEL not in told
    found = [one for family in text_string_to_metric_families(told) for one in family.samples]
    assert {name for one in found for name in one.labels} <= NAMES | {"le"}
    return {(one.name, *sorted(one.labels.values())): one.value for one in found}


def test_what_a_worker_read_is_told() -> None:
    """Outcomes, error codes, times, and the batches that the model computed."""
    metrics = WorkerMetrics()
    computed = Computed(batches=2, pieces=3000, room=4096, seconds=0.5)
    outcomes, codes = {"done": 3, "failed": 2}, {"reader-stuck": 1, SENTINEL: 1}
    metrics.list_read(ListMeasures(outcomes, codes, (0.5, 20.0, 20.0), 4.0, computed))
    metrics.in_hand(5)
    told = samples(metrics.registry)
    assert told["biomed_documents_read_total", "done"] == 3
    assert told["biomed_errors_total", "other"] == told["biomed_errors_total", "reader-stuck"] == 1
    assert told["biomed_done_seconds_bucket", "1.0"] == 1
    assert told["biomed_done_seconds_count",] == 3
    assert told["biomed_pieces_read_total",] / told["biomed_batch_room_total",] == 3000 / 4096
    assert told["biomed_computing_seconds_total",] == 0.5
    assert told["biomed_documents_in_hand",] == 5


def test_a_message_is_told_by_event_and_acknowledgment() -> None:
    """Whatever a sender writes into MSH-9, there is one series for each pair of the tables."""
    metrics = MllpMetrics()
    for event in [*EVENTS, SENTINEL, *map(str, range(100))]:
        for answer in [*ACKNOWLEDGMENTS, SENTINEL]:
            metrics.acknowledged(event, answer)
    metrics.documents.stored(1, 0.02)
    told = samples(metrics.registry)
    pairs = [names for names in told if names[0] == "biomed_hl7_messages_total"]
    assert len(pairs) == (len(EVENTS) + 1) * (len(ACKNOWLEDGMENTS) + 1)
    assert told["biomed_hl7_messages_total", "AA", "other"] == 101
    assert told["biomed_documents_stored_total", "hl7"] == 1


def test_every_code_together_is_a_bounded_number_of_series() -> None:
    """As many as there are errors, though everything fails with words of its own."""
    metrics = SweeperMetrics()
    for code in [*error_codes(), SENTINEL, *map(str, range(1000))]:
        metrics.failed(code)
    metrics.swept(12)
    told = samples(metrics.registry)
    codes = [names for names in told if names[0] == "biomed_errors_total"]
    assert 50 < len(codes) == len(error_codes()) + 1 < 200
    assert told["biomed_documents_rung_again_total",] == 12
    assert told["biomed_last_sweep_timestamp_seconds",] > 0


def test_deliveries_are_told_by_outcome() -> None:
    """Delivered, rescheduled and dead."""
    metrics = DelivererMetrics()
    metrics.delivered(Delivered(delivered=5, rescheduled=2, dead=1))
    told = samples(metrics.registry)
    found = {n[1]: value for n, value in told.items() if n[0] == "biomed_deliveries_total"}
    assert found == {"delivered": 5, "rescheduled": 2, "dead": 1}


def test_what_waits_is_asked_of_the_database() -> None:
    """An error code of another version is `other`; numbers under it are added."""
    registry = CollectorRegistry()
    registry.register(DatabaseMetrics(Full(), Sent()))
    told = samples(registry)
    assert told["biomed_database_up",] == 1
    assert told["biomed_documents", "queued"] == 3
    assert told["biomed_oldest_waiting_seconds",] == 7.5
    assert told["biomed_failed_documents", "other"] == 6
    assert told["biomed_outbox_resources", "waiting"] == 2
    assert told["biomed_oldest_delivery_seconds",] == 1.5


def test_a_database_that_does_not_answer_is_told() -> None:
    """Its numbers are left out, since none of them is known."""

    class Broken(Full):
        def load(self) -> InboxLoad:
            raise OSError(SENTINEL)

    registry = CollectorRegistry()
    registry.register(DatabaseMetrics(Broken(), Sent()))
    assert samples(registry) == {("biomed_database_up",): 0}
