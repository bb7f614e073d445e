"""Sends what was found to another FHIR server: claim, send, and note what came of each."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

import structlog

from fhir_mapping.exchange.outgoing_batch import Answer
from fhir_mapping.exchange.reference_rewriting import rewritten, versioned_documents
from models.db.outbox.outbox import OutboxEntry
from models.db.resources.stamping import verbatim
from models.errors import (
    BiomedError,
    DeliveryDelayed,
    DeliveryRefused,
    ServerRefusing,
    Unexpected,
    Unsendable,
)
from models.halving import in_halves
from worker.backoff import backoff
from worker.delivery_answers import Refusal, meaning, surely_did_nothing
from worker.delivery_ports import Delivered, Outbox, Server
from worker.isolate_failures import isolate, isolate_one
from worker.lease_keeper import Heartbeat
from worker.metrics.background import DelivererMetrics
from worker.request_sizes import PreparedEntry, batches
from worker.settings import Settings
from worker.telemetry import described


class Deliverer:
    """Takes resources from the outbox to the server; several may work side by side."""

    def __init__(
        self,
        outbox: Outbox,
        server: Server,
        settings: Settings,
        metrics: DelivererMetrics | None = None,
    ) -> None:
        self._metrics = metrics or DelivererMetrics()
        self._outbox = outbox
        self._server = server
        self._settings = settings

    def run(self, stop: threading.Event) -> None:
        """Deliver at every interval until `stop` is set; an outage is logged and waited out."""
        while not stop.is_set():
            stop.wait(max(self._settings.deliver_interval_seconds, self._logged(stop)))

    def _logged(self, stop: threading.Event) -> float:
        log = structlog.get_logger()
        try:
            done = self.deliver(stop)
        except BiomedError as error:
            self._metrics.failed(error.code)
            log.warning("delivery.failed", code=error.code)
            return 0
        except Exception as error:  # noqa: BLE001 a deliverer lives on, whatever it met
            self._metrics.failed(Unexpected.code)
            log.error("delivery.failed", **described(error))  # noqa: TRY400 a traceback quotes
            return 0
        self._metrics.delivered(done)
        if done.attempted:
            numbers = {
                "delivered": done.delivered,
                "rescheduled": done.rescheduled,
                "dead": done.dead,
            }
            (log.warning if done.rescheduled or done.dead else log.info)("delivery", **numbers)
        return done.wait

    def deliver(self, stop: threading.Event) -> Delivered:
        """Send until nothing is due, the server fails, or `stop` is set.

        Raises:
            DatabaseUnavailable: what was sent and not noted is sent again, which is harmless.
        """
        result = Delivered()
        while not (stop.is_set() or result.failed):
            entries = self._claim()
            if not entries:
                break
            result += self._deliver_claimed(entries, stop)
        return result

    def _claim(self) -> list[OutboxEntry]:
        return self._outbox.claim(
            limit=self._settings.deliver_batch_size,
            lease_seconds=self._settings.lease_seconds,
            max_attempts=self._settings.deliver_max_attempts,
        )

    def _deliver_claimed(self, entries: Sequence[OutboxEntry], stop: threading.Event) -> Delivered:
        lease = self._settings.lease_seconds
        beat = Heartbeat(
            lambda: self._outbox.extend(entries, lease),
            lease=lease,
            longest=self._settings.longest_seconds,
        )
        result, waiting = Delivered(), list(entries)
        most = self._settings.deliver_batch_size
        with beat:
            for batch in batches(self._prepared(entries), most):
                if stop.is_set() or result.failed:
                    break
                result += self._send(batch)
                waiting = waiting[waiting.index(batch[-1].entry) + 1 :]
        self._outbox.release(waiting)
        return result

    def _prepared(self, entries: Sequence[OutboxEntry]) -> Iterator[PreparedEntry]:
        """Give what is to be sent; what cannot be is dead, and keeps nobody."""
        for entry in entries:
            prepared = isolate_one(self._prepare, entry, blame=unsendable)
            if isinstance(prepared, BiomedError):
                self._outbox.mark_refused(entry, code=prepared.code, reason=str(prepared))
            else:
                yield prepared

    def _prepare(self, entry: OutboxEntry) -> PreparedEntry:
        text = self._outbox.content(entry)
        resource = verbatim(text)
        return PreparedEntry(entry, resource, frozenset(versioned_documents(resource)), len(text))

    def _send(self, batch: Sequence[PreparedEntry]) -> Delivered:
        """Send a batch; where one of it may be to blame for a refusal, in halves."""
        result, unsent = self._rewritten(batch)
        for part in in_halves(self._request, unsent):
            result += part
            unsent = unsent[part.attempted :]
            if part.failed:
                break
        if unsent:
            self._outbox.release([one.entry for one in unsent])
        return result

    def _rewritten(
        self, batch: Sequence[PreparedEntry]
    ) -> tuple[Delivered, Sequence[PreparedEntry]]:
        """Return the entries as that server understands them, and how many are dead instead."""
        numbers = self._outbox.numbers({name for prepared in batch for name in prepared.documents})
        moved = isolate(partial(rewritten_all, numbers=numbers), batch, blame=unsendable)
        result, ready = Delivered(), list[PreparedEntry]()
        for prepared, one in zip(batch, moved, strict=True):
            if isinstance(one, BiomedError):
                result += self._end(prepared.entry, one)
            else:
                ready.append(one)
        return result, ready

    def _request(self, batch: Sequence[PreparedEntry]) -> Delivered | None:
        """Send one request; return None where fewer entries at once may fare better."""
        entries = [one.entry for one in batch]
        try:
            answers = self._server.send([one.resource for one in batch])
        except Refusal as refusal:
            if not refusal.by_content:
                return self._reschedule_all(entries, refusal)
            return self._refused(entries[0], refusal.error) if len(entries) == 1 else None
        return self._sorted(entries, answers)

    def _refused(self, entry: OutboxEntry, error: BiomedError) -> Delivered:
        if isinstance(error, ServerRefusing):
            return self._refuse(entry, error.answer)
        return self._end(entry, error)

    def _reschedule_all(self, entries: Sequence[OutboxEntry], refusal: Refusal) -> Delivered:
        self._reschedule(entries, refusal.error, refusal.wait, answered=refusal.answered)
        return Delivered(rescheduled=len(entries), failed=True, wait=refusal.wait)

    def _sorted(self, entries: Sequence[OutboxEntry], answers: Sequence[Answer]) -> Delivered:
        pairs = list(zip(entries, answers, strict=True))
        taken = {one: answer.version for one, answer in pairs if meaning(answer) == "delivered"}
        self._outbox.mark_delivered(taken, again_seconds=self._settings.lease_seconds)
        result = Delivered(delivered=len(taken))
        for entry, answer in pairs:
            match meaning(answer):
                case "later":
                    error = DeliveryDelayed(reference=entry.reference, answer=str(answer))
                    self._reschedule([entry], error, 0, answered=surely_did_nothing(answer))
                    result += Delivered(rescheduled=1)
                case "refused":
                    result += self._refuse(entry, str(answer))
        return result

    def _reschedule(
        self, entries: Sequence[OutboxEntry], error: BiomedError, wait: float, *, answered: bool
    ) -> None:
        first = self._settings.retry_seconds
        self._outbox.reschedule(
            entries,
            code=error.code,
            reason=str(error),
            delays=[max(wait, backoff(first, one.attempt)) for one in entries],
            answered=answered,
        )

    def _refuse(self, entry: OutboxEntry, said: str) -> Delivered:
        return self._end(entry, DeliveryRefused(reference=entry.reference, answer=said))

    def _end(self, entry: OutboxEntry, error: BiomedError) -> Delivered:
        self._outbox.mark_refused(entry, code=error.code, reason=str(error))
        return Delivered(dead=1)


def rewritten_all(
    batch: Sequence[PreparedEntry], *, numbers: Mapping[tuple[str, int], str]
) -> list[PreparedEntry]:
    """Return entries as they are sent, where `numbers` are known of documents there."""
    return [replace(one, resource=rewritten(one.resource, numbers)) for one in batch]


def unsendable(kind: str) -> BiomedError:
    """Return what an exception that nobody foresaw means for a resource."""
    return Unsendable(kind=kind)
