"""What goes into one request: not too much at once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from models.db.outbox import Parcel

MOST_CHARACTERS = 8_000_000
"""Of JSON in one request; a resource that is longer goes alone."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A resource that is to be sent, as it is stored."""

    parcel: Parcel
    resource: dict[str, Any]
    size: int


def loads(resources: Iterable[Packed]) -> Iterator[list[Packed]]:
    """Give what goes into one request each; nothing is read ahead but one resource."""
    load: list[Packed] = []
    for packed in resources:
        if load and sum(one.size for one in load) + packed.size > MOST_CHARACTERS:
            yield load
            load = []
        load.append(packed)
    if load:
        yield load
