"""A batch that does not fit into a GPU's memory is read half by half."""

from collections.abc import Callable, Sequence

import torch

from models.errors import DeviceMemoryExhausted
from models.halving import in_halves
from models.ner.inference.forward import Forward, everything
from models.ner.text.encoding import Ids, Scores
from models.ner.text.words import Offsets


class Halving:
    """A forward that reads a batch too large for the memory half by half."""

    def __init__(self, forward: Forward, release: Callable[[], object], name: str = "") -> None:
        """Read with `forward`; `release` gives back what it no longer uses, after each failure."""
        self.name = name or forward.name
        self._forward, self._release = forward, release

    def __call__(
        self, windows: Sequence[Ids], wanted: Sequence[Offsets] | None = None
    ) -> list[Scores]:
        """Return the log probabilities of each window.

        Raises:
            DeviceMemoryExhausted: one window alone does not fit; it may, when others are done.
        """
        places = everything(windows) if wanted is None else wanted
        batch = list(zip(windows, places, strict=True))
        return [scores for some in in_halves(self._attempt, batch) for scores in some]

    def _attempt(self, batch: Sequence[tuple[Ids, Offsets]]) -> Sequence[Scores] | None:
        windows, places = zip(*batch, strict=True)
        try:
            return self._forward(windows, places)
        except torch.OutOfMemoryError:
            pass  # its traceback keeps the memory that is missing, so go on only outside
        self._release()
        if len(windows) == 1:
            raise DeviceMemoryExhausted
        return None
