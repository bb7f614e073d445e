"""Storing what another system puts here: notes go to the inbox, the rest is kept as it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import orjson

from fhir_mapping.documents.document_reference import checked_document
from fhir_mapping.exchange.incoming_batch import CREATED, CreateRequest, Update, plain
from gateway.intake import Intake
from models.clinical import Document
from models.db.inbox.inbox import Receipt
from models.db.resources.client_resources import ClientResources, PutRequest
from models.db.resources.resources import Resources, Stored
from models.errors import BadRequest, BiomedError, NotFound, VersionConflict
from worker.isolate_failures import Blame, blame, isolate, isolate_one

T = TypeVar("T")
Asked = Update | CreateRequest | BiomedError

BLAME: Blame = blame("put")


@dataclass(frozen=True, slots=True)
class Updated:
    """Which version is stored now, whether it is new, and the receipt of a note to be read."""

    type: str
    id: str
    version: int
    last_updated: datetime
    created: bool
    receipt: Receipt | None = None


class Updates:
    """Takes updates in, each for itself: one that is refused fails no other."""

    def __init__(
        self, intake: Intake, client_resources: ClientResources, resources: Resources, tenant: str
    ) -> None:
        self._intake = intake
        self._client_resources = client_resources
        self._resources = resources
        self._tenant = tenant

    def apply(self, asked: Sequence[Asked]) -> list[Updated | BiomedError]:
        """Store updates and return what came of each, in their order; errors go through.

        All notes are stored in one transaction and all else in another, unless one of them is to
        blame for a refusal: then the others are stored without it.

        Raises:
            DatabaseUnavailable: some may have been stored; the same once more changes nothing.
        """
        single = self._matching(singled(asked))
        notes = [one for one in single if not isinstance(one, BiomedError) and is_note(one)]
        others = [one for one in single if isinstance(one, Update) and not one.is_note]
        results = dict(zip(map(id, notes), isolate(self._take, notes, blame=BLAME), strict=True))
        results |= zip(map(id, others), isolate(self._put, others, blame=BLAME), strict=True)
        return [one if isinstance(one, BiomedError) else results[id(one)] for one in single]

    def ring(self, results: Sequence[Updated | BiomedError]) -> None:
        """Ring for the notes that are new."""
        receipts = [one.receipt for one in results if isinstance(one, Updated) and one.receipt]
        self._intake.ring(receipts)

    def content(self, result: Updated) -> Stored:
        """Return what is stored of an update."""
        found = self._resources.vread(result.type, result.id, result.version)
        if found is None:
            raise NotFound(reference=f"{result.type}/{result.id}/_history/{result.version}")
        return found

    def _put(self, updates: Sequence[Update]) -> list[Updated | BiomedError]:
        kept = self._client_resources.put(
            [PutRequest(one.resource, one.if_match) for one in updates]
        )
        return [
            one
            if isinstance(one, BiomedError)
            else of_client_resource(one.stored, created=one.created)
            for one in kept
        ]

    def _take(self, notes: Sequence[Update | CreateRequest]) -> list[Updated]:
        documents = [self._document(one) for one in notes]
        unless = [one.unless if isinstance(one, CreateRequest) else None for one in notes]
        receipts = self._intake.store(documents, unless)
        return [of_note(*pair) for pair in zip(notes, receipts, strict=True)]

    def _document(self, one: Update | CreateRequest) -> Document:
        text = orjson.dumps(one.resource).decode()
        return checked_document(text, plain(one.resource), self._tenant)

    def _matching(self, asked: Sequence[Asked]) -> list[Asked]:
        """Return the updates with an error for each note that is not at the version it names."""
        return [
            isolate_one(self._require_match, one, blame=BLAME) if names_a_version(one) else one
            for one in asked
        ]

    def _require_match(self, update: Asked) -> Asked:
        if isinstance(update, Update):
            found = self._resources.read(update.kind, update.id)
            if found is None or found.version != update.if_match:
                raise VersionConflict(reference=update.reference)
        return update


def of_client_resource(stored: Stored, *, created: bool) -> Updated:
    """Return what came of a resource that is kept as it is."""
    return Updated(stored.type, stored.id, stored.version, stored.last_updated, created)


def of_note(asked: Update | CreateRequest, receipt: Receipt) -> Updated:
    """Return what came of a note; an update of one that was there before created nothing."""
    version = int(receipt.version)
    created = receipt.created and (isinstance(asked, CreateRequest) or version == 1)
    return Updated(CREATED, receipt.id, version, receipt.received_at, created, receipt)


def names_a_version(one: Asked) -> bool:
    """Whether it is a note that shall be stored only in the place of one version."""
    return isinstance(one, Update) and one.is_note and one.if_match is not None


def is_note(one: Update | CreateRequest) -> bool:
    """Whether it is a document to be read."""
    return isinstance(one, CreateRequest) or one.is_note


def singled(asked: Sequence[Asked]) -> list[Asked]:
    """Return the updates with an error for each that names a resource once more.

    The entries of a batch have no order, so nobody could say which of two is meant.
    """
    return once(once(asked, resource_named), condition_named)


def resource_named(one: Asked) -> object:
    """Return type and id of the resource that is to be put."""
    return one.key if isinstance(one, Update) else None


def condition_named(one: Asked) -> object:
    """Return the document in whose presence another is not to be created."""
    return one.unless if isinstance(one, CreateRequest) else None


def once(asked: Sequence[Asked], named: Callable[[Asked], object]) -> list[Asked]:
    """Return what is asked with an error for each that names once more what was named before."""
    seen: set[object] = {None}
    found: list[Asked] = []
    for one in asked:
        name = named(one)
        twice = name is not None and name in seen
        found.append(BadRequest(reason="the batch names the resource twice") if twice else one)
        seen.add(name)
    return found
