"""How many resources go into one request to the other server: not too much at once."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from models.db.outbox.outbox import OutboxEntry

MOST_CHARACTERS = 8_000_000
"""Of JSON in one request; a resource that is longer goes alone."""


@dataclass(frozen=True, slots=True)
class PreparedEntry:
    """A resource that is to be sent, as it is stored, and the documents that it names."""

    entry: OutboxEntry
    resource: dict[str, Any]
    documents: frozenset[str]
    size: int

    def fits(self, batch: Sequence["PreparedEntry"], most: int) -> bool:
        """Whether it may go into a request with these, of which `most` go together at first.

        Each attempt that failed halves the company: what makes a server fail as a whole is alone
        in the end, and takes no attempts of others.
        """
        together = [*batch, self]
        company = most >> (max(one.entry.attempt for one in together) - 1)
        small = sum(one.size for one in together) <= MOST_CHARACTERS
        return not batch or (small and len(together) <= company)


def batches(resources: Iterable[PreparedEntry], most: int) -> Iterator[list[PreparedEntry]]:
    """Give what goes into one request each, at most `most`; only one resource is read ahead."""
    batch: list[PreparedEntry] = []
    for prepared in resources:
        if not prepared.fits(batch, most):
            yield batch
            batch = []
        batch.append(prepared)
    if batch:
        yield batch
