"""Windows laid end to end: which rows are whose, and how many blocks there are."""

import numpy as np

from models.ner.inference.packed.batch import Batch, in_blocks, pack, unpack
from models.ner.inference.packed.blocks import BLOCK

OPEN, CLOSE = 1, 2


def packed(*lengths: int) -> Batch:
    """Pack windows of the pieces 10, 11, 12, … of which every second is wanted."""
    windows = [np.arange(10, 10 + length) for length in lengths]
    return pack(windows, [np.arange(0, n, 2, dtype=np.int32) for n in lengths], OPEN, CLOSE)


def test_the_wanted_rows_are_the_windows_own_pieces() -> None:
    """Special pieces and filling shift nothing: each window gets its own second pieces."""
    batch = in_blocks(packed(5, 0, 4))
    found = unpack(batch.ids[batch.wanted].numpy()[:, None].astype(np.float32), batch)
    assert [rows[:, 0].tolist() for rows in found] == [[10, 12, 14], [], [10, 12]]
    assert [batch.ids[rows].tolist() for rows in batch.bounds] == [
        [OPEN, 10, 11, 12, 13, 14, CLOSE],
        [OPEN, CLOSE],
        [OPEN, 10, 11, 12, 13, CLOSE],
    ]


def test_batches_are_whole_blocks() -> None:
    """However notes fall, rows come in whole blocks, and no batch pays for more than it fills."""
    random = np.random.default_rng(0)
    batches = [in_blocks(packed(*random.integers(1, 254, 8).tolist())) for _ in range(200)]
    sizes = {len(batch.ids) for batch in batches} | {len(batch.wanted) for batch in batches}
    assert all(size % BLOCK == 0 for size in sizes)
    assert all(len(batch.ids) - batch.bounds[-1].stop < BLOCK for batch in batches)
