"""The kernel against equation 4 written out, for head sizes that no test checkpoint has."""

from itertools import pairwise

import pytest
import torch
from torch import Tensor

from models.ner.inference.gpu.batch_frame import tiles_of
from tests import kernels

HEADS, BUCKETS, REACH = 2, 17, 256
LENGTHS = (2, 65, 130)


def row_of(distances: Tensor) -> Tensor:
    """Put distances into a few rows, unevenly, and differently before and after."""
    return (distances.sign() * distances.abs().float().sqrt() / 2).long() + BUCKETS // 2


def written_out(mixed: Tensor, keys: Tensor | None, queries: Tensor | None) -> Tensor:
    """Mix the values of one window pair by pair, [pieces, heads * size], in double precision."""
    query, key, value = mixed.double().permute(1, 2, 0, 3)
    scores = query @ key.transpose(1, 2)
    place = torch.arange(len(mixed))
    rows = row_of(place[:, None] - place[None, :])
    if keys is not None:
        scores += torch.einsum("hid,hijd->hij", query, keys.double()[:, rows])
    if queries is not None:
        scores += torch.einsum("hjd,hijd->hij", key, queries.double()[:, rows])
    mixture: Tensor = scores.softmax(-1) @ value
    return mixture.transpose(0, 1).flatten(1)


@pytest.mark.parametrize("size", [8, 32, 64, 80])
@pytest.mark.parametrize("used", [(True, True), (True, False), (False, True), (False, False)])
def test_attention_is_equation_4(size: int, used: tuple[bool, bool]) -> None:
    """Windows of one tile, of a tile and a row, and of three, packed without a gap."""
    kernels.need_triton()
    from models.ner.inference.gpu.attention import Attention, Distances  # noqa: PLC0415

    torch.manual_seed(5)
    mixed = torch.randn(sum(LENGTHS), 3, HEADS, size) / size**0.25
    tables = [torch.randn(HEADS, BUCKETS, size) if one else None for one in used]
    signs = (-1, 1)
    laid_out = [
        None if table is None else Distances(table.to(kernels.DEVICE), row_of, sign)
        for table, sign in zip(tables, signs, strict=True)
    ]
    edges = torch.tensor((0, *LENGTHS)).cumsum(0).tolist()
    bounds = [slice(start, stop) for start, stop in pairwise(edges)]
    tiles = torch.tensor(list(tiles_of(bounds)), device=kernels.DEVICE)
    found = Attention(*laid_out)(mixed.to(kernels.DEVICE), tiles, REACH).cpu()
    expected = torch.cat([written_out(mixed[rows], *tables) for rows in bounds])
    assert (found - expected).norm() / expected.norm() < 1e-5


def test_an_extreme_score_does_not_overflow() -> None:
    """Scores in the thousands, as untrained weights give: the softmax stays finite."""
    kernels.need_triton()
    from models.ner.inference.gpu.attention import Attention  # noqa: PLC0415

    mixed = torch.randn(70, 3, HEADS, 16) * 60
    tiles = torch.tensor(list(tiles_of([slice(0, 70)])), device=kernels.DEVICE)
    found = Attention()(mixed.to(kernels.DEVICE), tiles, REACH).cpu()
    expected = written_out(mixed, None, None)
    assert (found - expected).norm() / expected.norm() < 1e-4
