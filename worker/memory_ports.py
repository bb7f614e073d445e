"""What a worker needs of the memory: the inbox's documents and their leases, and where results go.

`models.db` provides both; the worker knows them by these protocols alone.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from models.clinical import Document, Extraction, Unread
from models.db.inbox.attempts import Cost


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
    def waited_seconds(self) -> float:
        """How long ago it was received."""

    @property
    def document(self) -> Document:
        """What to read."""


class Free(Protocol):
    """Rows that may be claimed."""

    @property
    def fresh(self) -> Sequence[int]:
        """Those never tried."""

    @property
    def tried(self) -> Sequence[int]:
        """The others, which have to be read alone."""


class Leases(Protocol):
    """The leases of claimed documents."""

    def extend(self, token: str, rows: Sequence[int], lease_seconds: int, /) -> object:
        """Renew the lease of the rows that are still held."""


class ClaimedDocuments(Leases, Protocol):
    """Documents that a worker has; each method leaves alone what is held under another lease."""

    def release(  # noqa: PLR0913 one row, and all that is noted with it
        self,
        token: str,
        row: int,
        /,
        *,
        code: str,
        reason: str,
        delay_seconds: int,
        cost: Cost,
    ) -> object:
        """Give a row back for another attempt after the delay."""

    def fail(
        self, token: str, row: int, /, *, code: str, reason: str, unread: Sequence[Unread]
    ) -> object:
        """End a row that no other attempt can help."""


class Inbox(ClaimedDocuments, Protocol):
    """The documents to read; a worker has them for the time of a lease."""

    def free(self, rows: Sequence[int], /, *, max_attempts: int) -> Free:
        """Return which of the rows are free; nothing is taken."""

    def claim(
        self, rows: Sequence[int], /, *, lease_seconds: int, max_attempts: int, fresh: bool
    ) -> Sequence[Claim]:
        """Take those of the rows that are free, or only those of them that were never tried."""


class Results(Protocol):
    """Where results go."""

    def complete(self, token: str, extractions: Mapping[int, Extraction], /) -> Sequence[int]:
        """Store all in one transaction; return the rows that were still held and now are done."""
