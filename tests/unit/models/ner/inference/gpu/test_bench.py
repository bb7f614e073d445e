"""The GPU benchmark: what it says without a GPU, and how it counts with one."""

import re
from pathlib import Path

import numpy as np
import pytest
import torch

from models.ner.checkpoint.loading import load
from models.ner.inference.forward import Forward, TransformersForward
from tests import checkpoints
from tests.benchmarks.gpu_speed import NO_GPU, InBatches, main, operations, random_windows, table

CPU = torch.device("cpu")


def test_without_a_gpu_it_says_so_and_ends_well(capsys: pytest.CaptureFixture[str]) -> None:
    """One sentence, no figure, no error."""
    if torch.cuda.is_available():
        pytest.skip("this machine has a GPU")
    main([])
    assert capsys.readouterr().out == NO_GPU


def test_the_table_compares_with_the_first(tmp_path: Path) -> None:
    """The reference agrees with itself; the other with it, and in batches; shares are of a peak."""
    checkpoint = load(str(checkpoints.deberta(tmp_path)))
    windows = random_windows(checkpoint, 3)
    known: dict[str, Forward] = {"exact": TransformersForward(checkpoint, CPU)}
    other = InBatches(checkpoint, CPU, torch.float32)
    found = list(table("tiny", {**known, other.name: other}, windows, 1, most=1e6))
    assert found[0] == "tiny: 3 windows, 768 pieces, median of 1"
    assert "1.00 x" in found[1]
    assert "transformers, float32" in found[2]
    assert found[1].endswith("100.00% of labels alike, probabilities within 0")
    assert all(re.search(r"[1-9][\d,]* tokens/s .* of peak", line) for line in found[1:])


def test_batches_of_the_eager_model_lose_no_window(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three windows in batches of two are the same three answers."""
    monkeypatch.setattr("tests.benchmarks.gpu_speed.EAGER_WINDOWS", 2)
    checkpoint = load(str(checkpoints.bert(tmp_path)))
    windows = random_windows(checkpoint, 3)
    expected = TransformersForward(checkpoint, CPU)(windows)
    found = InBatches(checkpoint, CPU, torch.float32)(windows)
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)


def test_operations_of_the_base_shape(tmp_path: Path) -> None:
    """DeBERTa-v3-base: twice its 85 million encoder weights a piece, and a sixth more to attend."""
    config = load(str(checkpoints.deberta(tmp_path))).model.config
    config.update({"hidden_size": 768, "intermediate_size": 3072, "num_hidden_layers": 12})
    assert operations(config, 1) == pytest.approx(2 * 84.9e6 * 1.167, rel=0.01)
