"""Where processes are seen at work: what shows that the whole of their loop turns."""

from typing import Any

from celery import bootsteps

from models.db.inbox.inbox import Inbox
from models.db.outbox.outbox import Outbox, Parcel
from worker.health import Health

BEAT_SECONDS = 10.0


class WatchedInbox(Inbox):
    """An inbox whose sweeps are signs of life: the sweeper came round, the database answered."""

    def __init__(self, health: Health, *memory: Any) -> None:
        super().__init__(*memory)
        self._health = health

    def due(self, **given: Any) -> list[int]:
        """Return the rows to ring for."""
        found = super().due(**given)
        self._health.beat()
        return found


class WatchedOutbox(Outbox):
    """An outbox whose claims are signs of life: the deliverer came round, the database answered."""

    def __init__(self, health: Health, *memory: Any, tenant: str) -> None:
        super().__init__(*memory, tenant=tenant)
        self._health = health

    def claim(self, **given: Any) -> list[Parcel]:
        """Take what may be sent now."""
        found = super().claim(**given)
        self._health.beat()
        return found


def step(health: Health) -> type[bootsteps.StartStopStep]:
    """Return the part of Celery's consumer that beats while its loop turns and Redis is there."""

    class Beat(bootsteps.StartStopStep):  # type: ignore[misc]  # Celery has no types
        requires = ("celery.worker.consumer.tasks:Tasks",)

        def start(self, consumer: Any) -> None:
            health.beat()
            self.timer = consumer.timer.call_repeatedly(BEAT_SECONDS, health.beat)

        def stop(self, _: Any) -> None:
            self.timer.cancel()

    return Beat
