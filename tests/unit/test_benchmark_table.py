"""What the table of speeds says: the arithmetic behind its shares, its medians, its verdicts."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from models.ner.checkpoint.loading import load
from models.ner.inference.engine_choice import forward_for
from models.ner.inference.passages import passages
from models.ner.text.encoding import encode
from tests import checkpoints
from tests.benchmarks import hardware
from tests.benchmarks.measuring import Row, over_blocks

TEXTS = ["Biopsy showed invasive carcinoma of the cervix. " * 9, "No fever.", "INR was 2.5 today."]


@pytest.mark.parametrize("make", [checkpoints.bert, checkpoints.deberta])
def test_the_arithmetic_is_that_of_the_forward_pass(
    make: Callable[[Path], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is counted on paper is what torch counts while the packed forward runs, unfilled."""
    monkeypatch.setattr("models.ner.inference.packed.blocks.BLOCK", 1)
    checkpoint = load(str(make(tmp_path)))
    work = [*passages([encode(text, checkpoint.tokenizer) for text in TEXTS])]
    forward = forward_for(checkpoint, torch.device("cpu"), torch.float32)
    in_place = {torch.ops.aten.baddbmm_: _product}  # torch counts the one that makes its result
    with FlopCounterMode(display=False, custom_mapping=in_place) as counted:
        forward([each.ids for each in work], [each.wanted for each in work])
    wanted = sum(len(each.wanted) for each in work)
    config = checkpoint.model.config
    head = 2 * wanted * config.hidden_size * len(checkpoint.labels.names)
    expected = hardware.operations(config, work)
    assert counted.get_total_flops() == pytest.approx(expected + head)


def _product(_sum: object, left: torch.Size, right: torch.Size, **_: object) -> int:
    return 2 * left.numel() * right[-1]


def test_a_ratio_compares_the_same_block(monkeypatch: pytest.MonkeyPatch) -> None:
    """A block that is slow for all says nothing; the median leaves out one that is slow for one."""
    clock = iter(np.cumsum([0, 4, 0, 2, 0, 40, 0, 20, 0, 4, 0, 99]))
    monkeypatch.setattr("time.process_time", lambda: next(clock))
    found = over_blocks({"base": len, "own": len}, [["a"], ["b"], ["c"]], "base")
    assert found == {"base": 1.0, "own": 2.0}


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        (Row("a", "b", 3.1, 3.0), "at least 3"),
        (Row("a", "b", 2.9, 3.0), "NO"),
        (Row("a", "b", 301, 300, "MB", most=True), "NO"),
        (Row("a", "b", 299, 300, "MB", most=True), "at most 300"),
    ],
)
def test_a_row_says_whether_its_target_is_met(row: Row, verdict: str) -> None:
    """At least and at most are told apart."""
    assert verdict in str(row)
    assert ("NO" in str(row)) == (verdict == "NO")
