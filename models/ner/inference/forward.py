"""The forward pass: windows of pieces in, label probabilities out.

`Forward` is the one interface; `TransformersForward` is the reference behind it.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import torch

from models.ner.checkpoint.loading import Checkpoint
from models.ner.text.encoding import Ids, Scores
from models.ner.text.words import Offsets


class Forward(Protocol):
    """Scores windows of pieces; `name` says how, for the log. Threads may share it."""

    name: str

    def __call__(
        self, windows: Sequence[Ids], wanted: Sequence[Offsets] | None = None
    ) -> list[Scores]:
        """Return log probabilities, shape [wanted pieces, labels], of each window.

        The windows hold no special pieces; the columns are the decoder's. `wanted` are the places
        in each window that are asked for, ascending; None asks for every piece.
        """


def everything(windows: Sequence[Ids]) -> list[Offsets]:
    """Return the places of all pieces of each window."""
    return [np.arange(len(window), dtype=np.int32) for window in windows]


class TransformersForward:
    """The checkpoint's own transformers model, on padded batches."""

    def __init__(self, checkpoint: Checkpoint, device: torch.device) -> None:
        self.name = f"transformers {checkpoint.model.config.model_type}, fp32, {device}"
        self._model = torch.nn.Module.to(checkpoint.model, device)
        self._columns = torch.tensor(checkpoint.labels.columns, device=device)
        self._device = device
        tokenizer = checkpoint.tokenizer
        self._open, self._close, self._pad = (
            tokenizer.cls_token_id,
            tokenizer.sep_token_id,
            tokenizer.pad_token_id,
        )

    @torch.inference_mode()
    def __call__(
        self, windows: Sequence[Ids], wanted: Sequence[Offsets] | None = None
    ) -> list[Scores]:
        """Return the log probabilities of each window, from one padded batch."""
        if not windows:
            return []
        ids = self._batch(windows).to(self._device)
        mask = (torch.arange(ids.shape[1]) < self._lengths(windows)[:, None]).to(self._device)
        logits = self._model(input_ids=ids, attention_mask=mask.long()).logits[..., self._columns]
        scores: Scores = logits.float().log_softmax(-1).cpu().numpy()
        places = everything(windows) if wanted is None else wanted
        return [row[1 + place] for row, place in zip(scores, places, strict=True)]

    def _batch(self, windows: Sequence[Ids]) -> torch.Tensor:
        rows = [torch.tensor([self._open, *window.tolist(), self._close]) for window in windows]
        return torch.nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=self._pad)

    def _lengths(self, windows: Sequence[Ids]) -> torch.Tensor:
        return torch.tensor([len(window) + 2 for window in windows])
