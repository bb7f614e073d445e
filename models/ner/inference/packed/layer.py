"""One transformer layer over packed windows."""

from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor
from torch.nn import functional

from models.ner.inference.packed.batch import Batch
from models.ner.inference.packed.blocks import by_blocks
from models.ner.inference.packed.dense import Dense


class Attention(Protocol):
    """What the pieces of one window take from each other."""

    def __call__(self, queries: Tensor, keys: Tensor, values: Tensor) -> Tensor:
        """Mix the values, all of shape [heads, pieces, head size]; the queries are scaled."""


@dataclass(frozen=True, slots=True)
class Norm:
    """A LayerNorm; torch computes it in single precision whatever the states are kept in."""

    weight: Tensor
    bias: Tensor
    epsilon: float

    def __call__(self, states: Tensor) -> Tensor:
        """Return the normalised states, kept as they came."""
        shape = self.weight.shape
        return functional.layer_norm(states, shape, self.weight, self.bias, self.epsilon)


@dataclass(frozen=True, slots=True)
class Layer:
    """Attention and feed-forward; `mix` gives queries, keys and values side by side.

    Only attention takes a window whole: all else is done to blocks of rows.
    """

    heads: int
    mix: Dense
    attention: Attention
    out: Dense
    norm: Norm
    up: Dense
    down: Dense
    last_norm: Norm

    def __call__(self, states: Tensor, batch: Batch, rows: Tensor | None = None) -> Tensor:
        """Return the next states, shape [pieces, hidden size]; of some rows alone where given."""
        attended = self._attended(states, batch)
        if rows is not None:
            attended, states = attended[rows], states[rows]
        return by_blocks(self._fed_forward, attended, states)

    def _fed_forward(self, attended: Tensor, states: Tensor) -> Tensor:
        states = self.norm(self.out.added(attended, states))
        return self.last_norm(self.down.added(self.up.activated(states), states))

    def _attended(self, states: Tensor, batch: Batch) -> Tensor:
        mixed = by_blocks(self.mix, states).view(len(states), 3, self.heads, -1)
        found = torch.empty_like(mixed[:, 0])
        for rows in batch.bounds:
            queries, keys, values = mixed[rows].permute(1, 2, 0, 3).contiguous()
            found[rows] = self.attention(queries, keys, values).transpose(0, 1)
        return found.view(len(states), -1)
