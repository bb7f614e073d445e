"""Windows laid end to end: one row a piece, no padding."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from models.ner.encoding import Ids, Scores


@dataclass(frozen=True, slots=True)
class Batch:
    """Packed windows, each between its two special pieces.

    `ids` and `positions` (the place in its own window) have shape [pieces]; `bounds` are the rows
    of each window.
    """

    ids: Tensor
    positions: Tensor
    bounds: tuple[slice, ...]


def pack(windows: Sequence[Ids], opening: int, closing: int) -> Batch:
    """Lay windows end to end, each opened and closed by its special piece."""
    framed = [np.concatenate(([opening], window, [closing])) for window in windows]
    lengths = [len(window) for window in framed]
    ends = np.cumsum(lengths).tolist()
    bounds = tuple(slice(end - size, end) for end, size in zip(ends, lengths, strict=True))
    ids = torch.from_numpy(np.concatenate(framed).astype(np.int64))
    return Batch(ids, torch.cat([torch.arange(size) for size in lengths]), bounds)


def unpack(scores: Scores, batch: Batch) -> Iterator[Scores]:
    """Yield the rows of each window, without its special pieces."""
    for rows in batch.bounds:
        yield scores[rows.start + 1 : rows.stop - 1]
