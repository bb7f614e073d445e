"""The attention of one layer over all packed windows, by the Triton kernel."""

from collections.abc import Callable

import torch
import triton
from torch import Tensor

from models.ner.inference.gpu.buckets import TILE
from models.ner.inference.gpu.kernels.attention import attend
from models.ner.text.windows import WINDOW

NARROWEST = 16  # columns that a matrix unit multiplies at least
WARPS, STAGES = 4, 2  # of one program: what a Hopper GPU keeps in its registers, three at a time
Bucket = Callable[[Tensor], Tensor]


class Distances:
    """A table of relative positions, one column a distance from -reach to reach - 1."""

    def __init__(self, rows: Tensor, bucket: Bucket, sign: int) -> None:
        """Lay the table out for the usual window.

        Args:
            rows: projected embeddings, shape [heads, buckets, head size].
            bucket: gives the row of a distance i - j.
            sign: 1 when columns ascend with i - j, -1 when they ascend with j - i.
        """
        self._rows, self._bucket, self._sign = rows, bucket, sign
        self._usual = self._laid_out(WINDOW)

    def times(self, states: Tensor, reach: int) -> Tensor:
        """Multiply [pieces, heads, head size]: the products, [heads, pieces, 2 reach]."""
        table = self._usual if reach == WINDOW else self._laid_out(reach)
        return torch.bmm(states.transpose(0, 1), table)

    def _laid_out(self, reach: int) -> Tensor:
        distances = torch.arange(-reach, reach) * self._sign
        places = self._bucket(distances).to(self._rows.device)
        return self._rows[:, places].transpose(1, 2).contiguous()


class Attention:
    """Mixes the values of each window; BERT's without distances, else DeBERTa's."""

    def __init__(self, keys: Distances | None = None, queries: Distances | None = None) -> None:
        """Take K, with ascending j - i, and Q, with ascending i - j, or None for a part unused."""
        self._keys, self._queries = keys, queries

    def __call__(self, mixed: Tensor, tiles: Tensor, reach: int) -> Tensor:
        """Return the mixed values, shape [pieces, heads * head size].

        Args:
            mixed: queries (scaled), keys and values, shape [pieces, 3, heads, head size].
            tiles: rows of each tile, shape [tiles, 3] (`kernels.attention`).
            reach: no window has more pieces.
        """
        pieces, _, heads, size = mixed.shape
        to_keys = self._keys.times(mixed[:, 0], reach) if self._keys else mixed
        from_keys = self._queries.times(mixed[:, 1], reach) if self._queries else mixed
        found = mixed.new_zeros(pieces, heads * size)  # rows of no tile are read, by the norm
        attend[(len(tiles), heads)](
            mixed,
            to_keys,
            from_keys,
            found,
            tiles,
            pieces,
            heads,
            reach,
            by_keys=self._keys is not None,
            by_queries=self._queries is not None,
            size=size,
            depth=max(NARROWEST, triton.next_power_of_2(size)),
            block=TILE,
            num_warps=WARPS,
            num_stages=STAGES,
        )
        return found
