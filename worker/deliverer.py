"""Sends what was found to another FHIR server: claim, send, and note what came of each."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import structlog

from fhir_mapping.exchange.batch import Answer
from fhir_mapping.exchange.reference_rewriting import documents, readdressed
from models.db.outbox.outbox import Parcel
from models.db.resources.stamping import verbatim
from models.errors import BiomedError, DeliveryDelayed, DeliveryRefused, Unsendable
from worker.bisect import alone, each
from worker.delivery import Delivered, Outbox, Server
from worker.fhir_server import Refusal
from worker.heartbeat import Heartbeat
from worker.loads import Packed, loads
from worker.pause import pause
from worker.settings import Settings
from worker.telemetry import described

LATER = frozenset({408, 425, 429})
"""Statuses below 500 of one resource that mean: not now."""

FIRST_FAILURE = 300
FIRST_SERVER_FAILURE = 500


class Deliverer:
    """Takes resources from the outbox to the server; several may work side by side."""

    def __init__(self, outbox: Outbox, server: Server, settings: Settings) -> None:
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
            log.warning("delivery.failed", code=error.code)
            return 0
        except Exception as error:  # noqa: BLE001 a deliverer lives on, whatever it met
            log.error("delivery.failed", **described(error))  # noqa: TRY400 a traceback quotes
            return 0
        if done.attempted:
            numbers = {"delivered": done.delivered, "put_off": done.put_off, "dead": done.dead}
            (log.warning if done.put_off or done.dead else log.info)("delivery", **numbers)
        return done.wait

    def deliver(self, stop: threading.Event) -> Delivered:
        """Send until nothing is due, the server fails, or `stop` is set.

        Raises:
            DatabaseUnavailable: what was sent and not noted is sent again, which is harmless.
        """
        came = Delivered()
        while not (stop.is_set() or came.failed):
            parcels = self._claim()
            if not parcels:
                break
            came += self._attend(parcels, stop)
        return came

    def _claim(self) -> list[Parcel]:
        return self._outbox.claim(
            limit=self._settings.deliver_batch_size,
            lease_seconds=self._settings.lease_seconds,
            max_attempts=self._settings.deliver_max_attempts,
        )

    def _attend(self, parcels: Sequence[Parcel], stop: threading.Event) -> Delivered:
        lease = self._settings.lease_seconds
        beat = Heartbeat(
            lambda: self._outbox.extend(parcels, lease),
            lease=lease,
            longest=self._settings.longest_seconds,
        )
        came, waiting = Delivered(), list(parcels)
        most = self._settings.deliver_batch_size
        with beat:
            for load in loads(self._packed(parcels), most):
                if stop.is_set() or came.failed:
                    break
                came += self._send(load)
                waiting = waiting[waiting.index(load[-1].parcel) + 1 :]
        self._outbox.give_back(waiting)
        return came

    def _packed(self, parcels: Sequence[Parcel]) -> Iterator[Packed]:
        """Give what is to be sent; what cannot be is dead, and keeps nobody."""
        for parcel in parcels:
            packed = alone(self._pack, parcel, blame=unsendable)
            if isinstance(packed, BiomedError):
                self._outbox.refuse(parcel, code=packed.code, reason=str(packed))
            else:
                yield packed

    def _pack(self, parcel: Parcel) -> Packed:
        text = self._outbox.content(parcel)
        resource = verbatim(text)
        return Packed(parcel, resource, frozenset(documents(resource)), len(text))

    def _send(self, load: Sequence[Packed]) -> Delivered:
        """Send a load; where one of it may be to blame for a refusal, in halves."""
        numbers = self._outbox.numbers({name for packed in load for name in packed.documents})
        moved = each(partial(readdressed_all, numbers=numbers), load, blame=unsendable)
        came = Delivered()
        ready: list[tuple[Packed, dict[str, Any]]] = []
        for packed, resource in zip(load, moved, strict=True):
            if isinstance(resource, BiomedError):
                came += self._end(packed.parcel, resource)
            else:
                ready.append((packed, resource))
        return came + self._sent(ready) if ready else came

    def _sent(self, ready: Sequence[tuple[Packed, dict[str, Any]]]) -> Delivered:
        load = [packed for packed, _ in ready]
        try:
            answers = self._server.send([resource for _, resource in ready])
        except Refusal as refusal:
            if refusal.by_content:
                return self._divided(load, refusal)
            return self._put_off_all(load, refusal)
        return self._sorted([one.parcel for one in load], answers)

    def _divided(self, load: Sequence[Packed], refusal: Refusal) -> Delivered:
        if len(load) == 1 and isinstance(refusal.error, Unsendable):
            return self._end(load[0].parcel, refusal.error)
        if len(load) == 1:
            return self._refuse(load[0].parcel, str(refusal.error.details["answer"]))
        middle = len(load) // 2
        first = self._send(load[:middle])
        if not first.failed:
            return first + self._send(load[middle:])
        self._outbox.give_back([one.parcel for one in load[middle:]])
        return first

    def _put_off_all(self, load: Sequence[Packed], refusal: Refusal) -> Delivered:
        parcels = [one.parcel for one in load]
        self._put_off(parcels, refusal.error, refusal.wait, answered=refusal.answered)
        return Delivered(put_off=len(load), failed=True, wait=refusal.wait)

    def _sorted(self, parcels: Sequence[Parcel], answers: Sequence[Answer]) -> Delivered:
        pairs = list(zip(parcels, answers, strict=True))
        taken = {one: answer.version for one, answer in pairs if answer.status < FIRST_FAILURE}
        self._outbox.deliver(taken, again_seconds=self._settings.lease_seconds)
        came = Delivered(delivered=len(taken))
        for parcel, answer in pairs:
            if answer.status in LATER or answer.status >= FIRST_SERVER_FAILURE:
                error = DeliveryDelayed(reference=parcel.reference, answer=answer)
                self._put_off([parcel], error, 0, answered=answer.status < FIRST_SERVER_FAILURE)
                came += Delivered(put_off=1)
            elif answer.status >= FIRST_FAILURE:
                came += self._refuse(parcel, str(answer))
        return came

    def _put_off(
        self, parcels: Sequence[Parcel], error: BiomedError, wait: float, *, answered: bool
    ) -> None:
        first = self._settings.retry_seconds
        self._outbox.put_off(
            parcels,
            code=error.code,
            reason=str(error),
            delays=[max(wait, pause(first, one.attempt)) for one in parcels],
            answered=answered,
        )

    def _refuse(self, parcel: Parcel, said: str) -> Delivered:
        return self._end(parcel, DeliveryRefused(reference=parcel.reference, answer=said))

    def _end(self, parcel: Parcel, error: BiomedError) -> Delivered:
        self._outbox.refuse(parcel, code=error.code, reason=str(error))
        return Delivered(dead=1)


def readdressed_all(
    load: Sequence[Packed], *, numbers: Mapping[tuple[str, int], str]
) -> list[dict[str, Any]]:
    """Return resources as they are sent, where `numbers` are known of documents there."""
    return [readdressed(one.resource, numbers) for one in load]


def unsendable(kind: str) -> BiomedError:
    """Return what an exception that nobody foresaw means for a resource."""
    return Unsendable(kind=kind)
