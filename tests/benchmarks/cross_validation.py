"""How well a recipe reads reports that it was not trained on: k-fold cross-validation.

    python -m tests.benchmarks.cross_validation MACCROBAT --auxiliary CORPORA --keep FOLDER
        [--recipe NAME] [--set epochs=20] [--folds 5] [--only 0 1]

The reports of MACCROBAT/train and MACCROBAT/dev together are dealt out to the folds at random
(seed 0); each fold is read by a model trained on the others. The auxiliary stage knows none of the
reports and is run once for all folds. Checkpoints stay in FOLDER; a fold that has one is not
trained again.
"""

import argparse
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import get_args

from models.ner.brat import AnnotatedText, read_folder
from models.ner.evaluation.entities import ALL, Evaluation, evaluate, found_items, gold_items
from models.ner.recogniser import load
from models.ner.training.corpora import Corpus, read_corpora
from models.ner.training.recipe import RECIPES, Recipe
from models.ner.training.texts import TrainingTexts
from models.ner.training.train import Progress, runnable, save, taught, train

SHOWN = (
    ALL,
    "Disease_disorder",
    "Sign_symptom",
    "Medication",
    "Therapeutic_procedure",
    "Diagnostic_procedure",
)


@dataclass(frozen=True, slots=True)
class Fold:
    """Reports to learn from, and reports to be read."""

    number: int
    learned: list[AnnotatedText]
    held_back: list[AnnotatedText]


def folds(texts: Sequence[AnnotatedText], count: int) -> list[Fold]:
    """Deal texts out at random, the same way each time: each is held back by one fold."""
    ordered = sorted(texts, key=lambda text: text.id)
    random.Random(0).shuffle(ordered)  # noqa: S311  # repeatable, not secret
    return [
        Fold(
            number,
            [text for i, text in enumerate(ordered) if i % count != number],
            ordered[number::count],
        )
        for number in range(count)
    ]


def evaluated(fold: Fold, model: Path) -> Evaluation:
    """Read the reports that a fold held back and score what was found."""
    readings = load(str(model), device="cpu").read_decoded([each.text for each in fold.held_back])
    gold = [gold_items(text) for text in fold.held_back]
    return evaluate(gold, [found_items(each.mentions) for each in readings])


def row(name: str, figures: Sequence[float]) -> str:
    """Write one line of the table."""
    return f"| {name:8} | " + " | ".join(f"{each:.4f}" for each in figures) + " |"


def strict(found: Evaluation) -> list[float]:
    """Return the strict F1 of the types that are shown; 0 for a type that never came."""
    return [found.strict[name].f1 if name in found.strict else 0.0 for name in SHOWN]


def table(tested: Iterator[tuple[int, Evaluation]]) -> Iterator[str]:
    """Write a row for each fold as it is done, then the mean."""
    yield "| fold     | " + " | ".join(SHOWN) + " |"
    yield "|----------|" + "---|" * len(SHOWN)
    rows = []
    for number, found in tested:
        rows.append(strict(found))
        yield row(str(number), rows[-1])
    yield row("mean", [sum(column) / len(rows) for column in zip(*rows, strict=True)])


def run(
    chosen: Sequence[Fold], recipe: Recipe, corpora: Sequence[Corpus], keep: Path
) -> Iterator[tuple[int, Evaluation]]:
    """Train what was not trained yet, and score it."""
    after = recipe
    if recipe.auxiliary_epochs:
        encoder = keep / "auxiliary"
        if not (encoder / "config.json").is_file():
            save(*taught(recipe, _report, corpora), replace(recipe, half=False), encoder)
        after = replace(recipe, base=str(encoder), auxiliary_epochs=0)
    for fold in chosen:
        model = keep / str(fold.number)
        if not (model / "recipe.json").is_file():
            train(TrainingTexts(fold.learned, corpora=corpora), after, model, _report)
        yield fold.number, evaluated(fold, model)


def _report(done: Progress) -> None:
    sys.stderr.write(f"{done.stage}: epoch {done.epoch}  loss {done.loss:.4f}\n")


def _with(recipe: Recipe, settings: Sequence[str]) -> Recipe:
    """Change hyperparameters, each given as name=value."""
    kinds = {field.name: get_args(field.type)[0] for field in fields(Recipe)}
    pairs = (setting.partition("=") for setting in settings)
    return replace(recipe, **{name: kinds[name](value) for name, _, value in pairs})


def main() -> int:
    """Cross-validate a recipe and print its strict F1."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("maccrobat", type=Path, help="folder of train and dev")
    parser.add_argument("--auxiliary", type=Path, help="folder of tagged corpora")
    parser.add_argument("--keep", type=Path, required=True, help="folder for the checkpoints")
    parser.add_argument("--recipe", choices=sorted(RECIPES), default="bundled")
    parser.add_argument("--set", nargs="*", default=[], help="hyperparameters, name=value")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--only", type=int, nargs="*", help="folds to run; all by default")
    asked = parser.parse_args()
    recipe = runnable(_with(RECIPES[asked.recipe], asked.set))
    corpora = read_corpora(asked.auxiliary) if asked.auxiliary else []
    texts = [each for part in ("train", "dev") for each in read_folder(asked.maccrobat / part)]
    chosen = [f for f in folds(texts, asked.folds) if not asked.only or f.number in asked.only]
    for line in table(run(chosen, recipe, corpora, asked.keep)):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
