"""`biomed-ner train`, `calibrate` and `evaluate`: the model, its recipe and its scores."""

import inspect
import shutil
from collections.abc import Callable, Sequence
from dataclasses import Field, fields, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args

import orjson
import typer
from rich.console import Console

from gateway.cli import files, note_files, scores
from gateway.cli.configuration import settings
from gateway.cli.progress import progress
from models.errors import CheckpointError, WrongUsage
from models.ner.training.recipe import RECIPES, Recipe

if TYPE_CHECKING:
    from models.clinical import Reading
    from models.ner.brat import AnnotatedText
    from models.ner.recogniser import Recogniser

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
def train(  # noqa: PLR0913  # one option each
    folder: Folder,
    out: Annotated[Path, typer.Option(help="folder for the checkpoint")],
    *,
    auxiliary: Annotated[
        Path | None, typer.Option(exists=True, file_okay=False, help="folder of tagged corpora")
    ] = None,
    partly: Annotated[
        Path | None,
        typer.Option(
            exists=True, file_okay=False, help="brat files with some of the types annotated"
        ),
    ] = None,
    unannotated: Annotated[
        Path | None,
        typer.Option(exists=True, file_okay=False, help=".txt files to ask the teachers about"),
    ] = None,
    teacher: Annotated[
        list[str] | None, typer.Option(help="model that teaches this one: folder or hub id")
    ] = None,
    recipe: Annotated[
        RecipeName, typer.Option(help="where the hyperparameters come from")
    ] = RecipeName.biomed_ner,
    **hyperparameters: Any,  # one option each, typed by Recipe
) -> None:
    """Train a model on a folder of brat files and write a checkpoint folder."""
    from models.ner import brat  # noqa: PLC0415  # --help must not load torch
    from models.ner.training.corpora import read_corpora  # noqa: PLC0415
    from models.ner.training.texts import TrainingTexts  # noqa: PLC0415
    from models.ner.training.train import Progress, train  # noqa: PLC0415

    def show(done: Progress) -> None:
        console.print(f"{done.stage}: epoch {done.epoch}  loss {done.loss:.4f}")

    console = Console(stderr=True)
    given = {name: value for name, value in hyperparameters.items() if value is not None}
    chosen = replace(RECIPES[recipe.value], **given)
    texts = TrainingTexts(
        brat.read_folder(folder),
        brat.read_folder(partly) if partly else [],
        read_corpora(auxiliary) if auxiliary else [],
        [files.text(each.path) for each in note_files.text_files([unannotated])]
        if unannotated
        else [],
        teacher or [],
    )
    train(texts, chosen, out, show)
    console.print(f"saved {out}")


def calibrate(
    folder: Folder,
    *,
    model: Model = "bundled",
    out: Annotated[
        Path | None, typer.Option(help="folder for a calibrated copy of the model")
    ] = None,
    in_place: Annotated[
        bool, typer.Option("--in-place", help="change the bundled model itself")
    ] = False,
) -> None:
    """Fit a model's scores to brat files it was not trained on.

    The calibration is written beside the model's weights, or with them into the folder of --out.
    The bundled model, which others read with, is changed with --in-place only.
    """
    from models.ner import brat  # noqa: PLC0415  # --help must not load torch
    from models.ner.checkpoint import calibration  # noqa: PLC0415  # --help must not load torch
    from models.ner.checkpoint.files import weights_sha256  # noqa: PLC0415
    from models.ner.checkpoint.loading import locate  # noqa: PLC0415
    from models.ner.evaluation.reliability import fitted, reliability  # noqa: PLC0415
    from models.ner.evaluation.report import scored  # noqa: PLC0415

    place = locate(model).folder
    require_writable(place, out, in_place=in_place)
    texts, reader = brat.read_folder(folder), loaded(model)
    decoded = scored(texts, read_decoded(texts, reader))
    found = fitted(decoded)
    path = calibration.write(found, copied(place, out) if out else place, weights_sha256(place))
    console = Console()
    scores.print_reliability(reliability(decoded, found), console)
    console.print(f"saved {path}")


def require_writable(model: Path, out: Path | None, *, in_place: bool) -> None:
    """Refuse, before anything is read, to change what others read with."""
    from models.ner.checkpoint.loading import is_bundled  # noqa: PLC0415  # --help must not load torch

    if out and out.exists():
        raise WrongUsage(reason=f"{out} is there already, so no copy of the model is written there")
    if is_bundled(model) and not (out or in_place):
        reason = (
            "the bundled model is not changed unasked: --out FOLDER writes a calibrated copy, "
            "--in-place changes it"
        )
        raise WrongUsage(reason=reason)


def copied(model: Path, out: Path) -> Path:
    """Copy a checkpoint, links as the files that they lead to; return where it lies now."""
    try:
        shutil.copytree(model, out)
    except (OSError, shutil.Error) as error:
        reason = f"{out} cannot be written ({type(error).__name__})"
        raise CheckpointError(reference=model.name, reason=reason) from error
    return out


def evaluate(
    folder: Folder,
    *,
    model: Model = "bundled",
    output: Annotated[Output, typer.Option("--format", help="what to print")] = Output.table,
) -> None:
    """Score a model on a folder of brat files: entities, calibration, assertion, links."""
    from models.ner import brat  # noqa: PLC0415  # --help must not load torch
    from models.ner.evaluation.report import compared  # noqa: PLC0415
    from models.ner.links import corpus  # noqa: PLC0415

    texts, linked = brat.read_folder(folder), corpus.read_folder(folder)
    reader = loaded(model)
    found = compared(texts, linked, reader, read_decoded(texts, reader))
    if output is Output.json:
        typer.echo(orjson.dumps(found.figures(), option=orjson.OPT_INDENT_2))
    else:
        markdown = output is Output.markdown
        console = Console(width=scores.CARD_WIDTH if markdown else None)
        scores.print_report(found, console, markdown=markdown)


def loaded(model: str) -> "Recogniser":
    """Load a model to be measured, its labels renamed as the settings say."""
    from models.ner.recogniser import load  # noqa: PLC0415  # --help must not load torch

    return load(model, labels=settings().labels)


def read_decoded(texts: "Sequence[AnnotatedText]", reader: "Recogniser") -> "list[Reading]":
    """Read annotated texts, scores as decoded, and show how far they are read."""
    from models.ner.evaluation import report  # noqa: PLC0415  # --help must not load torch

    with progress("reading", len(texts)) as advance:
        return report.read_decoded(texts, reader, advance)
