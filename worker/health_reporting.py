"""What beats the health file: the steps that show that a process's whole loop turns."""

from typing import Any

from celery import bootsteps

from models.db.inbox.inbox import Inbox
from models.db.outbox.outbox import Outbox, OutboxEntry
from worker.health import Health

BEAT_SECONDS = 10.0


class HealthReportingInbox(Inbox):
    """An inbox that beats at each sweep: the sweeper came round, the database answered."""

    def __init__(self, health: Health, *memory: Any) -> None:
        super().__init__(*memory)
        self._health = health

    def due(self, **given: Any) -> list[int]:
        """Return the rows to ring for."""
        found = super().due(**given)
        self._health.beat()
        return found


class HealthReportingOutbox(Outbox):
    """An outbox that beats at each claim: the deliverer came round, the database answered."""

    def __init__(self, health: Health, *memory: Any, tenant: str) -> None:
        super().__init__(*memory, tenant=tenant)
        self._health = health

    def claim(self, **given: Any) -> list[OutboxEntry]:
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
