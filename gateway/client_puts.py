"""Storing what another system sends: notes go to the inbox, the rest is kept as it is."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from fhir_mapping.exchange.incoming_batch import CreateRequest, Update
from fhir_mapping.exchange.links import relinked
from gateway.intake import Intake
from gateway.linking import Together, is_note, leads
from gateway.placing import NoteRequest, Place, at_its_place, placed, single
from models.clinical import Criteria, Document
from models.db.inbox.inbox import Receipt
from models.db.inbox.transaction import Transaction, Transactions
from models.db.resources.client_resources import PutRequest, PutResult
from models.db.resources.resources import Resources, Stored
from models.errors import BiomedError, NamedTwice, NotFound
from worker.isolate_failures import Blame, blame, isolate

T = TypeVar("T")
Asked = Update | CreateRequest | BiomedError

BLAME: Blame = blame("put")


@dataclass(frozen=True, slots=True)
class Updated:
    """Which version is stored now, if it is new, whose it is; the receipt of a note to be read."""

    type: str
    id: str
    version: int
    last_updated: datetime
    created: bool
    patient: str | None = None
    receipt: Receipt | None = None


class Updates:
    """Takes updates in, each for itself or all together."""

    def __init__(
        self, intake: Intake, transactions: Transactions, resources: Resources, tenant: str
    ) -> None:
        self._intake = intake
        self._transactions = transactions
        self._resources = resources
        self._tenant = tenant

    def document(self, document: Document, unless: Criteria | None) -> Updated:
        """Store a document as it is, unless there is the one that is meant; errors as `together`.

        Raises:
            SeveralMatches: several are meant.
        """
        receipt = (
            self._intake.store([document])[0] if unless is None else self._unless(document, unless)
        )
        return of_receipt(document.type, receipt, created=receipt.created)

    def _unless(self, document: Document, unless: Criteria) -> Receipt:
        with self._transactions.begin() as transaction:
            match = single(transaction.matches([unless])[0])
            receipt = match[1] if match else transaction.receive([document])[0]
        self._intake.stored([receipt])
        return receipt

    def one(self, asked: Update | CreateRequest) -> Updated:
        """Store one resource; raise what keeps it from being stored."""
        [result] = required(self._take([asked]) if is_note(asked) else self._put([asked]))  # type: ignore[list-item]  # a CreateRequest is a note
        return result

    def apply(self, asked: Sequence[Asked]) -> list[Updated | BiomedError]:
        """Store updates and return what came of each, in their order; errors go through.

        All notes are stored in one transaction and all else in another, unless one of them is to
        blame for a refusal: then the others are stored without it.

        Raises:
            DatabaseUnavailable: some may have been stored; the same once more changes nothing.
        """
        single = singled(asked)
        notes = [one for one in single if not isinstance(one, BiomedError) and is_note(one)]
        others = [one for one in single if isinstance(one, Update) and not one.is_note]
        results = dict(zip(map(id, notes), isolate(self._take, notes, blame=BLAME), strict=True))
        results |= zip(map(id, others), isolate(self._put, others, blame=BLAME), strict=True)
        return [one if isinstance(one, BiomedError) else results[id(one)] for one in single]

    def together(self, all_: Together) -> list[Updated]:
        """Store resources in one transaction, with the links between them made to lead here.

        Raises:
            BiomedError: one of them cannot be stored, and so none is.
        """
        for one in singled(all_.asked):
            if isinstance(one, BiomedError):
                raise one
        with self._transactions.begin() as transaction:
            results = self._together(transaction, all_)
        self._intake.stored(receipts_of(results))
        return results

    def ring(self, results: Sequence[Updated | BiomedError]) -> None:
        """Ring for the notes that are new."""
        self._intake.ring(receipts_of(results))

    def content(self, result: Updated) -> Stored:
        """Return what is stored of an update."""
        found = self._resources.vread(result.type, result.id, result.version)
        if found is None:
            raise NotFound(reference=f"{result.type}/{result.id}/_history/{result.version}")
        return found

    def _put(self, updates: Sequence[Update]) -> list[Updated | BiomedError]:
        with self._transactions.begin() as transaction:
            return put(transaction, updates)

    def _take(self, notes: Sequence[NoteRequest]) -> list[Updated]:
        with self._transactions.begin() as transaction:
            places = placed(transaction, notes, self._tenant)
            results = self._receive(transaction, notes, places)
        self._intake.stored(receipts_of(results))
        return results

    def _together(self, transaction: Transaction, all_: Together) -> list[Updated]:
        notes = [one for one in all_.asked if is_note(one)]
        places = placed(transaction, notes, self._tenant)
        require_different(places)
        led = leads(transaction, all_, notes, places, self._tenant)
        linked = [replace(one, resource=relinked(one.resource, led)) for one in all_.asked]
        there = [one for one in linked if is_note(one)]
        new = [(at.kind, at.id) for at in places if not at.known]
        rest = [one.resource for one in all_.asked if not is_note(one)]
        transaction.reserve(new, [(str(one["resourceType"]), str(one["id"])) for one in rest])
        kept = iter(required(put(transaction, [o for o in linked if not is_note(o)])))  # type: ignore[misc]  # a CreateRequest is a note
        stored = iter(self._receive(transaction, there, places))
        return [next(stored) if is_note(one) else next(kept) for one in linked]

    def _receive(
        self, transaction: Transaction, notes: Sequence[NoteRequest], places: Sequence[Place]
    ) -> list[Updated]:
        pairs = list(zip(notes, places, strict=True))
        new = [at_its_place(one.resource, at, self._tenant) for one, at in pairs if not at.known]
        receipts = iter(transaction.receive(new))
        return [of_note(one, at.known or next(receipts)) for one, at in pairs]


def receipts_of(results: Iterable[Updated | BiomedError]) -> list[Receipt]:
    """Return the receipts of the notes among what was stored."""
    return [one.receipt for one in results if isinstance(one, Updated) and one.receipt]


def put(transaction: Transaction, updates: Sequence[Update]) -> list[Updated | BiomedError]:
    """Store resources that are kept as they are; return what came of each."""
    kept = transaction.put([PutRequest(one.resource, one.if_match) for one in updates])
    return [one if isinstance(one, BiomedError) else of_client_resource(one) for one in kept]


def required(results: Iterable[Updated | BiomedError]) -> list[Updated]:
    """Return results without an error among them; raise the first error."""
    found = []
    for one in results:
        if isinstance(one, BiomedError):
            raise one
        found.append(one)
    return found


def require_different(places: Sequence[Place]) -> None:
    """Raise NamedTwice where two entries change one document (http.html#trules)."""
    changed = [at.reference for at in places if at.known is None]
    if len(set(changed)) != len(changed):
        raise NamedTwice


def of_client_resource(kept: PutResult) -> Updated:
    """Return what came of a resource that is kept as it is."""
    stored = kept.stored
    return Updated(
        stored.type, stored.id, stored.version, stored.last_updated, kept.created, stored.patient
    )


def of_note(asked: NoteRequest, receipt: Receipt) -> Updated:
    """Return what came of a note; an update of one that was there before created nothing."""
    created = receipt.created and (isinstance(asked, CreateRequest) or receipt.version == "1")
    return of_receipt(asked.kind, receipt, created=created)


def of_receipt(kind: str, receipt: Receipt, *, created: bool) -> Updated:
    """Return what came of a document."""
    version = int(receipt.version)
    return Updated(
        kind, receipt.id, version, receipt.received_at, created, receipt.patient, receipt
    )


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
        found.append(NamedTwice() if name is not None and name in seen else one)
        seen.add(name)
    return found
