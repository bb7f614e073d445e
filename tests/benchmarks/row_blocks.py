"""What it costs that rows go through the layers in blocks of one number, on one core.

`python -m tests.benchmarks.row_blocks [--deberta]`

The same windows are scored in turns: by products over all rows of a batch at once, as many as there
happen to be, and by blocks of several sizes. A ratio above 1 is slower than all at once; each is of
the least times of several turns, so that other programs count little. `batches`
are reports in full batches, `alone` is each report by itself, `short` a note of a few words.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import partial
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import torch
from torch import Tensor

from models.ner.checkpoint.loading import Checkpoint, load
from models.ner.inference.engine_choice import forward_for
from models.ner.inference.forward import Forward
from models.ner.inference.packed import blocks, forward, layer
from models.ner.inference.packed.precision import fastest, spelled
from models.ner.inference.passages import Passage, batches, passages
from models.ner.text.encoding import encode
from tests.benchmarks import hardware, reports
from tests.benchmarks.forward_speed import CPU, v3_base
from tests.benchmarks.measuring import Work, pin

SIZES = (64, 192, 384)
USUAL, STEP = 2048, 64  # rows that weights were laid out for, and were filled up to multiples of
ALL_AT_ONCE = "all at once"
REPEATS = 5
SHORT = "Chest film shows pneumonia. No fever, no cough."

Batches = Sequence[Sequence[Passage]]


def main() -> None:
    """Print the ratios."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--deberta", action="store_true", help="DeBERTa-v3-base's shape instead")
    parser.add_argument("--reports", type=int, default=3, help="how many are read")
    given = parser.parse_args()
    pin()
    texts = reports.texts()[: given.reports]
    with TemporaryDirectory() as made:
        checkpoint = v3_base(Path(made), texts) if given.deberta else load("bundled")
    for line in chain(hardware.described(), _lines(checkpoint, texts)):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


def _lines(checkpoint: Checkpoint, texts: Sequence[str]) -> Iterator[str]:
    def cut(some: Sequence[str]) -> list[list[Passage]]:
        return list(batches(passages([encode(text, checkpoint.tokenizer) for text in some])))

    alone = [batch for text in texts for batch in cut([text])]
    for precision in sorted({torch.float32, fastest()}, key=spelled):
        for name, work in (("batches", cut(texts)), ("alone", alone), ("short", cut([SHORT]) * 10)):
            taken = _least(_contestants(checkpoint, precision, work))
            base = taken.pop(ALL_AT_ONCE)
            ratios = "  ".join(f"{size} {each / base:.3f}" for size, each in taken.items())
            yield f"{spelled(precision)} {name:8} all at once 1 ({base:.3f} s)  {ratios}"


def _least(contestants: Mapping[str, Work]) -> dict[str, float]:
    """Return the least seconds of each on the core, measured in turns."""
    seconds = dict.fromkeys(contestants, float("inf"))
    for _ in range(REPEATS):
        for name, work in contestants.items():
            begun = time.process_time()
            work()
            seconds[name] = min(seconds[name], time.process_time() - begun)
    return seconds


def _contestants(checkpoint: Checkpoint, precision: torch.dtype, work: Batches) -> dict[str, Work]:
    """Return each way to score the batches, built and run under its own number of rows."""
    ways: dict[str, Callable[[], AbstractContextManager[object]]] = {
        ALL_AT_ONCE: _AllAtOnce,
        **{str(size): partial(patch.object, blocks, "BLOCK", size) for size in SIZES},
    }
    contestants: dict[str, Work] = {}
    for name, way in ways.items():
        with way():
            contestants[name] = partial(_scored, forward_for(checkpoint, CPU, precision), work, way)
        contestants[name]()
    return contestants


def _scored(
    scores: Forward, work: Batches, way: Callable[[], AbstractContextManager[object]]
) -> None:
    with way():
        for batch in work:
            scores([each.ids for each in batch], [each.wanted for each in batch])


class _AllAtOnce:
    """Products over all rows of a batch, filled up to a multiple of STEP."""

    def __init__(self) -> None:
        self._patches: list[Any] = [
            patch.object(blocks, "BLOCK", USUAL),
            *(patch.object(user, "by_blocks", _whole) for user in (forward, layer)),
            patch("models.ner.inference.packed.batch.filling", lambda rows: -rows % STEP),
        ]

    def __enter__(self) -> None:
        for each in self._patches:
            each.start()

    def __exit__(self, *_: object) -> None:
        for each in self._patches:
            each.stop()


def _whole(step: Callable[..., Tensor], *rows: Tensor) -> Tensor:
    return step(*rows)


if __name__ == "__main__":
    main()
