"""Batches as replays of graphs, one graph a bucket, fed and emptied through pinned memory.

A pass of a twelve-layer model is more than a hundred launches, which a small batch would wait for;
a replay is one. Input and output lie outside the graphs. The host packs the next batch meanwhile.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from typing import Protocol

import torch
from torch import Tensor

from models.ner.inference.gpu.batch_frame import fill, numbers, views
from models.ner.inference.gpu.buckets import BUCKETS, Bucket
from models.ner.inference.gpu.network import Network
from models.ner.inference.gpu.runner import IN_FLIGHT, DirectRunner, Taking
from models.ner.inference.packed.batch import Batch
from models.ner.text.encoding import Scores
from models.ner.text.windows import WINDOW

log = logging.getLogger(__name__)

Work = Callable[[], None]


class Machine(Protocol):
    """What a device has to offer; `models.ner.inference.gpu.cuda.Cuda` is the real one."""

    def capture(self, work: Work) -> Work:
        """Return what does the work again, on the same memory."""

    def pinned(self, *shape: int, dtype: torch.dtype) -> Tensor:
        """Return memory of the host that the device copies from and to by itself."""

    def queue(self) -> AbstractContextManager[object]:
        """Put what is begun inside behind what was begun before."""

    def mark(self) -> Work:
        """Return what waits until all that was put in the queue so far is done."""

    def release(self) -> None:
        """Give back the memory that nobody uses."""


@dataclass(slots=True)
class Slot:
    """Memory of the host for one batch on its way, and what waits until it is back."""

    row: Tensor
    scores: Tensor
    wait: Work


class GraphRunner:
    """Replays the network; for one thread at a time."""

    def __init__(
        self, network: Network, machine: Machine, buckets: Iterable[Bucket] = BUCKETS
    ) -> None:
        """Capture the largest bucket first; one that does not fit in memory is left out."""
        self._network, self._machine = network, machine
        self._direct = DirectRunner(network)
        self.device = network.device
        descending = sorted(buckets, key=lambda bucket: -bucket.pieces)
        size, shape = numbers(descending[0]), (descending[0].pieces, len(network.bias))
        self._row = torch.zeros(size, dtype=torch.int64, device=self.device)
        self._scores = torch.zeros(*shape, device=self.device)
        self._slots = cycle([self._slot(size, shape) for _ in range(IN_FLIGHT)])
        captured = [(bucket, self._captured(bucket)) for bucket in descending]
        self._replays = {bucket: replay for bucket, replay in captured if replay is not None}
        self.buckets: Sequence[Bucket] = tuple(reversed(self._replays)) or (descending[-1],)

    def start(self, batch: Batch, bucket: Bucket | None) -> Taking:
        """Begin a batch; one that no graph was captured for runs directly."""
        if bucket is None or bucket not in self._replays:
            return self._direct.start(batch, bucket)
        slot, size, asked = next(self._slots), numbers(bucket), len(batch.wanted)
        slot.wait()  # a batch whose scores nobody took may still be on its way
        fill(slot.row, batch, bucket)
        with self._machine.queue():
            self._row[:size].copy_(slot.row[:size], non_blocking=True)
            self._replays[bucket]()
            slot.scores[:asked].copy_(self._scores[:asked], non_blocking=True)
            slot.wait = self._machine.mark()
        return partial(_taken, slot, asked)

    def _captured(self, bucket: Bucket) -> Work | None:
        try:
            return self._machine.capture(partial(self._pass, bucket))
        except torch.OutOfMemoryError:
            log.warning("the device has no memory for batches of %d pieces", bucket.pieces)
        self._machine.release()
        return None

    @torch.inference_mode()
    def _pass(self, bucket: Bucket) -> None:
        scores = self._network(views(self._row, bucket), WINDOW)
        self._scores[: len(scores)].copy_(scores)

    def _slot(self, size: int, shape: tuple[int, int]) -> Slot:
        row = self._machine.pinned(size, dtype=torch.int64)
        scores = self._machine.pinned(*shape, dtype=torch.float32)
        return Slot(row, scores, wait=self._machine.mark())


def _taken(slot: Slot, rows: int) -> Scores:
    slot.wait()
    scores: Scores = slot.scores[:rows].numpy().copy()
    return scores
