"""Attention over packed windows in one kernel: no score of a pair of pieces leaves the chip.

Equation 4 of He et al., "DeBERTa" (2021): the score of piece j for piece i is
q_i k_j + q_i K[i - j] + k_j Q[i - j]. The two products with all distances are matrices
(`models.ner.inference.gpu.attention`); row i of the first, read from column `reach - i` on, holds
q_i K[i - j] for each j: a skewed view, as on the CPU. A program takes the pieces of one tile as i
and walks over its window in blocks of j, with the running softmax of Milakov and Gimelshein,
"Online normalizer calculation for softmax" (2018). Without distances this is BERT's attention.
"""

import triton
import triton.language as tl

LOG2_E = tl.constexpr(1.4426950408889634)


@triton.jit
def attend(
    mixed,
    to_keys,
    from_keys,
    found,
    tiles,
    pieces,
    heads,
    reach,
    by_keys: tl.constexpr,
    by_queries: tl.constexpr,
    size: tl.constexpr,
    depth: tl.constexpr,
    block: tl.constexpr,
):
    """Mix the values of one tile for one head; the grid is (tiles, heads).

    Args:
        mixed: queries (scaled), keys and values side by side, [pieces, 3, heads, size].
        to_keys: q_i K by j - i ascending from -reach, [heads, pieces, 2 reach]; read if `by_keys`.
        from_keys: k_j Q by i - j ascending from -reach, like `to_keys`; read if `by_queries`.
        found: the mixed values, [pieces, heads, size].
        tiles: first row, first row of its window, last row of its window + 1; [tiles, 3].
            A tile that starts where its window ends is idle.
        pieces: rows of `mixed`.
        heads: attention heads.
        reach: distances on each side; no window is longer.
        by_keys: whether the model uses K.
        by_queries: whether the model uses Q.
        size: of a head.
        depth: the same, rounded up to a power of two of at least 16.
        block: rows in a tile, and columns in a step.
    """
    tile = tiles + 3 * tl.program_id(0)
    head = tl.program_id(1)
    first = tl.load(tile).to(tl.int32)
    start = tl.load(tile + 1).to(tl.int32)
    stop = tl.load(tile + 2).to(tl.int32)
    if first >= stop:
        return
    place = tl.arange(0, block)
    entry = tl.arange(0, depth)[None, :]
    held = entry < size
    width = 3 * heads * size
    row = first + place
    lines = row.to(tl.int64)[:, None]
    mine = (row < stop)[:, None]
    query = tl.load(mixed + lines * width + head * size + entry, mask=mine & held, other=0.0)
    table = head.to(tl.int64) * pieces * (2 * reach) + reach
    along_rows = to_keys + table + lines * (2 * reach - 1)
    along_columns = from_keys + table + row[:, None]
    best = tl.full([block], float("-inf"), tl.float32)
    total = tl.full([block], 0.0, tl.float32)
    mix = tl.full([block, depth], 0.0, tl.float32)
    for left in range(start, stop, block):
        column = left + place
        theirs = (column < stop)[None, :]
        columns = (column < stop)[:, None] & held
        other = mixed + column.to(tl.int64)[:, None] * width + (heads + head) * size + entry
        key = tl.load(other, mask=columns, other=0.0)
        value = tl.load(other + heads * size, mask=columns, other=0.0)
        scores = tl.dot(query, tl.trans(key), input_precision="ieee")
        if by_keys:
            scores += tl.load(along_rows + column[None, :], mask=mine & theirs, other=0.0)
        if by_queries:
            skewed = along_columns + column.to(tl.int64)[None, :] * (2 * reach - 1)
            scores += tl.load(skewed, mask=mine & theirs, other=0.0)
        scores = tl.where(theirs, scores * LOG2_E, float("-inf"))
        top = tl.maximum(best, tl.max(scores, 1))
        weights = tl.exp2(scores - top[:, None])
        kept = tl.exp2(best - top)
        total = total * kept + tl.sum(weights, 1)
        mix *= kept[:, None]
        mix += tl.dot(weights.to(value.dtype), value, input_precision="ieee")
        best = top
    mix /= total[:, None]
    answer = found + lines * (heads * size) + head * size + entry
    tl.store(answer, mix.to(found.dtype.element_ty), mask=mine & held)
