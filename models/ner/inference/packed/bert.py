"""BERT token classification, packed."""

import math
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from models.ner.inference.packed.build import Projections, layer, projections
from models.ner.inference.packed.layer import Layer

if TYPE_CHECKING:
    from transformers import PreTrainedModel

NAMES = frozenset({"BertForTokenClassification", "PlainBert"})


def fits(model: "PreTrainedModel") -> bool:
    """Say whether this is the plain encoder: no decoder, no cross-attention."""
    config = model.config
    plain = type(model).__name__ in NAMES
    return plain and not config.is_decoder and not config.add_cross_attention


def layers(model: Any, precision: torch.dtype) -> list[Layer]:
    """Return the layers of a model that fits."""
    return [_layer(module, precision) for module in model.bert.encoder.layer]


def mixing(own: Any) -> Projections:
    """Return a layer's queries (scaled), keys and values, of its self-attention module."""
    scale = 1 / math.sqrt(own.attention_head_size)
    return projections(own.query, own.key, own.value, scale)


def attend(queries: Tensor, keys: Tensor, values: Tensor) -> Tensor:
    """Mix the values of one window by content alone; the queries are scaled.

    All have the shape [heads, pieces, head size].
    """
    return torch.softmax(queries @ keys.transpose(1, 2), -1) @ values


def _layer(module: Any, precision: torch.dtype) -> Layer:
    return layer(module, mixing(module.attention.self), attend, precision)
