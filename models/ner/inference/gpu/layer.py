"""One transformer layer over packed windows, on a GPU."""

from dataclasses import dataclass

import triton
from torch import Tensor

from models.ner.inference.gpu.attention import Attention
from models.ner.inference.gpu.kernels.norm import normalise
from models.ner.inference.packed.dense import Dense

NUMBERS = 4096  # that one program of the norm holds: few enough for its registers


@dataclass(frozen=True, slots=True)
class ResidualNorm:
    """LayerNorm of a sum, in single precision whatever the states are kept in."""

    weight: Tensor
    bias: Tensor
    epsilon: float

    def __call__(self, change: Tensor, states: Tensor) -> Tensor:
        """Return the normalised sum of two matrices, shape [pieces, hidden size]."""
        rows, width = states.shape
        padded = triton.next_power_of_2(width)
        block = max(1, NUMBERS // padded)
        found = states.new_empty(rows, width)
        normalise[(triton.cdiv(rows, block),)](
            change,
            states,
            self.weight,
            self.bias,
            found,
            rows,
            self.epsilon,
            width=width,
            padded=padded,
            block=block,
        )
        return found


@dataclass(frozen=True, slots=True)
class Layer:
    """Attention and feed-forward; `mix` gives queries, keys and values side by side."""

    heads: int
    mix: Dense
    attention: Attention
    out: Dense
    norm: ResidualNorm
    up: Dense
    down: Dense
    last_norm: ResidualNorm

    def __call__(self, states: Tensor, tiles: Tensor, reach: int) -> Tensor:
        """Return the next states, shape [pieces, hidden size]."""
        mixed = self.mix(states).view(len(states), 3, self.heads, -1)
        states = self.norm(self.out(self.attention(mixed, tiles, reach)), states)
        return self.last_norm(self.down(self.up.activated(states)), states)
