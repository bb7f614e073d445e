"""How a batch lies in memory on its way to the device."""

import numpy as np
import torch

from models.ner.inference.gpu.batch_frame import exact, fill, numbers, tiles_of, views
from models.ner.inference.gpu.buckets import Bucket
from models.ner.inference.packed.batch import Batch, pack


def batch(*lengths: int) -> Batch:
    """Return a batch of windows with the pieces 10, 11, …, each asked for in whole."""
    windows = [np.arange(10, 10 + length) for length in lengths]
    return pack(windows, [np.arange(length, dtype=np.int32) for length in lengths], 1, 2)


def test_a_frame_holds_the_batch_and_zeros_after_it() -> None:
    """Old numbers in the memory do not survive: they could be places that do not exist."""
    bucket = Bucket(16, 4)
    row = torch.full((numbers(bucket) + 5,), 10**9)
    frame = fill(row, batch(3, 1), bucket)
    assert frame.ids.tolist() == [1, 10, 11, 12, 2, 1, 10, 2] + [0] * 8
    assert frame.positions.tolist() == [0, 1, 2, 3, 4, 0, 1, 2] + [0] * 8
    assert frame.wanted.tolist() == [1, 2, 3, 6] + [0] * 12
    assert frame.tiles.tolist() == [[0, 0, 5], [5, 5, 8], [0, 0, 0], [0, 0, 0]]
    assert row[numbers(bucket) :].eq(10**9).all()


def test_both_sides_see_the_same_frame_in_a_copied_row() -> None:
    """The device gets one row of numbers and finds the same parts in it."""
    bucket = Bucket(16, 4)
    row = torch.zeros(numbers(bucket), dtype=torch.int64)
    filled = fill(row, batch(2, 5), bucket)
    assert all(map(torch.equal, filled, views(row.clone(), bucket)))


def test_tiles_cover_each_row_of_each_window_once() -> None:
    """A tile never crosses into the next window."""
    found = list(tiles_of(batch(254, 62, 63).bounds))
    assert found[:4] == [(0, 0, 256), (64, 0, 256), (128, 0, 256), (192, 0, 256)]
    assert found[4:] == [(256, 256, 320), (320, 320, 385), (384, 320, 385)]
    assert exact(batch(254, 62, 63)) == Bucket(385, len(found))
