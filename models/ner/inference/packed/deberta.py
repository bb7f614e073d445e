"""DeBERTa-v2 and v3 token classification, packed."""

import math
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from models.ner.inference.packed.build import Projections, layer, projections
from models.ner.inference.packed.disentangled import Bucket, DisentangledAttention, Distances
from models.ner.inference.packed.layer import Layer
from models.ner.text.windows import WINDOW

if TYPE_CHECKING:
    from transformers import PreTrainedModel

NAME = "DebertaV2ForTokenClassification"
CONTENT_TO_PLACE, PLACE_TO_CONTENT = "c2p", "p2c"


@dataclass(frozen=True, slots=True)
class Places:
    """The relative positions as one layer projects them; they depend on the checkpoint alone.

    `keys` and `queries` (scaled) have shape [heads, buckets, head size], or are None where the
    layer uses none; `bucket` gives the row of a distance i - j.
    """

    keys: Tensor | None
    queries: Tensor | None
    bucket: Bucket


def fits(model: "PreTrainedModel") -> bool:
    """Say whether this is relative attention of the known kinds, without a convolution."""
    config = model.config
    if type(model).__name__ != NAME:
        return False
    kinds = set(config.pos_att_type or ())
    known = bool(kinds) and kinds <= {CONTENT_TO_PLACE, PLACE_TO_CONTENT}
    return known and config.relative_attention and getattr(config, "conv_kernel_size", 0) <= 0


def layers(model: Any, precision: torch.dtype) -> list[Layer]:
    """Return the layers of a model that fits."""
    encoder = model.deberta.encoder
    embedded = encoder.get_rel_embedding().detach()
    return [_layer(module, embedded, precision) for module in encoder.layer]


def mixing(own: Any) -> Projections:
    """Return a layer's queries (scaled), keys and values, of its self-attention module."""
    return projections(own.query_proj, own.key_proj, own.value_proj, _scale(own))


def places(own: Any, embedded: Tensor) -> Places:
    """Project the embedded relative positions, shape [buckets, hidden size], for one layer."""
    shared, kinds = own.share_att_key, own.pos_att_type

    def rows(projection: Any, factor: float) -> Tensor:
        projected: Tensor = (projection(embedded) * factor).detach()
        return projected.view(len(embedded), own.num_attention_heads, -1).transpose(0, 1)

    keys = queries = None
    if CONTENT_TO_PLACE in kinds:
        keys = rows(own.key_proj if shared else own.pos_key_proj, 1)
    if PLACE_TO_CONTENT in kinds:
        queries = rows(own.query_proj if shared else own.pos_query_proj, _scale(own))
    return Places(keys, queries, partial(_row, own))


def _layer(module: Any, embedded: Tensor, precision: torch.dtype) -> Layer:
    own = module.attention.self
    attention = _attention(places(own, embedded), precision)
    return layer(module, mixing(own), attention, precision)


def _attention(known: Places, precision: torch.dtype) -> DisentangledAttention:
    def table(rows: Tensor | None, sign: int) -> Distances | None:
        return None if rows is None else Distances(rows.to(precision), known.bucket, WINDOW, sign)

    return DisentangledAttention(table(known.keys, -1), table(known.queries, 1))


def _scale(own: Any) -> float:
    return 1 / math.sqrt(own.attention_head_size * (1 + len(set(own.pos_att_type))))


def _row(own: Any, distances: Tensor) -> Tensor:
    """Return the row of the relative embeddings for each distance i - j."""
    if own.position_buckets > 0:
        from transformers.models.deberta_v2.modeling_deberta_v2 import (  # noqa: PLC0415 loaded
            make_log_bucket_position,
        )

        distances = make_log_bucket_position(
            distances, own.position_buckets, own.max_relative_positions
        ).long()
    size: int = own.pos_ebd_size
    return (distances + size).clamp(0, 2 * size - 1)
