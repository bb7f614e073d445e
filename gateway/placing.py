"""Where a document that is sent goes: a new one, the next version of another, or nowhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson

from fhir_mapping.documents.document_reference import checked_document
from fhir_mapping.exchange.incoming_batch import CreateRequest, Update, plain
from gateway.access.scopes import named as named_scope
from models.clinical import Criteria, Document, named
from models.db.inbox.receiving import Receipt
from models.db.inbox.transaction import Match, Transaction
from models.errors import BadRequest, Forbidden, SeveralMatches, VersionConflict

NoteRequest = Update | CreateRequest


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document goes: under an id, as a version of the document of a key, if there is one.

    `known` is what stands in its way: then nothing is stored.
    """

    kind: str
    id: str
    key: str | None = None
    known: Receipt | None = None

    @property
    def reference(self) -> str:
        """Type and id."""
        return f"{self.kind}/{self.id}"


def placed(transaction: Transaction, notes: Sequence[NoteRequest], tenant: str) -> list[Place]:
    """Return where each of the documents goes; nobody else decides by the same conditions.

    Raises:
        SeveralMatches: a condition is met by more than one document.
        Forbidden: an update by a condition is met by none, and may not create one.
        VersionConflict: a document is not at the version that an update names.
        BadRequest: an update by a condition brings another id than that of what is meant.
    """
    conditions = [condition(one) for one in notes]
    found = transaction.matches([one for one in conditions if one is not None])
    rest = iter(found)
    matches = [next(rest) if one is not None else [] for one in conditions]
    places = [place(one, single(some), tenant) for one, some in zip(notes, matches, strict=True)]
    _require_versions(transaction, notes, places)
    return places


def condition(note: NoteRequest) -> Criteria | None:
    """Return by what a document is meant that is not named."""
    return note.unless if isinstance(note, CreateRequest) else note.where


def place(note: NoteRequest, match: Match | None, tenant: str) -> Place:
    """Return where one goes, given what its condition means (R4, http.html#cond-update)."""
    if isinstance(note, CreateRequest):
        if match is not None:
            return Place(note.kind, match[1].id, known=match[1])
        return Place(note.kind, document(note.resource, tenant).id)
    if match is None:
        if note.where is not None and not note.may_create:
            raise Forbidden(needed=named_scope(note.kind, "c"))
        return Place(note.kind, note.id or document(note.resource, tenant).id)
    key, receipt = match
    if note.id and note.id != receipt.id:
        raise BadRequest(reason="the resource has another id than the one that is meant")
    return Place(note.kind, receipt.id, key)


def single(matches: Sequence[Match]) -> Match | None:
    """Return the one match; None where there is none.

    Raises:
        SeveralMatches: there are more.
    """
    if len(matches) > 1:
        raise SeveralMatches
    return matches[0] if matches else None


def _require_versions(
    transaction: Transaction, notes: Sequence[NoteRequest], places: Sequence[Place]
) -> None:
    wanted = [
        (at, one.if_match)
        for one, at in zip(notes, places, strict=True)
        if isinstance(one, Update) and one.if_match is not None
    ]
    transaction.lock([named(at.kind, f"id:{at.id}") for at, _ in wanted])
    for at, version in wanted:
        newest = transaction.newest(at.kind, at.id)
        if newest is None or int(newest.version) != version:
            raise VersionConflict(reference=at.reference)


def document(resource: Mapping[str, Any], tenant: str) -> Document:
    """Return the Document of a resource, whose numbers may be Fragments of JSON."""
    return checked_document(orjson.dumps(resource).decode(), plain(resource), tenant)


def at_its_place(resource: Mapping[str, Any], at: Place, tenant: str) -> Document:
    """Return the Document of a resource as it is stored at a place."""
    found = document(resource, tenant)
    return replace(found, id=at.id, key=at.key or found.key)
