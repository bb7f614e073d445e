"""Which forward reads on a GPU: the packed one where it proves itself, else transformers' own."""

import logging
from collections.abc import Callable

import torch

from models.ner.checkpoint.loading import Checkpoint
from models.ner.inference.device import current
from models.ner.inference.forward import Forward, TransformersForward
from models.ner.inference.gpu import agreement
from models.ner.inference.gpu.cuda import Cuda
from models.ner.inference.gpu.forward import GpuForward
from models.ner.inference.gpu.out_of_memory import Halving
from models.ner.inference.packed.forward import Family
from models.ner.inference.packed.precision import spelled

log = logging.getLogger(__name__)

Build = Callable[[], Forward]


def forward_on(checkpoint: Checkpoint, device: torch.device, known: Family | None) -> Forward:
    """Return a GPU's forward, warmed up and compared with the transformers model.

    Its name says how it reads, how well the two agreed, or why the packed one is not used.

    Args:
        checkpoint: the model, which moves to the device.
        device: a CUDA device.
        known: how the architecture is packed; None when it cannot be.
    """
    reference = TransformersForward(checkpoint, device)
    if known is None:
        return Halving(reference, torch.cuda.empty_cache)
    with current(device):
        checked = proven(checkpoint, reference, lambda: packed(checkpoint, device, known))
    return Halving(checked, torch.cuda.empty_cache)


def proven(checkpoint: Checkpoint, reference: Forward, build: Build) -> Forward:
    """Return what `build` makes if it agrees with the reference on a few windows, else that."""
    asked = list(agreement.windows(checkpoint.tokenizer))
    try:
        fast = build()
        found = agreement.compare(reference(asked), fast(asked))
    except Exception as error:  # noqa: BLE001 a driver or a compiler may raise anything
        return _rejected(reference, f"{type(error).__name__}: {error}".partition("\n")[0])
    if not found.good:
        return _rejected(reference, str(found))
    fast.name = f"{fast.name} ({found})"
    return fast


def packed(checkpoint: Checkpoint, device: torch.device, known: Family) -> Forward:
    """Return the packed forward in bfloat16, its graphs captured.

    Raises:
        RuntimeError: the GPU does not multiply bfloat16.
        ImportError: Triton is not installed; CUDA builds of torch bring it.
    """
    if not torch.cuda.is_bf16_supported(including_emulation=False):
        raise RuntimeError("this GPU does not multiply bfloat16")
    from models.ner.inference.gpu.build import network  # noqa: PLC0415 only a GPU needs Triton
    from models.ner.inference.gpu.graphs import GraphRunner  # noqa: PLC0415 likewise

    precision = torch.bfloat16
    runner = GraphRunner(network(checkpoint, known.name, precision), Cuda(device))
    return GpuForward(checkpoint, runner, f"packed {known.name}, {spelled(precision)}, {device}")


def _rejected(reference: Forward, reason: str) -> Forward:
    log.warning("the packed forward is not used: %s", reason)
    reference.name = f"{reference.name} (not packed: {reason})"
    return reference
