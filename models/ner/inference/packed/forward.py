"""The packed forward pass: the same scores as the transformers model, without padding.

All windows of a batch go through the linear layers as the rows of one matrix, a block at a time,
and attend each on its own: a window scores the same, to the last bit, whatever else is read.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

from models.ner.checkpoint.loading import Checkpoint
from models.ner.inference.forward import everything
from models.ner.inference.packed import bert, deberta
from models.ner.inference.packed.batch import Batch, in_blocks, pack, unpack
from models.ner.inference.packed.blocks import by_blocks
from models.ner.inference.packed.layer import Layer
from models.ner.inference.packed.precision import spelled
from models.ner.text.encoding import Ids, Scores
from models.ner.text.words import Offsets

if TYPE_CHECKING:
    from transformers import PreTrainedModel


class Family(NamedTuple):
    """An architecture that can be packed."""

    name: str
    fits: Callable[["PreTrainedModel"], bool]
    layers: Callable[[Any, torch.dtype], list[Layer]]


FAMILIES = (
    Family("BERT", bert.fits, bert.layers),
    Family("DeBERTa", deberta.fits, deberta.layers),
)


def family(model: "PreTrainedModel") -> Family | None:
    """Return the family that knows how to pack a model; None when none does."""
    return next((each for each in FAMILIES if each.fits(model)), None)


class PackedForward:
    """A checkpoint's weights, packed for the CPU; holds no state of a call, so threads share it."""

    def __init__(self, checkpoint: Checkpoint, known: Family, precision: torch.dtype) -> None:
        model: Any = checkpoint.model
        self.name = f"packed {known.name}, {spelled(precision)}"
        self._precision = precision
        self._edges = checkpoint.tokenizer.cls_token_id, checkpoint.tokenizer.sep_token_id
        self._embed = model.base_model.embeddings
        with torch.inference_mode():
            self._layers = known.layers(model, precision)
            columns = list(checkpoint.labels.columns)
            self._weight = model.classifier.weight[columns]
            self._bias = model.classifier.bias[columns]

    @torch.inference_mode()
    def __call__(
        self, windows: Sequence[Ids], wanted: Sequence[Offsets] | None = None
    ) -> list[Scores]:
        """Return the log probabilities of each window."""
        if not windows:
            return []
        places = everything(windows) if wanted is None else wanted
        batch = in_blocks(pack(windows, places, *self._edges))
        scores: Scores = by_blocks(self._scored, self._states(batch)).numpy()
        return list(unpack(scores, batch))

    def _states(self, batch: Batch) -> Tensor:
        """Return the last states of the wanted rows; the others are left where nobody asks."""
        states = by_blocks(self._embedded, batch.ids, batch.positions)
        for layer in self._layers[:-1]:
            states = layer(states, batch)
        return self._layers[-1](states, batch, batch.wanted)

    def _embedded(self, ids: Tensor, positions: Tensor) -> Tensor:
        states: Tensor = self._embed(input_ids=ids[None], position_ids=positions[None])[0]
        return states.to(self._precision)

    def _scored(self, states: Tensor) -> Tensor:
        return functional.linear(states.float(), self._weight, self._bias).log_softmax(-1)
