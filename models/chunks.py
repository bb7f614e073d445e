"""Cutting what comes into lists."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Give lists of `size` items, the last one shorter; nothing is read ahead of the list."""
    stream = iter(items)
    while some := list(islice(stream, size)):
        yield some
