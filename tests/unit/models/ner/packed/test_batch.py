"""Windows laid end to end: which rows are whose, and how many shapes there are."""

import numpy as np

from models.ner.packed.batch import STEP, Batch, pack, rounded, unpack

OPEN, CLOSE = 1, 2


def packed(*lengths: int) -> Batch:
    """Pack windows of the pieces 10, 11, 12, … of which every second is wanted."""
    windows = [np.arange(10, 10 + length) for length in lengths]
    return pack(windows, [np.arange(0, n, 2, dtype=np.int32) for n in lengths], OPEN, CLOSE)


def test_the_wanted_rows_are_the_windows_own_pieces() -> None:
    """Special pieces and rounding shift nothing: each window gets its own second pieces."""
    batch = rounded(packed(5, 0, 4))
    found = unpack(batch.ids[batch.wanted].numpy()[:, None].astype(np.float32), batch)
    assert [rows[:, 0].tolist() for rows in found] == [[10, 12, 14], [], [10, 12]]
    assert [batch.ids[rows].tolist() for rows in batch.bounds] == [
        [OPEN, 10, 11, 12, 13, 14, CLOSE],
        [OPEN, CLOSE],
        [OPEN, 10, 11, 12, 13, CLOSE],
    ]


def test_batches_have_few_shapes() -> None:
    """However notes fall, the products are of few sizes: each size costs memory for good."""
    random = np.random.default_rng(0)
    batches = [rounded(packed(*random.integers(1, 254, 8).tolist())) for _ in range(200)]
    sizes = {len(batch.ids) for batch in batches} | {len(batch.wanted) for batch in batches}
    assert all(size % STEP == 0 for size in sizes)
    assert len(sizes) <= 2048 // STEP
