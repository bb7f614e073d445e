"""Storing what another system puts here: notes go to the inbox, the rest is kept as it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import orjson

from fhir_mapping.document_reference import parse
from fhir_mapping.incoming import Update
from gateway.intake import Intake
from models.db.copies import Copies, Put
from models.db.inbox import Receipt
from models.db.resources import Resources, Stored
from models.errors import BadRequest, BiomedError, NotFound, VersionConflict
from worker.bisect import alone, blame, each

T = TypeVar("T")
Asked = Update | BiomedError


@dataclass(frozen=True, slots=True)
class Updated:
    """What is stored now, whether it is new, and the receipt of a note to be read."""

    stored: Stored
    created: bool
    receipt: Receipt | None = None


class Updates:
    """Takes updates in, each for itself: one that is refused fails no other."""

    def __init__(self, intake: Intake, copies: Copies, resources: Resources, tenant: str) -> None:
        self._intake = intake
        self._copies = copies
        self._resources = resources
        self._tenant = tenant

    def apply(self, asked: Sequence[Asked]) -> list[Updated | BiomedError]:
        """Store updates and return what came of each, in their order; errors go through.

        Raises:
            DatabaseUnavailable: some may have been stored; the same once more changes nothing.
        """
        single = list(singled(asked))
        notes = [one for one in single if isinstance(one, Update) and one.is_note]
        others = [one for one in single if isinstance(one, Update) and not one.is_note]
        came = dict(zip(map(id, notes), each_alone(self._take, notes), strict=True))
        came |= zip(map(id, others), each(self._keep, others, blame=blame("put")), strict=True)
        return [one if isinstance(one, BiomedError) else came[id(one)] for one in single]

    def ring(self, came: Sequence[Updated | BiomedError]) -> None:
        """Ring for the notes that are new."""
        receipts = [one.receipt for one in came if isinstance(one, Updated) and one.receipt]
        self._intake.ring(receipts)

    def _keep(self, updates: Sequence[Update]) -> list[Updated | BiomedError]:
        kept = self._copies.keep([Put(one.resource, one.if_match) for one in updates])
        return [
            one if isinstance(one, BiomedError) else Updated(one.stored, one.created)
            for one in kept
        ]

    def _take(self, update: Update) -> Updated:
        document = parse(orjson.dumps(update.resource), tenant=self._tenant)
        self._require_match(update)
        receipt = self._intake.store([document])[0]
        stored = self._resources.vread(update.kind, receipt.id, int(receipt.version))
        if stored is None:
            raise NotFound(reference=update.reference)
        return Updated(stored, receipt.created and receipt.version == "1", receipt)

    def _require_match(self, update: Update) -> None:
        if update.if_match is None:
            return
        found = self._resources.read(update.kind, update.id)
        if found is None or found.version != update.if_match:
            raise VersionConflict(reference=update.reference)


def each_alone(work: Callable[[Update], T], updates: Sequence[Update]) -> list[T | BiomedError]:
    """Do the work on each update for itself."""
    return [alone(work, one, blame=blame("put")) for one in updates]


def singled(asked: Sequence[Asked]) -> list[Asked]:
    """Return the updates with an error for each that names a resource once more.

    The entries of a batch have no order, so nobody could say which of two is meant.
    """
    seen: set[tuple[str, str]] = set()
    found: list[Asked] = []
    for one in asked:
        twice = isinstance(one, Update) and one.key in seen
        found.append(BadRequest(reason="the batch names the resource twice") if twice else one)
        if isinstance(one, Update):
            seen.add(one.key)
    return found
