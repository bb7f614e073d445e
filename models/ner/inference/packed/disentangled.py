"""DeBERTa's attention: by content, and by where the other piece stands.

He et al., "DeBERTa: Decoding-enhanced BERT with Disentangled Attention" (2021), equation 4, as
transformers computes it: the score of piece j for piece i is q_i k_j, plus q_i K[i - j] ("c2p"),
plus k_j Q[i - j] ("p2c"), K and Q being the projected embeddings of relative positions. They depend
on the checkpoint alone, so they are laid out once, one column a distance. A product with them has
in row i the scores of every distance; `_skewed` reads row i shifted by i places, which gives those
of every j. Some rows at a time, the product stays in the cache and holds little that is not read.
"""

from collections.abc import Callable

import torch
from torch import Tensor

Bucket = Callable[[Tensor], Tensor]

BLOCK = 128  # rows of a window whose distances are computed together: fewer that no row needs


class Distances:
    """One table of relative positions: the column of distance `d` is at `reach - 1 + d`."""

    def __init__(self, rows: Tensor, bucket: Bucket, reach: int, sign: int) -> None:
        """Lay the table out.

        Args:
            rows: projected embeddings, shape [heads, buckets, head size].
            bucket: gives the row of a distance.
            reach: pieces of the longest window that the layout serves at no cost.
            sign: 1 when columns ascend with i - j, -1 when they ascend with j - i.
        """
        self._rows, self._bucket, self._reach, self._sign = rows, bucket, reach, sign
        self._columns = self._laid_out(reach)

    def seen_from(self, rows: slice, pieces: int) -> Tensor:
        """Return the columns that some rows of a window need, shape [heads, head size, columns].

        That of the last row comes first; there are as many as the rows and the `pieces`, less one.
        """
        reach, columns = self._reach, self._columns
        if pieces > reach:
            reach, columns = pieces, self._laid_out(pieces)
        return columns[:, :, reach - rows.stop : reach - 1 - rows.start + pieces]

    def _laid_out(self, reach: int) -> Tensor:
        distances = torch.arange(1 - reach, reach) * self._sign
        return self._rows[:, self._bucket(distances)].transpose(1, 2).contiguous()


class DisentangledAttention:
    """Mixes the values of one window; safe to share between threads."""

    def __init__(self, keys: Distances | None, queries: Distances | None) -> None:
        """Take K, with ascending j - i, and Q, with ascending i - j, or None for a part unused."""
        self._keys, self._queries = keys, queries

    def __call__(self, queries: Tensor, keys: Tensor, values: Tensor) -> Tensor:
        """Mix the values, shape [heads, pieces, head size]; the queries are scaled."""
        scores = self._by_distance(queries, keys)
        scores.baddbmm_(queries, keys.transpose(1, 2))
        return torch.softmax(scores, -1) @ values

    def _by_distance(self, queries: Tensor, keys: Tensor) -> Tensor:
        heads, pieces, _ = queries.shape
        scores = queries.new_empty(heads, pieces, pieces)
        blocks = [slice(at, min(at + BLOCK, pieces)) for at in range(0, pieces, BLOCK)]
        if self._queries is not None:
            for rows in blocks:  # p2c stands key by key: a copy turns it, faster than a strided sum
                turned = _by_place(keys, self._queries, rows).transpose(1, 2)
                scores[:, :, rows].copy_(turned)
        if self._keys is not None:
            put = Tensor.copy_ if self._queries is None else Tensor.add_
            for rows in blocks:
                put(scores[:, rows], _by_place(queries, self._keys, rows))
        return scores


def _by_place(states: Tensor, table: Distances, rows: slice) -> Tensor:
    """Return the products of some rows with the distance to each piece, [heads, rows, pieces]."""
    pieces = states.shape[1]
    return _skewed(states[:, rows] @ table.seen_from(rows, pieces), pieces)


def _skewed(scores: Tensor, pieces: int) -> Tensor:
    """View row `r` of [heads, rows, rows + pieces - 1] from column `rows - 1 - r` on."""
    heads, rows, width = scores.shape
    strides = (rows * width, width - 1, 1)
    return scores.as_strided((heads, rows, pieces), strides, scores.storage_offset() + rows - 1)
