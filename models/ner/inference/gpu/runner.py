"""How one batch is put through the network: here directly, in `graphs` by replaying a graph."""

from collections.abc import Callable, Sequence
from typing import Protocol

import torch

from models.ner.inference.gpu.batch_frame import exact, fill, numbers, views
from models.ner.inference.gpu.buckets import BUCKETS, Bucket
from models.ner.inference.gpu.network import Network
from models.ner.inference.packed.batch import Batch
from models.ner.text.encoding import Scores
from models.ner.text.windows import WINDOW

IN_FLIGHT = 2  # batches that may be started before the scores of the first are taken

Taking = Callable[[], Scores]


class Runner(Protocol):
    """Starts batches on a device; a call may return before the device is done."""

    @property
    def device(self) -> torch.device:
        """Where it computes."""

    @property
    def buckets(self) -> Sequence[Bucket]:
        """The sizes it knows, ascending."""

    def start(self, batch: Batch, bucket: Bucket | None) -> Taking:
        """Begin a batch of a bucket; what is returned waits for the scores of the wanted rows."""


class DirectRunner:
    """Launches every kernel of every batch, at the batch's own size."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self.device = network.device
        self.buckets: Sequence[Bucket] = BUCKETS

    def start(self, batch: Batch, bucket: Bucket | None) -> Taking:
        """Begin a batch of any size; the bucket only bounds how much is read together."""
        del bucket
        size = exact(batch)
        row = torch.empty(numbers(size), dtype=torch.int64)
        fill(row, batch, size)
        longest = max(rows.stop - rows.start for rows in batch.bounds)
        frame = views(row.to(self.device), size)
        scores = self._network(frame, max(WINDOW, longest))[: len(batch.wanted)]
        return lambda: scores.cpu().numpy()
