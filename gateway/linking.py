"""Where the links of one Bundle lead: to the place of another entry, or to what is meant."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fhir_mapping.exchange.incoming_batch import CreateRequest, Update
from fhir_mapping.exchange.links import conditional_references
from gateway.placing import NoteRequest, Place, at_its_place
from models.clinical import Criteria, Document
from models.db.inbox.transaction import Transaction
from models.errors import NamedTwice, NoMatch, SeveralMatches, TooComplex

MOST_CONDITIONS: Final = 100
"""Different conditional references of one Bundle; each is looked up."""


@dataclass(frozen=True, slots=True)
class Together:
    """What is stored all or not at all: each with its `fullUrl`, and where links lead besides."""

    asked: Sequence[Update | CreateRequest]
    full_urls: Sequence[str]
    elsewhere: Mapping[str, str]


def is_note(one: Update | CreateRequest) -> bool:
    """Whether it is a document to be read."""
    return isinstance(one, CreateRequest) or one.is_note


def leads(
    transaction: Transaction,
    all_: Together,
    notes: Sequence[NoteRequest],
    places: Sequence[Place],
    tenant: str,
) -> dict[str, str]:
    """Return for each link that means something of the Bundle, or of the server, where it leads.

    Raises:
        NoMatch, SeveralMatches: a conditional reference leads to none, or to more than one.
        NamedTwice: two entries have one `fullUrl`.
        BadRequest, TooComplex: a conditional reference cannot be looked up, or there are too many.
    """
    by_url = {**all_.elsewhere, **lead_here(all_, notes, places)}
    meant = meanings(all_.asked)
    if not meant:
        return by_url
    new = [
        (at.reference, at_its_place(one.resource, at, tenant))
        for one, at in zip(notes, places, strict=True)
        if at.known is None
    ]
    return by_url | {link: the_one(transaction, one, new) for link, one in meant.items()}


def lead_here(
    all_: Together, notes: Sequence[NoteRequest], places: Sequence[Place]
) -> dict[str, str]:
    """Return for each `fullUrl` that is a `urn:` where its resource lies."""
    at = {id(one): place.reference for one, place in zip(notes, places, strict=True)}
    found: dict[str, str] = {}
    for url, one in zip(all_.full_urls, all_.asked, strict=True):
        if url in found:
            raise NamedTwice
        if url.startswith("urn:"):
            found[url] = at[id(one)] if is_note(one) else f"{one.kind}/{one.resource['id']}"
    return found


def meanings(asked: Iterable[Update | CreateRequest]) -> dict[str, Criteria]:
    """Return what the conditional references of all resources mean."""
    found: dict[str, Criteria] = {}
    for one in asked:
        found |= conditional_references(one.resource)
        if len(found) > MOST_CONDITIONS:
            raise TooComplex(limit=MOST_CONDITIONS, what="conditional references")
    return found


def the_one(
    transaction: Transaction, criteria: Criteria, new: Iterable[tuple[str, Document]]
) -> str:
    """Return the one document that is meant, of the server or of the Bundle."""
    found = {f"{criteria.type}/{receipt.id}" for _, receipt in transaction.match(criteria)}
    found |= {reference for reference, document in new if fits(document, criteria)}
    if not found:
        raise NoMatch
    if len(found) > 1:
        raise SeveralMatches
    return found.pop()


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
