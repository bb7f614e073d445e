"""Rows of fixed number: what a row becomes does not depend on how many there are.

A library of matrix products chooses by the number of rows in which order it sums, and other sums
round otherwise: the same note would score differently in other company. So all that is done to
rows, from the embeddings to the label scores, is done to BLOCK of them at a time.

Nor may it matter at which place of a block a row stands. The kernels take 6, 12, 16, 24, 32, 48 or
64 rows together and treat what is left over in another way, so BLOCK is a multiple of all of these.
"""

from collections.abc import Callable

import torch
from torch import Tensor

BLOCK = 192


def filling(rows: int) -> int:
    """Return how many rows are missing to whole blocks."""
    return -rows % BLOCK


def by_blocks(step: Callable[..., Tensor], *rows: Tensor) -> Tensor:
    """Do a step to block after block of rows.

    Args:
        step: takes a block of each of `rows` and returns as many rows.
        rows: tensors of the same number of rows, whole blocks.
    """
    blocks = zip(*(torch.split(each, BLOCK) for each in rows), strict=True)
    return torch.cat([step(*block) for block in blocks])
