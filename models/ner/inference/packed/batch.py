"""Windows laid end to end: one row a piece, no padding."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from models.ner.inference.packed.blocks import filling
from models.ner.text.encoding import Ids, Scores
from models.ner.text.words import Offsets


@dataclass(frozen=True, slots=True)
class Batch:
    """Packed windows, each between its two special pieces.

    `ids` and `positions` (the place in its own window) have shape [pieces]; `bounds` are the rows
    of each window. `wanted` are the rows to score, of all windows in turn, `shares` how many of
    them are each window's.
    """

    ids: Tensor
    positions: Tensor
    bounds: tuple[slice, ...]
    wanted: Tensor
    shares: tuple[int, ...]


def pack(windows: Sequence[Ids], wanted: Sequence[Offsets], opening: int, closing: int) -> Batch:
    """Lay windows end to end, each opened and closed by its special piece."""
    framed = [np.concatenate(([opening], window, [closing])) for window in windows]
    edges = np.cumsum([0, *map(len, framed)]).tolist()
    rows = [places + start + 1 for places, start in zip(wanted, edges, strict=False)]
    return Batch(
        torch.from_numpy(np.concatenate(framed).astype(np.int64)),
        torch.cat([torch.arange(len(window)) for window in framed]),
        tuple(slice(start, end) for start, end in pairwise(edges)),
        torch.from_numpy(np.concatenate(rows).astype(np.int64)),
        tuple(map(len, wanted)),
    )


def in_blocks(batch: Batch) -> Batch:
    """Fill pieces and wanted rows up to whole blocks with rows that nobody looks at.

    They are in no window and in no window's share.
    """
    pieces, wanted = filling(len(batch.ids)), filling(len(batch.wanted))
    return replace(
        batch,
        ids=functional.pad(batch.ids, (0, pieces), value=int(batch.ids[0])),
        positions=functional.pad(batch.positions, (0, pieces)),
        wanted=functional.pad(batch.wanted, (0, wanted)),
    )


def unpack(scores: Scores, batch: Batch) -> Iterator[Scores]:
    """Yield each window's share of the scores of the wanted rows."""
    for start, end in pairwise(np.cumsum([0, *batch.shares]).tolist()):
        yield scores[start:end]
