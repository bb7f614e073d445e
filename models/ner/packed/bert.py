"""BERT token classification, packed."""

import math
from typing import Any

import torch
from transformers import BertForTokenClassification, PreTrainedModel

from models.ner.packed.attention import attend
from models.ner.packed.build import layer, projections
from models.ner.packed.layer import Layer


def fits(model: PreTrainedModel) -> bool:
    """Say whether this is the plain encoder: no decoder, no cross-attention."""
    config = model.config
    plain = type(model) is BertForTokenClassification
    return plain and not config.is_decoder and not config.add_cross_attention


def layers(model: Any, precision: torch.dtype) -> list[Layer]:
    """Return the layers of a model that fits."""
    return [_layer(module, precision) for module in model.bert.encoder.layer]


def _layer(module: Any, precision: torch.dtype) -> Layer:
    own = module.attention.self
    scale = 1 / math.sqrt(own.attention_head_size)
    return layer(module, projections(own.query, own.key, own.value, scale), attend, precision)
