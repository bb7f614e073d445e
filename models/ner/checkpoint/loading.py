"""Checkpoints: a bundled name, a folder or a hub id becomes a model with a known identity."""

from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from models.clinical import ModelIdentity
from models.code_version import code_version
from models.errors import CheckpointError
from models.ner.checkpoint import bigrams, calibration, plain_bert, plain_tokenizer
from models.ner.checkpoint.bigrams import Follows
from models.ner.checkpoint.calibration import Calibration
from models.ner.checkpoint.files import DOWNLOADED, checkpoint_sha256, weights_sha256
from models.ner.checkpoint.label_schemes import meanings
from models.ner.checkpoint.labels import LabelSet, label_set
from models.ner.checkpoint.plain_bert import PlainBert
from models.ner.checkpoint.plain_tokenizer import PlainTokenizer

if TYPE_CHECKING:  # importing it costs seconds, and a usual BERT needs none of it
    from transformers import PreTrainedModel, PreTrainedTokenizerFast

BUNDLED = Path(__file__).parents[1] / "bundled"
DEFAULT = "biomed-ner-bert12"
CARD = "README.md"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A token-classification model ready to read; `card` is its model card in Markdown.

    `calibration` makes probabilities of its decoded scores, `follows` says how well one label
    follows another (`bigrams`; None where only BIO decides).
    """

    model: "PreTrainedModel"
    tokenizer: "PreTrainedTokenizerFast"
    labels: LabelSet
    identity: ModelIdentity
    card: str
    calibration: Calibration
    follows: Follows | None = None


@dataclass(frozen=True, slots=True)
class Location:
    """Where a checkpoint lies, under which name, at which revision."""

    folder: Path
    name: str
    revision: str


def load(
    reference: str,
    revision: str | None = None,
    labels: str | None = None,
    *,
    plain: bool = False,
) -> Checkpoint:
    """Load a checkpoint in single precision on the CPU.

    Args:
        reference: "bundled" or the name of a bundled model, a folder, or a hub id such as
            `venkatd/BIOMed_NER`.
        revision: branch, tag or commit of a hub id; recorded as the commit it resolves to.
        labels: what its labels mean in ours (`label_schemes`).
        plain: whether weights and tokenizer alone will do, where they are all that a packed
            forward needs (`plain_bert`); the model then computes nothing by itself.

    Raises:
        CheckpointError: nothing is there, or it is no BIO token-classification checkpoint.
        UnknownLabels: none of its labels means anything here.
        WrongSettings: `labels` does not fit the model.
    """
    location = locate(reference, revision)
    if plain and is_plain(location.folder):
        model, tokenizer = _plain(location.folder)
    else:
        model, tokenizer = _by_transformers(location.folder, reference)
    meaning = partial(meanings, labels, model=reference)
    known = label_set(model.config.id2label, reference, meaning)
    identity = _identity(location, known)
    return Checkpoint(
        model,
        tokenizer,
        known,
        identity,
        _card(location),
        calibration.read(location.folder, weights_sha256(location.folder)),
        bigrams.read(location.folder, len(known.names)),
    )


def is_plain(folder: Path) -> bool:
    """Whether the files of a folder are all that a packed forward needs."""
    return plain_tokenizer.fits(folder) and plain_bert.fits(folder)


def _plain(folder: Path) -> tuple[Any, Any]:
    return PlainBert(folder), PlainTokenizer(folder)


def _by_transformers(folder: Path, reference: str) -> tuple[Any, Any]:
    """Return the model and the tokenizer of any architecture that transformers knows."""
    from transformers import (  # noqa: PLC0415 see above
        AutoModelForTokenClassification,
        AutoTokenizer,
        PreTrainedTokenizerFast,
    )

    quieten()
    try:
        model = AutoModelForTokenClassification.from_pretrained(
            folder, dtype=torch.float32, local_files_only=True
        )
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    except (OSError, ValueError, KeyError) as error:
        raise CheckpointError(reference=reference, reason=error) from error
    if not isinstance(tokenizer, PreTrainedTokenizerFast):
        raise CheckpointError(reference=reference, reason="its tokenizer gives no offsets")
    return model.eval(), tokenizer


def bundled() -> list[str]:
    """Return the names of the models that come with the project."""
    return sorted(path.parent.name for path in BUNDLED.glob("*/config.json"))


def is_bundled(folder: Path) -> bool:
    """Return whether a folder lies among the models that come with the project."""
    return folder.resolve().is_relative_to(BUNDLED.resolve())


def quieten() -> None:
    """Keep transformers' progress bars and load reports out of terminals and logs."""
    from transformers.utils import logging  # noqa: PLC0415 as above

    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]


def locate(reference: str, revision: str | None = None) -> Location:
    """Find a checkpoint's folder; a hub id is downloaded into the hub's cache."""
    name = DEFAULT if reference == "bundled" else reference
    if name in bundled():
        return Location(BUNDLED / name, name, version("biomed-ner"))
    if Path(reference).is_dir():
        return Location(Path(reference), Path(reference).resolve().name, "local")
    return _download(reference, revision)


def _download(reference: str, revision: str | None) -> Location:
    from huggingface_hub import snapshot_download  # noqa: PLC0415 only what is not here needs it

    try:
        folder = snapshot_download(reference, revision=revision, allow_patterns=DOWNLOADED)
    except (OSError, ValueError) as error:
        reason = f"it is no bundled model, no folder, and the hub gave {type(error).__name__}"
        raise CheckpointError(reference=reference, reason=reason) from error
    return Location(Path(folder), reference, Path(folder).name)


def _identity(location: Location, labels: LabelSet) -> ModelIdentity:
    return ModelIdentity(
        name=location.name,
        revision=location.revision,
        weights_sha256=checkpoint_sha256(location.folder),
        labels=labels.described,
        code_version=code_version(),
    )


def _card(location: Location) -> str:
    path = location.folder / CARD
    return path.read_text("utf-8") if path.is_file() else f"# {location.name}\n\nNo model card.\n"
