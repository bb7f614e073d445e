"""Batches as replays of CUDA graphs, one graph a bucket, fed and emptied through pinned memory.

A pass of a twelve-layer model is about 140 launches, which a small batch would wait for. All graphs
share one pool: nothing that one leaves there is read by the next, since input and output lie outside.
Everything runs on one stream, in order; the host packs the next batch meanwhile.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from itertools import cycle

import torch
from torch import Tensor

from models.ner.encoding import Scores
from models.ner.gpu.buckets import BUCKETS, Bucket
from models.ner.gpu.frame import fill, numbers, views
from models.ner.gpu.network import Network
from models.ner.gpu.runner import DirectRunner, Taking
from models.ner.packed.batch import Batch
from models.ner.windows import WINDOW

SLOTS = 2  # batches between host and device at one time
WARM_UPS = 3  # passes before a capture: kernels are compiled, libraries have their workspace

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Slot:
    """Pinned memory for one batch on its way, and the event that says that it is back."""

    row: Tensor
    scores: Tensor
    done: torch.cuda.Event


class GraphRunner:
    """Replays the network; for one thread at a time."""

    def __init__(self, network: Network, buckets: Iterable[Bucket] = BUCKETS) -> None:
        """Warm up and capture, the largest bucket first; one that does not fit in memory is left out.

        Every tensor of the network has to be on a CUDA device, and that has to be the current one.
        """
        self._network, self._direct = network, DirectRunner(network)
        self.device = network.device
        descending = sorted(buckets, key=lambda bucket: -bucket.pieces)
        most, labels = descending[0], len(network.bias)
        self._row = torch.zeros(numbers(most), dtype=torch.int64, device=self.device)
        self._scores = torch.zeros(most.pieces, labels, device=self.device)
        self._slots = cycle([_slot(most, labels) for _ in range(SLOTS)])
        self._stream = torch.cuda.Stream(self.device)
        self._pool = torch.cuda.graph_pool_handle()
        captured = ((bucket, self._captured(bucket)) for bucket in descending)
        self._graphs = {bucket: graph for bucket, graph in captured if graph is not None}
        self.buckets = sorted(self._graphs, key=lambda bucket: bucket.pieces) or BUCKETS[:1]

    def start(self, batch: Batch, bucket: Bucket | None) -> Taking:
        """Begin a batch; one that no graph was captured for runs directly."""
        graph = self._graphs.get(bucket) if bucket else None
        if graph is None or bucket is None:
            return self._direct.start(batch, bucket)
        slot, size, asked = next(self._slots), numbers(bucket), len(batch.wanted)
        slot.done.synchronize()  # a batch whose scores nobody took may still be on its way
        fill(slot.row, batch, bucket)
        with torch.cuda.stream(self._stream):
            self._row[:size].copy_(slot.row[:size], non_blocking=True)
            graph.replay()
            slot.scores[:asked].copy_(self._scores[:asked], non_blocking=True)
            slot.done.record(self._stream)
        return partial(_taken, slot, asked)

    def _captured(self, bucket: Bucket) -> torch.cuda.CUDAGraph | None:
        try:
            return self._capture(bucket)
        except torch.OutOfMemoryError:
            log.warning("the GPU has too little memory for batches of %d pieces", bucket.pieces)
        torch.cuda.empty_cache()
        return None

    def _capture(self, bucket: Bucket) -> torch.cuda.CUDAGraph:
        self._stream.wait_stream(torch.cuda.current_stream(self.device))
        with torch.cuda.stream(self._stream):
            for _ in range(WARM_UPS):
                self._pass(bucket)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph, pool=self._pool, stream=self._stream):
            self._pass(bucket)
        return graph

    @torch.inference_mode()
    def _pass(self, bucket: Bucket) -> None:
        scores = self._network(views(self._row, bucket), WINDOW)
        self._scores[: len(scores)].copy_(scores)


def _slot(bucket: Bucket, labels: int) -> Slot:
    return Slot(
        torch.zeros(numbers(bucket), dtype=torch.int64, pin_memory=True),
        torch.zeros(bucket.pieces, labels, pin_memory=True),
        torch.cuda.Event(),
    )


def _taken(slot: Slot, rows: int) -> Scores:
    slot.done.synchronize()
    scores: Scores = slot.scores[:rows].numpy().copy()
    return scores
