"""A device without graphs: what is captured is done again, at once."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

import torch
from torch import Tensor

Work = Callable[[], None]


class RepeatingMachine:
    """Offers what `models.ner.inference.gpu.cuda.Cuda` offers; `most` captures fit in its memory.

    It counts what was released, and the marks that were waited for.
    """

    def __init__(self, most: int = 100) -> None:
        self._room = most
        self.released = 0
        self.waited = 0

    def capture(self, work: Work) -> Work:
        """Return the work itself."""
        if not self._room:
            raise torch.OutOfMemoryError
        self._room -= 1
        return work

    def pinned(self, *shape: int, dtype: torch.dtype) -> Tensor:
        """Return memory that holds rubbish, as pinned memory may."""
        return torch.full(shape, 77, dtype=dtype)

    def queue(self) -> AbstractContextManager[object]:
        """Do things at once."""
        return nullcontext()

    def mark(self) -> Work:
        """Return what counts that it was waited for."""

        def wait() -> None:
            self.waited += 1

        return wait

    def release(self) -> None:
        """Count."""
        self.released += 1
