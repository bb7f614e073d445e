"""DeBERTa's attention: by content, and by where the other piece stands.

He et al., "DeBERTa: Decoding-enhanced BERT with Disentangled Attention" (2021), equation 4, as
transformers computes it: the score of piece j for piece i is q_i k_j, plus q_i K[i - j] ("c2p"),
plus k_j Q[i - j] ("p2c"), K and Q being the projected embeddings of relative positions. They depend
on the checkpoint alone, so they are laid out once, one column a distance. A product with them has
in row i the scores of every distance; `_skewed` reads row i shifted by i places, which gives those
of every j.
"""

from collections.abc import Callable

import torch
from torch import Tensor

Bucket = Callable[[Tensor], Tensor]


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

    def within(self, pieces: int) -> Tensor:
        """Return the columns that a window of `pieces` needs, [heads, head size, 2 pieces - 1]."""
        if pieces > self._reach:
            return self._laid_out(pieces)
        return self._columns[:, :, self._reach - pieces : self._reach + pieces - 1]

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
        pieces = queries.shape[1]
        if self._queries is None:
            return self._to_keys(queries, pieces).contiguous()
        # p2c stands key by key; in bfloat16 a copy turns it in a fifth of the time of a strided sum
        scores = _skewed(keys @ self._queries.within(pieces)).transpose(1, 2).contiguous()
        return scores if self._keys is None else scores.add_(self._to_keys(queries, pieces))

    def _to_keys(self, queries: Tensor, pieces: int) -> Tensor:
        if self._keys is None:
            raise ValueError("attention needs the distances of keys or of queries")
        return _skewed(queries @ self._keys.within(pieces))


def _skewed(scores: Tensor) -> Tensor:
    """View row `r` of [heads, pieces, 2 pieces - 1] from column `pieces - 1 - r` on."""
    heads, pieces, width = scores.shape
    strides = (pieces * width, width - 1, 1)
    return scores.as_strided((heads, pieces, pieces), strides, scores.storage_offset() + pieces - 1)
