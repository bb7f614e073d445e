"""Storing what another system sends: notes go to the inbox, the rest is kept as it is."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from fhir_mapping.exchange.incoming_batch import CreateRequest, Update
from fhir_mapping.exchange.links import conditional_references, relinked
from gateway.intake import Intake
from gateway.placing import NoteRequest, Place, at_its_place, placed, single
from models.clinical import Criteria, Document
from models.db.inbox.inbox import Receipt
from models.db.inbox.transaction import Transaction, Transactions
from models.db.resources.client_resources import PutRequest, PutResult
from models.db.resources.resources import Resources, Stored
from models.errors import BiomedError, NamedTwice, NoMatch, NotFound, SeveralMatches
from worker.isolate_failures import Blame, blame, isolate

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


@dataclass(frozen=True, slots=True)
class Together:
    """What is stored all or not at all: each with its `fullUrl`, and where links lead besides."""

    asked: Sequence[Update | CreateRequest]
    full_urls: Sequence[str]
    elsewhere: Mapping[str, str]


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
        with self._transactions.begin() as transaction:
            match = single(transaction.matches([unless])[0]) if unless else None
            receipt = match[1] if match else transaction.receive([document])[0]
        return of_receipt(document.type, receipt, created=receipt.created)

    def one(self, asked: Update | CreateRequest) -> Updated:
        """Store one resource; raise what keeps it from being stored."""
        [result] = self.together(Together([asked], [""], {}))
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
            return self._together(transaction, all_)

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
        with self._transactions.begin() as transaction:
            return put(transaction, updates)

    def _take(self, notes: Sequence[NoteRequest]) -> list[Updated]:
        with self._transactions.begin() as transaction:
            places = placed(transaction, notes, self._tenant)
            return self._receive(transaction, notes, places)

    def _together(self, transaction: Transaction, all_: Together) -> list[Updated]:
        notes = [one for one in all_.asked if is_note(one)]
        places = placed(transaction, notes, self._tenant)
        require_different(places)
        leads = dict(all_.elsewhere) | lead_here(all_, notes, places)
        meant = {
            link: criteria
            for one in all_.asked
            for link, criteria in conditional_references(one.resource).items()
        }
        leads |= {link: self._meant(transaction, one, notes, places) for link, one in meant.items()}
        linked = [replace(one, resource=relinked(one.resource, leads)) for one in all_.asked]
        there = [one for one in linked if is_note(one)]
        stored = iter(self._receive(transaction, there, places))
        kept = iter(required(put(transaction, [o for o in linked if not is_note(o)])))  # type: ignore[misc]  # a CreateRequest is a note
        return [next(stored) if is_note(one) else next(kept) for one in linked]

    def _meant(
        self,
        transaction: Transaction,
        criteria: Criteria,
        notes: Sequence[NoteRequest],
        places: Sequence[Place],
    ) -> str:
        """Return the one document that a conditional reference leads to, there or in the Bundle."""
        found = {f"{criteria.type}/{receipt.id}" for _, receipt in transaction.match(criteria)}
        found |= {
            at.reference
            for one, at in zip(notes, places, strict=True)
            if at.known is None and fits(at_its_place(one.resource, at, self._tenant), criteria)
        }
        if not found:
            raise NoMatch
        if len(found) > 1:
            raise SeveralMatches
        return found.pop()

    def _receive(
        self, transaction: Transaction, notes: Sequence[NoteRequest], places: Sequence[Place]
    ) -> list[Updated]:
        pairs = list(zip(notes, places, strict=True))
        new = [at_its_place(one.resource, at, self._tenant) for one, at in pairs if not at.known]
        receipts = iter(transaction.receive(new))
        return [of_note(one, at.known or next(receipts)) for one, at in pairs]


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


def lead_here(
    all_: Together, notes: Sequence[NoteRequest], places: Sequence[Place]
) -> dict[str, str]:
    """Return for each `fullUrl` that is a `urn:` where its resource lies."""
    at = {id(one): place.reference for one, place in zip(notes, places, strict=True)}
    pairs = zip(all_.full_urls, all_.asked, strict=True)
    return {
        url: at[id(one)] if is_note(one) else of_other(one)
        for url, one in pairs
        if url.startswith("urn:")
    }


def of_other(one: Update | CreateRequest) -> str:
    """Return the reference to a resource that is put under its own id."""
    return f"{one.kind}/{one.resource['id']}"


def of_client_resource(kept: PutResult) -> Updated:
    """Return what came of a resource that is kept as it is."""
    stored = kept.stored
    return Updated(stored.type, stored.id, stored.version, stored.last_updated, kept.created)


def of_note(asked: NoteRequest, receipt: Receipt) -> Updated:
    """Return what came of a note; an update of one that was there before created nothing."""
    created = receipt.created and (isinstance(asked, CreateRequest) or receipt.version == "1")
    return of_receipt(asked.kind, receipt, created=created)


def of_receipt(kind: str, receipt: Receipt, *, created: bool) -> Updated:
    """Return what came of a document."""
    version = int(receipt.version)
    return Updated(kind, receipt.id, version, receipt.received_at, created, receipt)


def is_note(one: Update | CreateRequest) -> bool:
    """Whether it is a document to be read."""
    return isinstance(one, CreateRequest) or one.is_note


def fits(document: Document, criteria: Criteria) -> bool:
    """Whether a document that is about to be stored meets criteria."""
    return (
        document.type == criteria.type
        and all(any(map(one_of(document), names)) for names in criteria.identifiers)
        and all(document.id in ids for ids in criteria.ids)
        and all(document.subject in subjects for subjects in criteria.subjects)
    )


def one_of(document: Document) -> Callable[[tuple[str | None, str]], bool]:
    """Return what says whether an identifier, with a system or without, is the document's."""
    return lambda name: any(
        value == name[1] and name[0] in {None, system} for system, value in document.identifiers
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
