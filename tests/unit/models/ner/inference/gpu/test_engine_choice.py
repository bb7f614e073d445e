"""The check at the start: a forward that differs is never read with."""

import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch

from models.ner.checkpoint.loading import Checkpoint, load
from models.ner.inference.engine_choice import forward_for
from models.ner.inference.forward import Forward, TransformersForward
from models.ner.inference.gpu import agreement
from models.ner.inference.gpu.engine_choice import proven
from models.ner.inference.packed.precision import fastest
from models.ner.text.encoding import Ids, Scores
from models.ner.text.words import Offsets
from tests import checkpoints

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Checkpoint:
    """A small DeBERTa."""
    return load(str(checkpoints.deberta(tmp_path_factory.mktemp("deberta"))))


@pytest.fixture
def reference(checkpoint: Checkpoint) -> TransformersForward:
    """The transformers model."""
    return TransformersForward(checkpoint, CPU)


class Spoiled:
    """The reference's answers, spoiled."""

    name = "spoiled"

    def __init__(self, reference: Forward, how: str) -> None:
        self._reference, self._how = reference, how

    def __call__(
        self, windows: Sequence[Ids], wanted: Sequence[Offsets] | None = None
    ) -> list[Scores]:
        """Spoil the last window only, or raise."""
        found = self._reference(windows, wanted)
        if self._how == "raises":
            raise RuntimeError("no kernel image is available\nsecond line")
        if self._how == "not finite":
            found[-1][0, 0] = np.nan
        if self._how == "other labels":
            found[-1] = np.roll(found[-1], 1, axis=1)
        return found


def sharp(scores: list[Scores]) -> list[Scores]:
    """Return answers that are sure of one label a piece, different from piece to piece."""
    labels = scores[0].shape[1]
    for window in scores:
        window[:] = -20
        window[np.arange(len(window)), np.arange(len(window)) % labels] = 0
    return scores


class Sharp(Spoiled):
    """A reference that is sure, as a trained model is."""

    def __init__(self, reference: Forward) -> None:
        super().__init__(reference, "nothing")

    def __call__(
        self, windows: Sequence[Ids], wanted: Sequence[Offsets] | None = None
    ) -> list[Scores]:
        """Answer surely."""
        return sharp(super().__call__(windows, wanted))


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("raises", "RuntimeError: no kernel image is available"),
        ("not finite", "probabilities within nan"),
        ("other labels", "of labels alike"),
    ],
)
def test_a_forward_that_differs_is_left_and_the_log_says_why(
    checkpoint: Checkpoint,
    reference: TransformersForward,
    how: str,
    reason: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """An exception, a NaN or other labels: the transformers model reads, and its name tells."""
    sure = Sharp(reference)
    with caplog.at_level(logging.WARNING):
        chosen = proven(checkpoint, sure, lambda: Spoiled(sure, how))
    assert chosen is sure
    assert reason in chosen.name
    assert "second line" not in chosen.name
    assert "the packed forward is not used" in caplog.text


def test_a_forward_that_agrees_is_used(
    checkpoint: Checkpoint, reference: TransformersForward
) -> None:
    """Its name says how well."""
    fast = forward_for(checkpoint, CPU)
    before = fast.name
    chosen = proven(checkpoint, reference, lambda: fast)
    assert chosen is fast
    assert chosen.name.startswith(f"{before} (100.00% of labels alike")


def test_rounding_to_bfloat16_passes() -> None:
    """The bundled model: our own bfloat16 is good."""
    if fastest() != torch.bfloat16:
        pytest.skip("this processor does not multiply bfloat16")
    bundled = load("bundled")
    windows = list(agreement.windows(bundled.tokenizer))
    rounded = forward_for(bundled, CPU, torch.bfloat16)(windows)
    assert agreement.compare(TransformersForward(bundled, CPU)(windows), rounded).good


def test_a_shift_by_one_place_does_not_pass() -> None:
    """The bundled model: the windows moved by a piece are not good."""
    bundled = load("bundled")
    exact = TransformersForward(bundled, CPU)(list(agreement.windows(bundled.tokenizer)))
    assert agreement.compare(exact, exact).good
    moved = [np.roll(scores, 1, axis=0) for scores in exact]
    assert not agreement.compare(exact, moved).good


def test_the_windows_of_the_check_are_of_every_kind(tmp_path: Path) -> None:
    """A full one, a single piece, and lengths on both sides of a tile, all different text."""
    for make in (checkpoints.bert, checkpoints.deberta):
        windows = list(agreement.windows(load(str(make(tmp_path / make.__name__))).tokenizer))
        assert tuple(map(len, windows)) == agreement.LENGTHS
        assert len({window.tobytes() for window in windows}) == len(windows)
