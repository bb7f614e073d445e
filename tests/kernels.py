"""Forwards through the GPU's kernels: on a GPU where there is one, else interpreted on the CPU."""

import sys
from copy import deepcopy
from dataclasses import replace

import pytest
import torch

from models.ner.checkpoint.loading import Checkpoint
from models.ner.inference.gpu.forward import GpuForward
from models.ner.inference.packed.forward import family
from tests.fakes.repeating_machine import RepeatingMachine

DEVICE = torch.device("cuda", 0) if torch.cuda.is_available() else torch.device("cpu")


def direct(checkpoint: Checkpoint, precision: torch.dtype) -> GpuForward:
    """Return a forward that launches each kernel of each batch."""
    need_triton()
    from models.ner.inference.gpu.build import network  # noqa: PLC0415 there is no Triton on other systems
    from models.ner.inference.gpu.runner import DirectRunner  # noqa: PLC0415

    runner = DirectRunner(network(moved(checkpoint), name(checkpoint), precision))
    return GpuForward(checkpoint, runner, "direct")


def replayed(checkpoint: Checkpoint, precision: torch.dtype) -> GpuForward:
    """Return a forward that replays graphs; without a GPU a replay does the work again."""
    need_triton()
    from models.ner.inference.gpu.buckets import Bucket  # noqa: PLC0415
    from models.ner.inference.gpu.build import network  # noqa: PLC0415
    from models.ner.inference.gpu.cuda import Cuda  # noqa: PLC0415
    from models.ner.inference.gpu.graphs import GraphRunner  # noqa: PLC0415

    machine = Cuda(DEVICE) if DEVICE.type == "cuda" else RepeatingMachine()
    known = network(moved(checkpoint), name(checkpoint), precision)
    runner = GraphRunner(known, machine, (Bucket(64, 4), Bucket(320, 8)))
    return GpuForward(checkpoint, runner, "replayed")


def name(checkpoint: Checkpoint) -> str:
    """Return the family of a checkpoint that can be packed."""
    known = family(checkpoint.model)
    assert known
    return known.name


def moved(checkpoint: Checkpoint) -> Checkpoint:
    """Return a copy on the device, since tests share the original."""
    model = torch.nn.Module.to(deepcopy(checkpoint.model), DEVICE)
    return replace(checkpoint, model=model)


def need_triton() -> None:
    """Skip a test where no Triton can be; on Linux its absence is an error."""
    if sys.platform != "linux":
        pytest.skip("Triton, which the GPU's kernels are written in, exists for Linux only")
