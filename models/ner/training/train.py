"""Training: annotated texts and a recipe in, a checkpoint folder out."""

import json
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
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
from models.ner.brat import AnnotatedText
from models.ner.checkpoint import bigrams
from models.ner.checkpoint.bigrams import Follows
from models.ner.checkpoint.labels import TYPES, bio_names
from models.ner.checkpoint.loading import load, quieten
from models.ner.inference.engine_choice import forward_for
from models.ner.inference.forward import Forward
from models.ner.inference.packed.precision import fastest
from models.ner.text.words import words_of
from models.ner.training import distil, intermediate
from models.ner.training.corpora import Corpus
from models.ner.training.dataset import word_labels
from models.ner.training.descent import labelled_loss
from models.ner.training.line_pieces import with_line_pieces
from models.ner.training.recipe import Recipe
from models.ner.training.stage import Trainer
from models.ner.training.texts import TrainingTexts


@dataclass(frozen=True, slots=True)
class Progress:
    """One finished epoch of a stage and its mean training loss, in nats per labelled piece."""

    stage: str
    epoch: int
    loss: float


Report = Callable[[Progress], None]


def train(texts: TrainingTexts, recipe: Recipe, out: Path, report: Report) -> None:
    """Train a token classifier and save it as a checkpoint folder; the same seed repeats it.

    Args:
        texts: what the model is to find, and the models that teach it.
        recipe: the hyperparameters, as far as this processor can follow them (`runnable`).
        out: the folder that is written.
        report: called after each epoch.

    Raises:
        CheckpointError: the base encoder or a teacher cannot be loaded, or a teacher reads other
            pieces or other types.
        MissingCorpora: the recipe needs auxiliary corpora, and none are given.
    """
    if (recipe.auxiliary_epochs or recipe.teachers) and not texts.corpora:
        raise MissingCorpora
    recipe = runnable(recipe)
    model, tokenizer = trained(texts, recipe, report)
    save(model, tokenizer, recipe, out)
    if recipe.bigrams:
        bigrams.write(label_bigrams(texts.all_annotated, recipe), out)


def runnable(recipe: Recipe) -> Recipe:
    """Return a recipe that computes in single precision where the processor lacks bfloat16.

    Emulated, a step takes several times as long.
    """
    return replace(recipe, bf16=recipe.bf16 and fastest() == torch.bfloat16)


def label_bigrams(texts: Sequence[AnnotatedText], recipe: Recipe) -> Follows:
    """Learn how labels follow each other in texts, shape [labels, labels]."""
    paths = (word_labels(words_of(text.text), text) for text in texts)
    return bigrams.learn(paths, len(bio_names(TYPES)), recipe.bigrams)


def trained(
    texts: TrainingTexts, recipe: Recipe, report: Report
) -> tuple[PreTrainedModel, PreTrainedTokenizerFast]:
    """Return a trained model, in single precision, and its tokenizer."""
    model, tokenizer = taught(recipe, report, texts.corpora)
    seeds = [] if texts.teachers else range(1, recipe.teachers + 1)
    teachers = [_given_teacher(each, tokenizer) for each in texts.teachers] + [
        teacher(
            model,
            tokenizer,
            replace(recipe, seed=recipe.seed + number),
            texts,
            _telling(report, f"teacher {number}"),
        )
        for number in seeds
    ]
    if teachers:
        annotated, unlabelled = texts.examples(tokenizer), texts.unlabelled(tokenizer)
        targets = distil.soft_targets(annotated, unlabelled, teachers, recipe)
        learner = Trainer(model, tokenizer, recipe, targets.loss)
        learner.train(targets.epochs, _telling(report, "notes"))
    else:
        plain(model, tokenizer, recipe, texts, _telling(report, "notes"))
    return model, tokenizer


def _given_teacher(reference: str, tokenizer: PreTrainedTokenizerFast) -> Forward:
    """Load a teacher; what it says of a piece must be said of the same piece here."""
    found = load(reference)
    if found.tokenizer.get_vocab() != tokenizer.get_vocab():
        raise CheckpointError(reference=reference, reason="it reads other pieces than its pupil")
    if found.labels.types != TYPES:
        raise CheckpointError(reference=reference, reason="it finds other types than its pupil")
    return forward_for(found, torch.device("cpu"))


def teacher(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerFast,
    recipe: Recipe,
    texts: TrainingTexts,
    report: Callable[[int, float], None],
) -> Forward:
    """Train a copy of a model, and return how it scores."""
    other = deepcopy(model)
    plain(other, tokenizer, recipe, texts, report)
    with TemporaryDirectory() as folder:
        save(other, tokenizer, recipe, Path(folder))
        return forward_for(load(folder), torch.device("cpu"))


def plain(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerFast,
    recipe: Recipe,
    texts: TrainingTexts,
    report: Callable[[int, float], None],
) -> None:
    """Train a model on annotated texts alone, in place."""
    unlisted = torch.from_numpy(texts.unlisted)

    def loss(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        return labelled_loss(logits, labels, recipe.label_smoothing, unlisted)

    epochs = list(texts.epochs(tokenizer, recipe))
    Trainer(model, tokenizer, recipe, loss).train(epochs, report)


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
    try:
        config = AutoConfig.from_pretrained(
            recipe.base,
            id2label=dict(enumerate(names)),
            label2id={name: column for column, name in enumerate(names)},
        )
        config.hidden_dropout_prob = recipe.dropout  # BERT's and DeBERTa's heads use it too
        config.attention_probs_dropout_prob = recipe.attention_dropout
        model = AutoModelForTokenClassification.from_pretrained(
            recipe.base, config=config, dtype=torch.float32, attn_implementation="eager"
        )  # torch's fused attention learns a sixth slower on a CPU
        tokenizer = AutoTokenizer.from_pretrained(recipe.base)
    except (OSError, ValueError, KeyError) as error:
        raise CheckpointError(reference=recipe.base, reason=error) from error
    fast = cast("PreTrainedTokenizerFast", tokenizer)
    return cast("PreTrainedModel", model), with_line_pieces(fast) if recipe.layout else fast


def save(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast, recipe: Recipe, out: Path
) -> None:
    """Write the checkpoint folder: weights, tokenizer, and the recipe as `recipe.json`."""
    torch.nn.Module.to(model, torch.float16 if recipe.half else torch.float32)
    model.save_pretrained(out)
    tokenizer.save_pretrained(out)
    (out / "recipe.json").write_text(json.dumps(asdict(recipe), indent=2) + "\n", "utf-8")
