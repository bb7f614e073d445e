"""Rows in blocks of one number: no library learns how many rows a batch has."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

from models.ner.checkpoint.loading import load
from models.ner.inference.engine_choice import forward_for
from models.ner.inference.packed.blocks import BLOCK, by_blocks, filling
from models.ner.inference.packed.precision import fastest, spelled
from tests import checkpoints

ON_ROWS = {  # what computes row by row; the states come first
    "aten::linear",
    "aten::layer_norm",
    "aten::gelu",
    "aten::log_softmax",
    "mkldnn::_linear_pointwise",
}


class Rows(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Notes how many rows each computation of ON_ROWS was given."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.seen: dict[str, set[int]] = {}

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        name = func.name().partition(".")[0]
        if name in ON_ROWS:
            self.seen.setdefault(name, set()).add(args[0].numel() // args[0].shape[-1])
        return func(*args, **(kwargs or {}))


@pytest.mark.parametrize("make", [checkpoints.bert, checkpoints.deberta])
@pytest.mark.parametrize("precision", sorted({torch.float32, fastest()}, key=str), ids=spelled)
def test_every_layer_is_given_one_number_of_rows(
    make: Any, precision: torch.dtype, tmp_path: Path
) -> None:
    """From the embeddings to the label scores, for one window or many, wanted in part or whole."""
    forward = forward_for(load(str(make(tmp_path))), torch.device("cpu"), precision)
    with Rows() as rows:
        for lengths in ((1,), (254,), (254, 3, 90, 200, 17), (9,) * 60):
            windows = [np.arange(5, 5 + length) % 99 for length in lengths]
            forward(windows)
            forward(windows, [np.arange(0, length, 3, dtype=np.int32) for length in lengths])
    assert {"aten::linear", "aten::layer_norm", "aten::log_softmax"} <= set(rows.seen)
    assert all(seen == {BLOCK} for seen in rows.seen.values())


@pytest.mark.parametrize("rows", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 5 * BLOCK])
def test_rows_are_filled_up_to_whole_blocks(rows: int) -> None:
    """As few as make whole blocks are added."""
    assert 0 <= filling(rows) < BLOCK
    assert (rows + filling(rows)) % BLOCK == 0


def test_blocks_come_back_in_order() -> None:
    """Block by block, the rows of all the tensors side by side are those of the whole."""
    one = torch.arange(3.0 * BLOCK)[:, None]
    seen: list[int] = []

    def step(rows: Tensor, others: Tensor) -> Tensor:
        seen.append(len(rows))
        return rows - others

    assert by_blocks(step, one * 3, one).equal(one * 2)
    assert seen == [BLOCK] * 3
