"""A checkpoint's whole network over one frame, on the device where its weights lie."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from models.ner.inference.gpu.batch_frame import Frame
from models.ner.inference.gpu.layer import Layer


@dataclass(frozen=True, slots=True)
class Network:
    """Embeddings, layers and the label head; norms and head compute in single precision."""

    embed: Callable[..., Tensor]
    layers: Sequence[Layer]
    weight: Tensor
    bias: Tensor
    precision: torch.dtype

    @property
    def device(self) -> torch.device:
        """Where it computes."""
        return self.weight.device

    @torch.inference_mode()
    def __call__(self, frame: Frame, reach: int) -> Tensor:
        """Return the log probabilities of the wanted rows, shape [pieces, labels].

        `reach` is at least the length of the longest window.
        """
        embedded = self.embed(input_ids=frame.ids[None], position_ids=frame.positions[None])[0]
        states = embedded.to(self.precision)
        for layer in self.layers:
            states = layer(states, frame.tiles, reach)
        asked = states[frame.wanted].float()
        return functional.linear(asked, self.weight, self.bias).log_softmax(-1)
