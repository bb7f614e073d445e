"""When the memory of a device ends, no note is lost."""

from collections.abc import Sequence

import numpy as np
import pytest
import torch

from models.errors import DeviceMemoryExhausted
from models.ner.inference.gpu.out_of_memory import Halving
from models.ner.text.encoding import Ids, Scores
from models.ner.text.words import Offsets


class Cramped:
    """A device that holds so many pieces; its scores are the wanted ids."""

    name = "cramped"

    def __init__(self, room: int) -> None:
        self._room = room
        self.released = 0

    def __call__(
        self, windows: Sequence[Ids], wanted: Sequence[Offsets] | None = None
    ) -> list[Scores]:
        """Read what fits."""
        if sum(map(len, windows)) > self._room:
            raise torch.OutOfMemoryError
        assert wanted is not None
        return [
            window[places][:, None].astype(np.float32)
            for window, places in zip(windows, wanted, strict=True)
        ]

    def release(self) -> None:
        """Count."""
        self.released += 1


def test_a_batch_that_does_not_fit_is_read_in_halves() -> None:
    """Every window comes back in its place, the wanted pieces of it."""
    device = Cramped(10)
    forward = Halving(device, device.release)
    windows = [np.arange(start, start + 4) for start in range(9)]
    wanted = [np.array([0, 3], dtype=np.int32)] * 9
    found = forward(windows, wanted)
    assert [each[:, 0].tolist() for each in found] == [[start, start + 3] for start in range(9)]
    assert device.released > 0
    assert forward.name == "cramped"


def test_a_window_that_never_fits_fails_in_a_way_that_can_be_tried_again() -> None:
    """Other processes may have the memory now; the error says that a retry can help."""
    device = Cramped(10)
    with pytest.raises(DeviceMemoryExhausted) as failed:
        Halving(device, device.release)([np.arange(11)])
    assert failed.value.retry


def test_other_errors_pass() -> None:
    """A broken kernel is no question of memory."""

    def broken(*_: object) -> list[Scores]:
        raise RuntimeError("illegal instruction")

    broken.name = "broken"  # type: ignore[attr-defined]
    with pytest.raises(RuntimeError, match="illegal"):
        Halving(broken, lambda: None)([np.arange(3)])  # type: ignore[arg-type]
