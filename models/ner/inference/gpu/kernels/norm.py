"""A residual and its LayerNorm in one pass over memory."""

import triton
import triton.language as tl


@triton.jit
def normalise(
    change,
    states,
    weight,
    bias,
    found,
    rows,
    epsilon,
    width: tl.constexpr,
    padded: tl.constexpr,
    block: tl.constexpr,
):
    """Normalise the sum of two matrices, row by row, in single precision; the grid is (blocks,).

    Args:
        change: what a sub-layer found, [rows, width].
        states: what it was given, [rows, width].
        weight: of the norm, single precision, [width].
        bias: likewise.
        found: the normalised sum, [rows, width].
        rows: of the matrices.
        epsilon: added to the variance.
        width: of a row.
        padded: the same, rounded up to a power of two.
        block: rows of one program.
    """
    row = tl.program_id(0) * block + tl.arange(0, block)
    column = tl.arange(0, padded)[None, :]
    held = (row < rows)[:, None] & (column < width)
    place = row.to(tl.int64)[:, None] * width + column
    total = tl.load(change + place, mask=held, other=0.0).to(tl.float32)
    total += tl.load(states + place, mask=held, other=0.0).to(tl.float32)
    mean = tl.sum(total, 1) / width
    away = tl.where(column < width, total - mean[:, None], 0.0)
    spread = tl.sum(away * away, 1) / width
    scale = tl.load(weight + column, mask=column < width, other=0.0)
    shift = tl.load(bias + column, mask=column < width, other=0.0)
    answer = away * tl.rsqrt(spread + epsilon)[:, None] * scale + shift
    tl.store(found + place, answer.to(found.dtype.element_ty), mask=held)
