"""`biomed-ner train`, `calibrate` and `evaluate`: the model, its recipe and its scores."""

import inspect
from collections.abc import Callable
from dataclasses import Field, fields, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, get_args

import orjson
import typer
from rich.console import Console

from gateway.cli import scores
from models.ner.training.recipe import RECIPES, Recipe

Folder = Annotated[Path, typer.Argument(exists=True, file_okay=False, help="folder of brat files")]
Model = Annotated[str, typer.Option(help="bundled name, folder or hub id")]


class RecipeName(StrEnum):
    """The recipes, by name."""

    biomed_ner = "biomed-ner"
    bundled = "bundled"


class Output(StrEnum):
    """What `evaluate` prints."""

    table = "table"
    markdown = "markdown"
    json = "json"


def _option(field: "Field[Any]") -> inspect.Parameter:
    kind, text = get_args(field.type)
    option: object = Annotated[
        kind | None,
        typer.Option(help=f"{text} (recipe's)"),
    ]
    return inspect.Parameter(
        field.name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=option
    )


def _with_recipe_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command one option for each hyperparameter of `Recipe`."""
    *own, _hyperparameters = inspect.signature(command).parameters.values()
    signature = inspect.Signature([*own, *map(_option, fields(Recipe))])
    command.__signature__ = signature  # type: ignore[attr-defined]  # what typer reads
    return command


@_with_recipe_options
def train(
    folder: Folder,
    out: Annotated[Path, typer.Option(help="folder for the checkpoint")],
    *,
    auxiliary: Annotated[
        Path | None, typer.Option(exists=True, file_okay=False, help="folder of tagged corpora")
    ] = None,
    recipe: Annotated[
        RecipeName, typer.Option(help="where the hyperparameters come from")
    ] = RecipeName.biomed_ner,
    **hyperparameters: Any,  # one option each, typed by Recipe
) -> None:
    """Train a model on a folder of brat files and write a checkpoint folder."""
    from models.ner import brat  # noqa: PLC0415  # --help must not load torch
    from models.ner.training.corpora import read_corpora  # noqa: PLC0415
    from models.ner.training.train import Progress, train  # noqa: PLC0415

    def show(done: Progress) -> None:
        console.print(f"{done.stage}: epoch {done.epoch}  loss {done.loss:.4f}")

    console = Console(stderr=True)
    given = {name: value for name, value in hyperparameters.items() if value is not None}
    chosen = replace(RECIPES[recipe.value], **given)
    corpora = read_corpora(auxiliary) if auxiliary else []
    train(brat.read_folder(folder), chosen, out, show, corpora)
    console.print(f"saved {out}")


def calibrate(folder: Folder, *, model: Model = "bundled") -> None:
    """Fit a model's scores to brat files it was not trained on; written beside its weights."""
    from models.ner import brat, calibration  # noqa: PLC0415  # --help must not load torch
    from models.ner.checkpoint import locate  # noqa: PLC0415
    from models.ner.evaluation.reliability import fitted, reliability  # noqa: PLC0415
    from models.ner.evaluation.report import scored  # noqa: PLC0415
    from models.ner.recogniser import load  # noqa: PLC0415

    texts, reader = brat.read_folder(folder), load(model)
    decoded = scored(texts, reader.read_decoded([text.text for text in texts]))
    found, weights = fitted(decoded), reader.identity.weights_sha256
    path = calibration.write(found, locate(model).folder, weights)
    console = Console()
    scores.print_reliability(reliability(decoded, found), console)
    console.print(f"saved {path}")


def evaluate(
    folder: Folder,
    *,
    model: Model = "bundled",
    output: Annotated[Output, typer.Option("--format", help="what to print")] = Output.table,
) -> None:
    """Score a model on a folder of brat files: entities, calibration, assertion, links."""
    from models.ner.evaluation.report import report  # noqa: PLC0415  # --help must not load torch
    from models.ner.recogniser import load  # noqa: PLC0415

    found = report(folder, load(model))
    if output is Output.json:
        typer.echo(orjson.dumps(found.figures(), option=orjson.OPT_INDENT_2))
    else:
        markdown = output is Output.markdown
        console = Console(width=scores.CARD_WIDTH if markdown else None)
        scores.print_report(found, console, markdown=markdown)
