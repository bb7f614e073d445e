"""What graphs ask of a CUDA device."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import torch
from torch import Tensor

WARM_UPS = 3  # passes before a capture: kernels are compiled, libraries have their workspace

Work = Callable[[], None]


class Cuda:
    """One stream of a CUDA device, on which everything runs in order; it has to be the current one.

    All graphs share one pool of memory, so nothing that one leaves there may be read later.
    """

    def __init__(self, device: torch.device) -> None:
        self._stream = torch.cuda.Stream(device)  # type: ignore[no-untyped-call]
        self._stream.wait_stream(torch.cuda.current_stream(device))
        self._pool = torch.cuda.graph_pool_handle()

    def capture(self, work: Work) -> Work:
        """Return what does the work again, on the same memory, by one launch."""
        with self.queue():
            for _ in range(WARM_UPS):
                work()
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph, pool=self._pool, stream=self._stream):
            work()
        replay: Work = graph.replay
        return replay

    def pinned(self, *shape: int, dtype: torch.dtype) -> Tensor:
        """Return memory of the host that the device copies from and to by itself."""
        return torch.zeros(*shape, dtype=dtype, pin_memory=True)

    def queue(self) -> AbstractContextManager[object]:
        """Put what is begun inside behind what was begun before."""
        return torch.cuda.stream(self._stream)

    def mark(self) -> Work:
        """Return what waits until all that was put in the queue so far is done."""
        event = torch.cuda.Event()  # type: ignore[no-untyped-call]
        event.record(self._stream)
        wait: Work = event.synchronize
        return wait

    def release(self) -> None:
        """Give back the memory that nobody uses."""
        torch.cuda.empty_cache()
