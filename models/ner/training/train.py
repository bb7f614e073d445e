"""Training: annotated texts and a recipe in, a checkpoint folder out."""

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

import torch
from transformers import (
    AutoConfig,
    AutoModelForTokenClassification,
    AutoTokenizer,
    PreTrainedModel,
    PreTrainedTokenizerFast,
)

from models.errors import CheckpointError, MissingCorpora
from models.ner import bigrams
from models.ner.bigrams import Follows
from models.ner.brat import AnnotatedText
from models.ner.checkpoint import quieten
from models.ner.encoding import Ids
from models.ner.labels import TYPES, bio_names
from models.ner.training import intermediate
from models.ner.training.base import base_folder
from models.ner.training.corpora import Corpus
from models.ner.training.dataset import Example, Labels, example, masked, windows, word_labels
from models.ner.training.descent import Descent, labelled_loss
from models.ner.training.recipe import Recipe
from models.ner.words import words_of


@dataclass(frozen=True, slots=True)
class Progress:
    """One finished epoch of a stage and its mean training loss, in nats per labelled piece."""

    stage: str
    epoch: int
    loss: float


Report = Callable[[Progress], None]


def train(
    texts: Sequence[AnnotatedText],
    recipe: Recipe,
    out: Path,
    report: Report,
    corpora: Sequence[Corpus] = (),
) -> None:
    """Train a token classifier and save it as a checkpoint folder; the same seed repeats it.

    Args:
        texts: what the model is to find.
        recipe: the hyperparameters.
        out: the folder that is written.
        report: called after each epoch.
        corpora: what the encoder is taught before, where the recipe has `auxiliary_epochs`.

    Raises:
        CheckpointError: the base encoder cannot be loaded.
        MissingCorpora: the recipe needs auxiliary corpora, and none are given.
    """
    if recipe.auxiliary_epochs and not corpora:
        raise MissingCorpora
    model, tokenizer = trained(texts, recipe, report, corpora)
    save(model, tokenizer, recipe, out)
    if recipe.bigrams:
        bigrams.write(label_bigrams(texts, recipe), out)


def label_bigrams(texts: Sequence[AnnotatedText], recipe: Recipe) -> Follows:
    """Learn how labels follow each other in texts, shape [labels, labels]."""
    paths = (word_labels(words_of(text.text), text) for text in texts)
    return bigrams.learn(paths, len(bio_names(TYPES)), recipe.bigrams)


def trained(
    texts: Sequence[AnnotatedText], recipe: Recipe, report: Report, corpora: Sequence[Corpus]
) -> tuple[PreTrainedModel, PreTrainedTokenizerFast]:
    """Return a trained model, in single precision, and its tokenizer."""
    model, tokenizer = taught(recipe, report, corpora)
    examples = [example(text, tokenizer) for text in texts]
    Trainer(model, tokenizer, recipe).train(examples, _telling(report, "notes"))
    return model, tokenizer


def taught(
    recipe: Recipe, report: Report, corpora: Sequence[Corpus]
) -> tuple[PreTrainedModel, PreTrainedTokenizerFast]:
    """Return the base encoder with a fresh head, after the auxiliary stage where there is one."""
    quieten()
    torch.manual_seed(recipe.seed)
    model, tokenizer = load_base(recipe)
    if recipe.auxiliary_epochs:
        intermediate.teach(model, tokenizer, corpora, recipe, _telling(report, "auxiliary"))
    return model, tokenizer


def _telling(report: Report, stage: str) -> Callable[[int, float], None]:
    return lambda epoch, loss: report(Progress(stage, epoch, loss))


def load_base(recipe: Recipe) -> tuple[PreTrainedModel, PreTrainedTokenizerFast]:
    """Load the encoder with a fresh head for the 41 types."""
    names = bio_names(TYPES)
    folder = base_folder(recipe.base)
    try:
        config = AutoConfig.from_pretrained(
            folder,
            id2label=dict(enumerate(names)),
            label2id={name: column for column, name in enumerate(names)},
        )
        config.hidden_dropout_prob = recipe.dropout  # BERT's and DeBERTa's heads use it too
        config.attention_probs_dropout_prob = recipe.attention_dropout
        model = AutoModelForTokenClassification.from_pretrained(
            folder, config=config, dtype=torch.float32, attn_implementation="eager"
        )  # torch's fused attention learns a sixth slower on a CPU
        tokenizer = AutoTokenizer.from_pretrained(folder)
    except (OSError, ValueError, KeyError) as error:
        raise CheckpointError(reference=recipe.base, reason=error) from error
    return cast("PreTrainedModel", model), cast("PreTrainedTokenizerFast", tokenizer)


class Trainer:
    """A model that learns labelled texts."""

    def __init__(
        self, model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast, recipe: Recipe
    ) -> None:
        self._model, self._tokenizer, self._recipe = model, tokenizer, recipe
        self._rng = random.Random(recipe.seed)  # noqa: S311  # repeatable, not secret
        self._size = recipe.batch_size * recipe.accumulate

    def train(self, texts: Sequence[Example], report: Callable[[int, float], None]) -> None:
        """Train on all texts as often as the recipe says; leave the averaged weights."""
        pieces = sum(len(each.ids) + 1 for each in texts)
        steps = self._recipe.epochs * max(1, pieces // (self._recipe.window - 2) // self._size)
        descent = Descent(self._model, self._recipe, self._recipe.learning_rate, steps)
        torch.manual_seed(self._recipe.seed)  # whether or not a stage went before
        self._model.train()
        for epoch in range(1, self._recipe.epochs + 1):
            cut = windows(texts, self._recipe.window, self._tokenizer, self._rng)
            report(epoch, self._epoch(cut, descent))
        descent.finish()

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
        return labelled_loss(logits, torch.from_numpy(labels), self._recipe.label_smoothing)


def save(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast, recipe: Recipe, out: Path
) -> None:
    """Write the checkpoint folder: weights, tokenizer, and the recipe as `recipe.json`."""
    torch.nn.Module.to(model, torch.float16 if recipe.half else torch.float32)
    model.save_pretrained(out)
    tokenizer.save_pretrained(out)
    (out / "recipe.json").write_text(json.dumps(asdict(recipe), indent=2) + "\n", "utf-8")
