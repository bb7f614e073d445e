"""DeBERTa-v2 and v3 token classification, packed."""

import math
from functools import partial
from typing import Any

import torch
from torch import Tensor
from transformers import DebertaV2ForTokenClassification, PreTrainedModel
from transformers.models.deberta_v2.modeling_deberta_v2 import make_log_bucket_position

from models.ner.packed.build import layer, projections
from models.ner.packed.disentangled import DisentangledAttention, Distances
from models.ner.packed.layer import Layer
from models.ner.windows import WINDOW

CONTENT_TO_PLACE, PLACE_TO_CONTENT = "c2p", "p2c"


def fits(model: PreTrainedModel) -> bool:
    """Say whether this is relative attention of the known kinds, without a convolution."""
    config = model.config
    if type(model) is not DebertaV2ForTokenClassification:
        return False
    kinds = set(config.pos_att_type or ())
    known = bool(kinds) and kinds <= {CONTENT_TO_PLACE, PLACE_TO_CONTENT}
    return known and config.relative_attention and getattr(config, "conv_kernel_size", 0) <= 0


def layers(model: Any, precision: torch.dtype) -> list[Layer]:
    """Return the layers of a model that fits."""
    encoder = model.deberta.encoder
    places = encoder.get_rel_embedding().detach()
    return [_layer(module, places, precision) for module in encoder.layer]


def _layer(module: Any, places: Tensor, precision: torch.dtype) -> Layer:
    own = module.attention.self
    scale = 1 / math.sqrt(own.attention_head_size * (1 + len(set(own.pos_att_type))))
    mix = projections(own.query_proj, own.key_proj, own.value_proj, scale)
    return layer(module, mix, _attention(own, places, scale, precision), precision)


def _attention(
    own: Any, places: Tensor, scale: float, precision: torch.dtype
) -> DisentangledAttention:
    def table(projection: Any, factor: float, sign: int) -> Distances:
        rows = (projection(places) * factor).detach().to(precision)
        heads = rows.view(len(rows), own.num_attention_heads, -1).transpose(0, 1)
        return Distances(heads, partial(_row, own), WINDOW, sign)

    shared, kinds = own.share_att_key, own.pos_att_type
    keys = queries = None
    if CONTENT_TO_PLACE in kinds:
        keys = table(own.key_proj if shared else own.pos_key_proj, 1, -1)
    if PLACE_TO_CONTENT in kinds:
        queries = table(own.query_proj if shared else own.pos_query_proj, scale, 1)
    return DisentangledAttention(keys, queries)


def _row(own: Any, distances: Tensor) -> Tensor:
    """Return the row of the relative embeddings for each distance i - j."""
    if own.position_buckets > 0:
        distances = make_log_bucket_position(
            distances, own.position_buckets, own.max_relative_positions
        ).long()
    size: int = own.pos_ebd_size
    return (distances + size).clamp(0, 2 * size - 1)
