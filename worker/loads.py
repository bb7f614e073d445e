"""What goes into one request: not too much at once."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from models.db.outbox.outbox import Parcel

MOST_CHARACTERS = 8_000_000
"""Of JSON in one request; a resource that is longer goes alone."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A resource that is to be sent, as it is stored, and the documents that it names."""

    parcel: Parcel
    resource: dict[str, Any]
    documents: frozenset[str]
    size: int

    def fits(self, load: Sequence["Packed"], most: int) -> bool:
        """Whether it may go into a request with these, of which `most` go together at first.

        Each attempt that failed halves the company: what makes a server fail as a whole is alone
        in the end, and takes no attempts of others.
        """
        together = [*load, self]
        company = most >> (max(one.parcel.attempt for one in together) - 1)
        small = sum(one.size for one in together) <= MOST_CHARACTERS
        return not load or (small and len(together) <= company)


def loads(resources: Iterable[Packed], most: int) -> Iterator[list[Packed]]:
    """Give what goes into one request each, at most `most`; only one resource is read ahead."""
    load: list[Packed] = []
    for packed in resources:
        if not packed.fits(load, most):
            yield load
            load = []
        load.append(packed)
    if load:
        yield load
