"""Linear layers over packed pieces, with what follows them in the same pass."""

from collections.abc import Callable
from typing import Protocol

import torch
from torch import Tensor
from torch.nn import functional

from models.ner.inference.packed import blocks

Activation = Callable[[Tensor], Tensor]
FUSED = {"GELUActivation": "gelu", "GELU": "gelu", "ReLU": "relu"}
"""What oneDNN calls the activations of transformers and of torch."""


class Dense(Protocol):
    """y = x W^T + b, over x of shape [pieces, inputs]."""

    def __call__(self, states: Tensor) -> Tensor:
        """Return y, shape [pieces, outputs]."""

    def activated(self, states: Tensor) -> Tensor:
        """Return the activation of y."""

    def added(self, states: Tensor, residual: Tensor) -> Tensor:
        """Return y + residual."""


class PlainDense:
    """A linear layer by torch; it shares the weights it is given."""

    def __init__(self, weight: Tensor, bias: Tensor, activation: Activation | None) -> None:
        self._weight, self._bias, self._activation = weight, bias, activation or _unchanged

    def __call__(self, states: Tensor) -> Tensor:
        """Return y."""
        return functional.linear(states, self._weight, self._bias)

    def activated(self, states: Tensor) -> Tensor:
        """Return the activation of y."""
        return self._activation(self(states))

    def added(self, states: Tensor, residual: Tensor) -> Tensor:
        """Return y + residual."""
        return self(states).add_(residual)


class FusedDense:
    """A linear layer in bfloat16 by oneDNN, its weights laid out once.

    The sum, the activation and the residual are formed in single precision before they are rounded.
    torch's own compiler calls the same operators; torch is pinned exactly, so they stay put.
    """

    def __init__(self, weight: Tensor, bias: Tensor, activation: Activation | None) -> None:
        narrow = weight.to(torch.bfloat16)
        self._weight = torch.ops.mkldnn._reorder_linear_weight(narrow, blocks.BLOCK)  # noqa: SLF001
        self._bias = bias.to(torch.bfloat16)
        self._fused = FUSED.get(type(activation).__name__, "none")
        self._activation = activation if activation and self._fused == "none" else _unchanged

    def __call__(self, states: Tensor) -> Tensor:
        """Return y."""
        return self._run(states, "none")

    def activated(self, states: Tensor) -> Tensor:
        """Return the activation of y."""
        return self._activation(self._run(states, self._fused))

    def added(self, states: Tensor, residual: Tensor) -> Tensor:
        """Return y + residual."""
        run = torch.ops.mkldnn._linear_pointwise.binary  # noqa: SLF001
        summed: Tensor = run(states, residual, self._weight, self._bias, "add")
        return summed

    def _run(self, states: Tensor, then: str) -> Tensor:
        run = torch.ops.mkldnn._linear_pointwise  # noqa: SLF001
        result: Tensor = run(states, self._weight, self._bias, then, [], "none")
        return result


def _unchanged(states: Tensor) -> Tensor:
    return states
