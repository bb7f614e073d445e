"""What is to be delivered, and what came of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from fhir_mapping.exchange.outgoing_batch import Answer
from models.db.outbox.outbox import OutboxEntry
from models.db.results.results import Delivery
from worker.settings import Settings


def delivery(settings: Settings) -> Delivery | None:
    """Return what the results of a worker let wait in the outbox; None where nothing goes out."""
    return Delivery(documents=settings.deliver_documents) if settings.deliver_url else None


class Outbox(Protocol):
    """What waits to be sent; a deliverer has it for the time of a lease."""

    def claim(self, *, limit: int, lease_seconds: float, max_attempts: int) -> list[OutboxEntry]:
        """Take what may be sent now."""

    def extend(self, entries: Sequence[OutboxEntry], lease_seconds: float, /) -> None:
        """Renew the lease of what is still held."""

    def content(self, entry: OutboxEntry, /) -> str:
        """Return the JSON of the version to be sent."""

    def numbers(self, documents: Collection[str], /) -> Mapping[tuple[str, int], str]:
        """Return how the server numbers versions of documents."""

    def mark_delivered(
        self, entries: Mapping[OutboxEntry, str | None], /, *, again_seconds: float
    ) -> int:
        """Note what the server has now; return how many were still ours."""

    def reschedule(
        self,
        entries: Sequence[OutboxEntry],
        /,
        *,
        code: str,
        reason: str,
        delays: Sequence[float],
        answered: bool,
    ) -> int:
        """Let resources wait for another attempt."""

    def release(self, entries: Sequence[OutboxEntry], /) -> None:
        """Let resources wait that were not sent."""

    def mark_refused(self, entry: OutboxEntry, /, *, code: str, reason: str) -> bool:
        """Mark a resource dead."""


class Server(Protocol):
    """Who gets it."""

    def send(self, resources: Sequence[dict[str, Any]], /) -> Sequence[Answer]:
        """Put the resources; raise Refusal when the server answers for none of them."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """Numbers of resources; `wait` is for how many seconds the server is to be left alone.

    `failed` says that it answered for none of the resources of a request.
    """

    delivered: int = 0
    rescheduled: int = 0
    dead: int = 0
    failed: bool = False
    wait: float = 0

    def __add__(self, other: "Delivered") -> "Delivered":
        return Delivered(
            delivered=self.delivered + other.delivered,
            rescheduled=self.rescheduled + other.rescheduled,
            dead=self.dead + other.dead,
            failed=self.failed or other.failed,
            wait=max(self.wait, other.wait),
        )

    @property
    def attempted(self) -> int:
        """How many resources were sent, with whatever success."""
        return self.delivered + self.rescheduled + self.dead
