"""Intermediate training: the encoder learns neighbouring corpora, each with a head of its own.

Phang et al., Sentence Encoders on STILTs, 2018. The heads are thrown away.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import nn
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from models.ner.training.corpora import Corpus, examples
from models.ner.training.dataset import Example, windows
from models.ner.training.descent import Descent, labelled_loss
from models.ner.training.recipe import Recipe


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows of one corpus: pieces and labels, shape [windows, pieces] both."""

    corpus: int
    ids: torch.Tensor
    labels: torch.Tensor


class Tagger(nn.Module):
    """An encoder with a head for each corpus."""

    def __init__(self, encoder: nn.Module, width: int, labels: Sequence[int]) -> None:
        super().__init__()
        self.encoder = encoder
        self.heads = nn.ModuleList(nn.Linear(width, each) for each in labels)

    def forward(self, batch: Batch) -> torch.Tensor:
        """Return the logits of a batch, shape [windows, pieces, labels of its corpus]."""
        states = self.encoder(input_ids=batch.ids).last_hidden_state
        logits: torch.Tensor = self.heads[batch.corpus](states)
        return logits


def teach(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerFast,
    corpora: Sequence[Corpus],
    recipe: Recipe,
    report: Callable[[int, float], None],
) -> None:
    """Train the encoder of a model on tagged corpora, in place; report each epoch's mean loss."""
    rng = random.Random(recipe.seed)  # noqa: S311  # repeatable, not secret
    texts = [examples(corpus, tokenizer) for corpus in corpora]
    steps = recipe.auxiliary_epochs * len(_batches(texts, tokenizer, recipe, rng))
    labels = [corpus.labels for corpus in corpora]
    tagger = Tagger(model.base_model, model.config.hidden_size, labels).train()
    descent = Descent(tagger, recipe, recipe.auxiliary_rate, steps)
    for epoch in range(1, recipe.auxiliary_epochs + 1):
        batches = _batches(texts, tokenizer, recipe, rng)
        losses = [_step(tagger, descent, batch, recipe) for batch in batches]
        report(epoch, sum(losses) / len(losses))
    descent.finish()


def _batches(
    texts: Sequence[Sequence[Example]],
    tokenizer: PreTrainedTokenizerFast,
    recipe: Recipe,
    rng: random.Random,
) -> list[Batch]:
    """Cut every corpus into batches, all of them in one random order."""
    cut = [windows(each, recipe.window, tokenizer, rng) for each in texts]
    batches = [batch for corpus, each in enumerate(cut) for batch in _of(corpus, each, recipe)]
    return rng.sample(batches, len(batches))


def _of(corpus: int, cut: Example, recipe: Recipe) -> Iterator[Batch]:
    size = recipe.batch_size * recipe.accumulate
    for start in range(0, len(cut.ids), size):
        ids, labels = (
            torch.from_numpy(each[start : start + size]) for each in (cut.ids, cut.labels)
        )
        yield Batch(corpus, ids, labels)


def _step(tagger: Tagger, descent: Descent, batch: Batch, recipe: Recipe) -> float:
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=recipe.bf16):
        logits = tagger(batch)
    loss = labelled_loss(logits, batch.labels, recipe.label_smoothing)
    loss.backward()  # type: ignore[no-untyped-call]
    descent.step()
    return float(loss.detach())
