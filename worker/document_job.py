"""One document in a worker's hands, and how far it came."""

from dataclasses import dataclass, replace
from typing import Protocol, Self

from models.clinical import Document, Extraction, Note, Reading, Unread
from models.errors import BiomedError


class Claim(Protocol):
    """A document that is this worker's for the time of a lease; `token` names the lease."""

    @property
    def row(self) -> int:
        """The inbox row."""

    @property
    def token(self) -> str:
        """The same for all documents claimed together."""

    @property
    def attempt(self) -> int:
        """Which attempt this is, from 1."""

    @property
    def lapses(self) -> int:
        """How often a worker died or hung that had it."""

    @property
    def document(self) -> Document:
        """What to read."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a document is given up, and whether another attempt can help. Holds no note text."""

    code: str
    reason: str
    retry: bool = False

    @classmethod
    def of(cls, error: BiomedError) -> Self:
        """Return the failure that an error means."""
        return cls(error.code, str(error), error.retry)


@dataclass(frozen=True, slots=True)
class DocumentJob:
    """A claimed document; the fields fill from first to last, or `failure` ends it.

    `readings[i]` is of `notes[i]`; `started` is when it was claimed, UTC, ISO 8601.
    """

    claim: Claim
    started: str
    notes: tuple[Note, ...] = ()
    unread: tuple[Unread, ...] = ()
    readings: tuple[Reading, ...] = ()
    extraction: Extraction | None = None
    done: bool = False
    failure: Failure | None = None

    def or_failed(self, end: "DocumentJob | BiomedError") -> "DocumentJob":
        """Return what a step made of this job, or this job with the error that ended it."""
        if isinstance(end, BiomedError):
            return replace(self, failure=Failure.of(end))
        return end
