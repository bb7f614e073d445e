"""The network of a checkpoint that can be packed, laid out on a GPU."""

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor, nn

from models.ner.checkpoint.loading import Checkpoint
from models.ner.inference.gpu.attention import Attention, Distances
from models.ner.inference.gpu.layer import Layer, ResidualNorm
from models.ner.inference.gpu.network import Network
from models.ner.inference.packed import bert, deberta
from models.ner.inference.packed.build import Projections
from models.ner.inference.packed.dense import Activation, PlainDense

Parts = Iterator[tuple[Any, Projections, Attention]]


@torch.inference_mode()
def network(checkpoint: Checkpoint, family: str, precision: torch.dtype) -> Network:
    """Return a checkpoint's network, on the device where its model lies.

    Args:
        checkpoint: the model; its embeddings are shared, the rest is copied.
        family: its name among `models.ner.inference.packed.forward.FAMILIES`.
        precision: of the states and of the matrices.
    """
    model: Any = checkpoint.model
    columns = list(checkpoint.labels.columns)
    return Network(
        embed=model.base_model.embeddings,
        layers=[_layer(*part, precision) for part in PARTS[family](model, precision)],
        weight=model.classifier.weight.detach()[columns],
        bias=model.classifier.bias.detach()[columns],
        precision=precision,
    )


def _bert(model: Any, _: torch.dtype) -> Parts:
    for module in model.bert.encoder.layer:
        yield module, bert.mixing(module.attention.self), Attention()


def _deberta(model: Any, precision: torch.dtype) -> Parts:
    embedded = model.deberta.encoder.get_rel_embedding().detach()
    for module in model.deberta.encoder.layer:
        own = module.attention.self
        yield module, deberta.mixing(own), _attention(deberta.places(own, embedded), precision)


PARTS: dict[str, Callable[[Any, torch.dtype], Parts]] = {"BERT": _bert, "DeBERTa": _deberta}


def _attention(places: deberta.Places, precision: torch.dtype) -> Attention:
    def table(rows: Tensor | None, sign: int) -> Distances | None:
        return None if rows is None else Distances(rows.to(precision), places.bucket, sign)

    return Attention(table(places.keys, -1), table(places.queries, 1))


def _layer(module: Any, mix: Projections, attention: Attention, precision: torch.dtype) -> Layer:
    def dense(linear: Any, activation: Activation | None = None) -> PlainDense:
        weight, bias = linear.weight.detach(), linear.bias.detach()
        return PlainDense(weight.to(precision), bias.to(precision), activation)

    attended = module.attention
    return Layer(
        heads=attended.self.num_attention_heads,
        mix=dense(mix),
        attention=attention,
        out=dense(attended.output.dense),
        norm=_norm(attended.output.LayerNorm),
        up=dense(module.intermediate.dense, module.intermediate.intermediate_act_fn),
        down=dense(module.output.dense),
        last_norm=_norm(module.output.LayerNorm),
    )


def _norm(module: nn.LayerNorm) -> ResidualNorm:
    return ResidualNorm(module.weight.detach(), module.bias.detach(), module.eps)
