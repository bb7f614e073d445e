"""How fast a GPU reads, transformers' forward and ours side by side; tokens are pieces.

`python -m tests.benchmarks.gpu_speed [--windows N] [--repeats N]`, or `make bench-gpu`

Full windows of random pieces go through a model of DeBERTa-v3-base's shape with random weights, and
through the bundled model, up to the label scores on the host. The contestants take turns, so that
all see the same clock; the medians count. The peak is a large bfloat16 product, measured in the
same run.

Where there is no GPU it says so, and that is all.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch

from models.ner.checkpoint.loading import Checkpoint, load
from models.ner.inference.forward import Forward, TransformersForward
from models.ner.inference.gpu.agreement import compare
from models.ner.inference.gpu.engine_choice import forward_on
from models.ner.inference.packed.forward import family
from models.ner.text.encoding import Ids, Scores
from models.ner.text.windows import WINDOW
from models.ner.text.words import Offsets
from tests.benchmarks import reports
from tests.benchmarks.forward_speed import v3_base
from tests.benchmarks.measuring import medians

NO_GPU = "There is no GPU on this machine: nothing was measured.\n"
EAGER_WINDOWS = 64  # that one padded batch of the transformers model holds
SQUARE = 8192  # rows of the product that measures the peak


class InBatches:
    """The transformers model on a few windows at a time, in a precision."""

    def __init__(
        self, checkpoint: Checkpoint, device: torch.device, precision: torch.dtype
    ) -> None:
        model = torch.nn.Module.to(deepcopy(checkpoint.model), precision)
        self._forward = TransformersForward(replace(checkpoint, model=model), device)
        self.name = f"transformers, {precision}".replace("torch.", "")

    def __call__(
        self, windows: Sequence[Ids], wanted: Sequence[Offsets] | None = None
    ) -> list[Scores]:
        """Return the log probabilities of each window, of all its pieces."""
        del wanted
        starts = range(0, len(windows), EAGER_WINDOWS)
        batches = [self._forward(windows[start : start + EAGER_WINDOWS]) for start in starts]
        return [scores for batch in batches for scores in batch]


def operations(config: Any, pieces: int) -> float:
    """Return the multiplications and additions that windows of WINDOW need for so many pieces.

    The linear layers, attention by content, and for DeBERTa one product with each distance of a
    window for keys and for queries.
    """
    hidden, inner = config.hidden_size, config.intermediate_size
    linear = 4 * hidden * hidden + 2 * hidden * inner
    kinds = len(getattr(config, "pos_att_type", None) or ())
    attention = WINDOW * hidden * (2 + 2 * kinds)
    return 2.0 * pieces * int(config.num_hidden_layers) * float(linear + attention)


def peak(device: torch.device) -> float:
    """Return the operations a second of a large bfloat16 product of random numbers."""
    one, other = torch.randn(2, SQUARE, SQUARE, device=device).to(torch.bfloat16)
    for _ in range(3):
        torch.mm(one, other)
    return 2.0 * SQUARE**3 / statistics.median(_timed(one, other) for _ in range(10))


def _timed(one: torch.Tensor, other: torch.Tensor) -> float:
    torch.cuda.synchronize(one.device)
    begun = time.perf_counter()
    torch.mm(one, other)
    torch.cuda.synchronize(one.device)
    return time.perf_counter() - begun


def table(
    title: str,
    contestants: Mapping[str, Callable[[Sequence[Ids]], list[Any]]],
    windows: Sequence[Ids],
    repeats: int,
    most: float,
) -> Iterator[str]:
    """Yield each contestant's speed and its agreement with the first, which is the reference.

    Args:
        title: what is read with.
        contestants: forward passes by name.
        windows: what each reads.
        repeats: how often.
        most: pieces a second if the device multiplied at its peak all the time.
    """
    answers = {name: read(windows) for name, read in contestants.items()}  # and a warm-up
    exact = next(iter(answers.values()))
    work = {name: _work(read, windows) for name, read in contestants.items()}
    seconds = medians(work, repeats, time.perf_counter)  # the processor waits for the device
    pieces, first = sum(len(window) + 2 for window in windows), next(iter(seconds.values()))
    yield f"{title}: {len(windows)} windows, {pieces} pieces, median of {repeats}"
    for name, taken in seconds.items():
        yield (
            f"  {name:40} {pieces / taken:12,.0f} tokens/s  {first / taken:6.2f} x  "
            f"{pieces / taken / most:6.1%} of peak  {compare(exact, answers[name])}"
        )


def _work(read: Callable[[Sequence[Ids]], list[Any]], windows: Sequence[Ids]) -> Callable[[], Any]:
    return lambda: read(windows)


def contestants(checkpoint: Checkpoint, device: torch.device) -> dict[str, Forward]:
    """Return the transformers model in two precisions, and what the worker would read with."""
    eager: list[Forward] = [
        InBatches(checkpoint, device, each) for each in (torch.float32, torch.bfloat16)
    ]
    own = replace(checkpoint, model=deepcopy(checkpoint.model))
    ours: Forward = forward_on(own, device, family(own.model))
    return {each.name: each for each in [*eager, ours]}


def random_windows(checkpoint: Checkpoint, number: int) -> list[Ids]:
    """Return full windows of random pieces."""
    pieces = np.random.default_rng(7)
    highest = checkpoint.model.config.vocab_size
    return [pieces.integers(5, highest, WINDOW - 2) for _ in range(number)]


def lines(device: torch.device, windows: int, repeats: int) -> Iterator[str]:
    """Yield what the benchmark prints where there is a GPU."""
    best = peak(device)
    yield f"{torch.cuda.get_device_name(device)}: {best / 1e12:.0f} TFLOP/s in bfloat16"
    with TemporaryDirectory() as made:
        shaped = v3_base(Path(made), reports.texts())
    for title, checkpoint in (("DeBERTa-v3-base shape", shaped), ("bundled", load("bundled"))):
        asked = random_windows(checkpoint, windows)
        most = best / operations(checkpoint.model.config, 1)
        yield from table(title, contestants(checkpoint, device), asked, repeats, most)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures, or that there is no GPU."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--windows", type=int, default=512, help="how many are read at once")
    parser.add_argument("--repeats", type=int, default=9, help="how often each is timed")
    asked = parser.parse_args(arguments)
    if not torch.cuda.is_available():
        sys.stdout.write(NO_GPU)
        return
    for line in lines(torch.device("cuda", 0), asked.windows, asked.repeats):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
