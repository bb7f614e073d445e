"""A batch as the GPU is given it: one row of numbers, copied at once, and the views into it."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from models.ner.inference.gpu.buckets import TILE, Bucket, need
from models.ner.inference.packed.batch import Batch


class Frame(NamedTuple):
    """What one pass reads; all int64.

    `ids` and `positions` are those of the packed pieces, `wanted` the rows to score, each [pieces];
    `tiles` are the rows of each attention tile, [tiles, 3] (`kernels.attention`).
    """

    ids: Tensor
    positions: Tensor
    wanted: Tensor
    tiles: Tensor


def numbers(bucket: Bucket) -> int:
    """Return how many numbers a bucket's frame has."""
    return 3 * bucket.pieces + 3 * bucket.tiles


def views(row: Tensor, bucket: Bucket) -> Frame:
    """Return the frame of a bucket that lies in `row`, which may be longer."""
    sizes = [*[bucket.pieces] * 3, 3 * bucket.tiles]
    ids, positions, wanted, tiles = torch.split(row[: numbers(bucket)], sizes)
    return Frame(ids, positions, wanted, tiles.view(-1, 3))


def exact(batch: Batch) -> Bucket:
    """Return the bucket that holds a batch and nothing more."""
    return need([rows.stop - rows.start for rows in batch.bounds])


def fill(row: Tensor, batch: Batch, bucket: Bucket) -> Frame:
    """Write a batch into a row, with zeros where nothing is: piece 0, and tiles that are idle."""
    row[: numbers(bucket)].zero_()
    frame = views(row, bucket)
    for part, own in zip(frame, (batch.ids, batch.positions, batch.wanted), strict=False):
        part[: len(own)] = own
    tiles = torch.tensor(list(tiles_of(batch.bounds)), dtype=torch.int64)
    frame.tiles[: len(tiles)] = tiles
    return frame


def tiles_of(bounds: Sequence[slice]) -> Iterator[tuple[int, int, int]]:
    """Yield the first row of each tile, and the first and the last row + 1 of its window."""
    for rows in bounds:
        for first in range(rows.start, rows.stop, TILE):
            yield first, rows.start, rows.stop
