"""Training: annotated texts and a recipe in, a checkpoint folder out."""

import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar, cast

import torch
from transformers import (
    AutoConfig,
    AutoModelForTokenClassification,
    AutoTokenizer,
    PreTrainedModel,
    PreTrainedTokenizerFast,
    get_cosine_schedule_with_warmup,
)

from models.errors import CheckpointError
from models.ner.brat import AnnotatedText
from models.ner.checkpoint import quieten
from models.ner.labels import TYPES, bio_names
from models.ner.training.base import base_folder
from models.ner.training.dataset import IGNORED, Example, batch, cut, example
from models.ner.training.recipe import Recipe

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Progress:
    """One finished epoch and its mean training loss, in nats per labelled piece."""

    epoch: int
    loss: float


def train(
    texts: Sequence[AnnotatedText],
    recipe: Recipe,
    out: Path,
    report: Callable[[Progress], None],
) -> None:
    """Train a token classifier and save it as a checkpoint folder; the same seed repeats it.

    Raises:
        CheckpointError: the base encoder cannot be loaded.
    """
    quieten()
    torch.manual_seed(recipe.seed)
    rng = random.Random(recipe.seed)  # noqa: S311  # repeatable, not secret
    model, tokenizer = load_base(recipe)
    examples = [example(text, tokenizer) for text in texts]
    trainer = Trainer(model, tokenizer, recipe, steps=_steps(examples, recipe))
    for epoch in range(1, recipe.epochs + 1):
        report(Progress(epoch, trainer.epoch(cut(examples, recipe.window - 2, rng))))
    save(trainer.averaged(), tokenizer, recipe, out)


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
        model = AutoModelForTokenClassification.from_pretrained(
            folder, config=config, dtype=torch.float32
        )
        tokenizer = AutoTokenizer.from_pretrained(folder)
    except (OSError, ValueError, KeyError) as error:
        raise CheckpointError(reference=recipe.base, reason=error) from error
    return cast("PreTrainedModel", model), cast("PreTrainedTokenizerFast", tokenizer)


def _steps(examples: Sequence[Example], recipe: Recipe) -> int:
    windows = sum(1 + len(each.ids) // (recipe.window - 2) for each in examples)
    return max(1, recipe.epochs * windows // (recipe.batch_size * recipe.accumulate))


class Trainer:
    """A model under training: AdamW, cosine schedule, and averaged weights."""

    def __init__(
        self,
        model: PreTrainedModel,
        tokenizer: PreTrainedTokenizerFast,
        recipe: Recipe,
        steps: int,
    ) -> None:
        self._model, self._tokenizer, self._recipe = model, tokenizer, recipe
        self._optimiser = torch.optim.AdamW(
            list(_groups(model, recipe)),
            betas=(recipe.beta1, recipe.beta2),
            eps=recipe.epsilon,
            weight_decay=recipe.weight_decay,
        )
        warmup = int(recipe.warmup * steps)
        self._schedule = get_cosine_schedule_with_warmup(self._optimiser, warmup, steps)
        self._loss = torch.nn.CrossEntropyLoss(
            ignore_index=IGNORED, label_smoothing=recipe.label_smoothing, reduction="sum"
        )
        self._average = {name: value.clone() for name, value in model.state_dict().items()}

    def epoch(self, windows: Sequence[Example]) -> float:
        """Train on all windows once; return the mean loss of a step."""
        self._model.train()
        losses = [
            self._step(list(slices(group, self._recipe.batch_size)))
            for group in slices(windows, self._recipe.batch_size * self._recipe.accumulate)
        ]
        return sum(losses) / len(losses)

    def _step(self, batches: Sequence[Sequence[Example]]) -> float:
        loss = sum(self._backward(each, share=1 / len(batches)) for each in batches)
        torch.nn.utils.clip_grad_norm_(self._model.parameters(), self._recipe.clip)
        self._optimiser.step()
        self._schedule.step()
        self._optimiser.zero_grad()
        self._update_average()
        return loss

    def _backward(self, windows: Sequence[Example], share: float) -> float:
        inputs = batch(windows, self._tokenizer)
        labels = inputs.pop("labels")
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self._recipe.bf16):
            logits = self._model(**inputs).logits
        labelled = (labels != IGNORED).sum().clamp(min=1)  # a window may hold half a word only
        loss = self._loss(logits.float().flatten(0, 1), labels.flatten()) / labelled * share
        loss.backward()
        return float(loss.detach())

    def _update_average(self) -> None:
        for name, value in self._model.state_dict().items():
            self._average[name].lerp_(value, 1 - self._recipe.average)

    def averaged(self) -> PreTrainedModel:
        """Return the model with its averaged weights."""
        self._model.load_state_dict(self._average)
        return self._model


def _groups(model: PreTrainedModel, recipe: Recipe) -> Iterator[dict[str, object]]:
    for head, rate in (
        (False, recipe.learning_rate),
        (True, recipe.learning_rate * recipe.head_rate),
    ):
        parameters = [
            value
            for name, value in model.named_parameters()
            if name.startswith("classifier") == head
        ]
        yield {"params": parameters, "lr": rate}


def slices(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Cut a sequence into runs of `size`, the last one shorter."""
    return (items[start : start + size] for start in range(0, len(items), size))


def save(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast, recipe: Recipe, out: Path
) -> None:
    """Write the checkpoint folder: weights, tokenizer, and the recipe as `recipe.json`."""
    torch.nn.Module.to(model, torch.float16 if recipe.half else torch.float32)
    model.save_pretrained(out)
    tokenizer.save_pretrained(out)
    (out / "recipe.json").write_text(json.dumps(asdict(recipe), indent=2) + "\n", "utf-8")
