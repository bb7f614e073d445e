"""The layers of a transformers encoder, laid out for packed windows."""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from models.ner.inference.packed.dense import Dense, FusedDense, PlainDense
from models.ner.inference.packed.layer import Attention, Layer, Norm


@dataclass(frozen=True, slots=True)
class Projections:
    """The weights and biases of queries (already scaled), keys and values, side by side."""

    weight: Tensor
    bias: Tensor


def projections(queries: Any, keys: Any, values: Any, scale: float) -> Projections:
    """Put three linear modules into one, scaling the queries."""
    return Projections(
        torch.cat([queries.weight * scale, keys.weight, values.weight]).detach(),
        torch.cat([queries.bias * scale, keys.bias, values.bias]).detach(),
    )


def layer(module: Any, mix: Projections, attention: Attention, precision: torch.dtype) -> Layer:
    """Return a layer with the weights of a transformers one, of BERT or of DeBERTa."""
    attended, activation = module.attention, module.intermediate.intermediate_act_fn
    return Layer(
        heads=attended.self.num_attention_heads,
        mix=_dense(mix, precision),
        attention=attention,
        out=_dense(attended.output.dense, precision),
        norm=_norm(attended.output.LayerNorm),
        up=_dense(module.intermediate.dense, precision, activation),
        down=_dense(module.output.dense, precision),
        last_norm=_norm(module.output.LayerNorm),
    )


def _dense(linear: Any, precision: torch.dtype, activation: Any = None) -> Dense:
    weight, bias = linear.weight.detach(), linear.bias.detach()
    if precision == torch.bfloat16:
        return FusedDense(weight, bias, activation)
    return PlainDense(weight, bias, activation)


def _norm(module: Any) -> Norm:
    return Norm(module.weight.detach(), module.bias.detach(), module.eps)
