"""What the processor can do: its features, its fastest product, a model's arithmetic."""

import platform
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from transformers import PretrainedConfig

from models.ner.inference.packed import disentangled
from models.ner.inference.packed.dense import Dense, FusedDense, PlainDense
from models.ner.inference.packed.precision import fastest, spelled
from models.ner.inference.passages import Passage

FEATURES = ("avx2", "avx512f", "avx512_bf16", "avx512_vnni", "amx_bf16", "amx_int8")
SIZE, PIECES, TRIES = 1024, 2048, 20


def described() -> Iterator[str]:
    """Yield what figures depend on."""
    able = torch.cpu.get_capabilities()
    found = [feature for feature in FEATURES if able.get(feature, False)]
    yield f"processor   {_model()}; {', '.join(found) or platform.machine()}"
    yield f"torch       {torch.__version__}, one core, one thread, {spelled(fastest())}"


def peak() -> float:
    """Return the most floating-point operations a second that one large product reaches."""
    states, weight = torch.randn(PIECES, SIZE), torch.randn(SIZE, SIZE)
    dense: Dense = PlainDense(weight, weight[0], None)
    if fastest() == torch.bfloat16:
        states, dense = states.bfloat16(), FusedDense(weight, weight[0], None)
    with torch.inference_mode():
        return 2 * PIECES * SIZE * SIZE / min(_seconds(dense, states) for _ in range(TRIES))


def operations(config: PretrainedConfig, work: Sequence[Passage]) -> float:
    """Return the floating-point operations of the matrix products of a packed forward pass.

    The layers of each piece, its attention to its window, and of the last layer after its attention
    the wanted pieces alone. DeBERTa adds products with relative positions.
    """
    size, inner, layers = config.hidden_size, config.intermediate_size, config.num_hidden_layers
    lengths = [len(each.ids) + 2 for each in work]
    pieces, wanted = sum(lengths), sum(len(each.wanted) for each in work)
    mixed, after = 2 * 3 * size**2, 2 * (size**2 + 2 * size * inner)
    attention = 4 * size * sum(n * n for n in lengths)
    kinds = len(getattr(config, "pos_att_type", None) or ())
    places = 2 * kinds * size * sum(map(_distances, lengths))
    each = layers * (pieces * mixed + attention + places)
    return float(each + after * ((layers - 1) * pieces + wanted))


def _distances(pieces: int) -> int:
    """Return how many scores by distance a window computes: some rows at a time."""
    starts = range(0, pieces, disentangled.BLOCK)
    rows = (min(disentangled.BLOCK, pieces - start) for start in starts)
    return sum(some * (some + pieces - 1) for some in rows)


def _seconds(dense: Dense, states: torch.Tensor) -> float:
    begun = time.process_time()
    dense(states)
    return time.process_time() - begun


def _model() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines() if platform.system() == "Linux" else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor())
