"""One stage of training: windows of texts, a loss, and gradient descent."""

import random
from collections.abc import Callable, Sequence

import torch
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from models.ner.text.encoding import Ids
from models.ner.training.dataset import Example, Labels, masked, windows
from models.ner.training.descent import Descent
from models.ner.training.recipe import Recipe

Loss = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]  # of logits, and what stands for labels


class Trainer:
    """A model that learns texts, by a loss of its logits and their labels."""

    def __init__(
        self,
        model: PreTrainedModel,
        tokenizer: PreTrainedTokenizerFast,
        recipe: Recipe,
        loss: Loss,
    ) -> None:
        self._model, self._tokenizer, self._recipe = model, tokenizer, recipe
        self._criterion = loss
        self._rng = random.Random(recipe.seed)  # noqa: S311  # repeatable, not secret
        self._size = recipe.batch_size * recipe.accumulate

    def train(
        self, epochs: Sequence[Sequence[Example]], report: Callable[[int, float], None]
    ) -> None:
        """Train on the texts of each epoch in turn; leave the averaged weights."""
        steps = sum(map(self._steps, epochs))
        descent = Descent(self._model, self._recipe, self._recipe.learning_rate, steps)
        torch.manual_seed(self._recipe.seed)  # whether or not a stage went before
        self._model.train()
        for epoch, texts in enumerate(epochs, start=1):
            cut = windows(texts, self._recipe.window, self._tokenizer, self._rng)
            report(epoch, self._epoch(cut, descent))
        descent.finish()

    def _steps(self, texts: Sequence[Example]) -> int:
        pieces = sum(len(each.ids) + 1 for each in texts)
        return max(1, pieces // (self._recipe.window - 2) // self._size)

    def _epoch(self, cut: Example, descent: Descent) -> float:
        """Train on all windows once; return the mean loss of a step."""
        losses = []
        for start in range(0, len(cut.ids), self._size):
            losses.append(self._gradients(start, min(start + self._size, len(cut.ids)), cut))
            descent.step()
        return sum(losses) / len(losses)

    def _gradients(self, start: int, stop: int, cut: Example) -> float:
        """Add up the gradients of the windows from `start` to `stop`; return their mean loss."""
        firsts = range(start, stop, self._recipe.batch_size)
        total = 0.0
        for first in firsts:
            some = slice(first, min(first + self._recipe.batch_size, stop))
            loss = self._loss(cut.ids[some], cut.labels[some]) / len(firsts)
            loss.backward()  # type: ignore[no-untyped-call]
            total += float(loss.detach())
        return total

    def _loss(self, ids: Ids, labels: Labels) -> torch.Tensor:
        seen = masked(torch.from_numpy(ids), self._recipe.mask, self._tokenizer)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self._recipe.bf16):
            logits = self._model(input_ids=seen).logits
        return self._criterion(logits, torch.from_numpy(labels))
