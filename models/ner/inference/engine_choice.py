"""Which forward pass reads with a checkpoint on a device."""

import torch

from models.ner.checkpoint.loading import Checkpoint
from models.ner.inference.forward import Forward, TransformersForward
from models.ner.inference.packed.forward import PackedForward, family
from models.ner.inference.packed.precision import fastest


def forward_for(
    checkpoint: Checkpoint, device: torch.device, precision: torch.dtype | None = None
) -> Forward:
    """Return the fastest forward that gives the checkpoint's own scores.

    A packed one for the architectures that it knows, else the transformers model.

    Args:
        checkpoint: the model.
        device: where it runs; on a GPU in bfloat16, once compared with the transformers model.
        precision: of the packed forward on a CPU; by default the fastest of the processor.
    """
    known = family(checkpoint.model)
    if device.type == "cuda":
        from models.ner.inference.gpu.engine_choice import forward_on  # noqa: PLC0415 with Triton

        return forward_on(checkpoint, device, known)
    if known is None:
        return TransformersForward(checkpoint, device)
    return PackedForward(checkpoint, known, precision or fastest())
