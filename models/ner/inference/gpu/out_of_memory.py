"""Reading on when a device's memory ends."""

from collections.abc import Callable, Sequence

import torch

from models.errors import DeviceMemoryExhausted
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
        try:
            return self._forward(windows, places)
        except torch.OutOfMemoryError:
            pass  # its traceback keeps the memory that is missing, so go on only outside
        self._release()
        if len(windows) < 2:  # noqa: PLR2004 there are no halves
            raise DeviceMemoryExhausted
        middle = len(windows) // 2
        first, second = slice(middle), slice(middle, None)
        return [*self(windows[first], places[first]), *self(windows[second], places[second])]
