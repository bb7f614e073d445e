"""Which windows a GPU reads together, and in which of the fixed sizes.

A CUDA graph replays one size only. A batch goes into the smallest size that holds it; what is left
of that is padding, which nobody's window sees.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.ner.text.windows import WINDOW

TILE = 64  # rows that one program of the attention kernel attends for
PIECES = (256, 512, 1024, 1536, 2048, 3072, 4096, 6144, 8192, 12288, 16384)
PIECES_A_TILE = 16  # so that short windows, each with a tile of its own, do not fill a bucket


@dataclass(frozen=True, slots=True)
class Bucket:
    """How many pieces and how many attention tiles fit."""

    pieces: int
    tiles: int

    def holds(self, other: "Bucket") -> bool:
        """Say whether a batch of this need fits in here."""
        return other.pieces <= self.pieces and other.tiles <= self.tiles


@dataclass(frozen=True, slots=True)
class Plan:
    """The windows `start` to `stop` go into one bucket; None where they fit no fixed size."""

    start: int
    stop: int
    bucket: Bucket | None


BUCKETS = tuple(Bucket(pieces, pieces // PIECES_A_TILE) for pieces in PIECES)


def need(lengths: Sequence[int]) -> Bucket:
    """Return what windows of so many pieces, special ones included, take."""
    return Bucket(sum(lengths), sum(-(-length // TILE) for length in lengths))


def smallest(buckets: Sequence[Bucket], wanted: Bucket) -> Bucket | None:
    """Return the first bucket, of ascending ones, that holds what is wanted."""
    return next((bucket for bucket in buckets if bucket.holds(wanted)), None)


def plans(lengths: Sequence[int], buckets: Sequence[Bucket]) -> Iterator[Plan]:
    """Cut windows, in their order, into batches as large as the largest bucket holds.

    A window longer than the distances that are laid out, or than every bucket, goes alone.
    """
    start = 0
    while start < len(lengths):
        stop = start + 1
        while stop < len(lengths) and _fits(lengths[start : stop + 1], buckets):
            stop += 1
        together = lengths[start:stop]
        bucket = smallest(buckets, need(together)) if max(together) <= WINDOW else None
        yield Plan(start, stop, bucket)
        start = stop


def _fits(lengths: Sequence[int], buckets: Sequence[Bucket]) -> bool:
    return max(lengths) <= WINDOW and smallest(buckets[-1:], need(lengths)) is not None
