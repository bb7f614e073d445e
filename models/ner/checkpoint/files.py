"""Which files of a checkpoint decide a reading, and the hashes that name them.

The hash of a checkpoint is that of its decisive files laid end to end in the order of their names:

    cat bigrams.safetensors calibration.json config.json … | sha256sum
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from models.ner.checkpoint import calibration

WEIGHTS: Final = ("*.safetensors", "pytorch_model*.bin")  # the first kind that is there counts
DECISIVE: Final = frozenset({
    calibration.FILE,
    "config.json",  # which column is which label
    # What the tokenizers of transformers are read from.
    "added_tokens.json",
    "merges.txt",
    "special_tokens_map.json",
    "spiece.model",
    "spm.model",
    "tokenizer.json",
    "tokenizer.model",
    "tokenizer_config.json",
    "vocab.json",
    "vocab.txt",
})  # fmt: skip
DOWNLOADED: Final = [*WEIGHTS, "*.json", "*.txt", "*.model", "*.md"]


def weight_files(folder: Path) -> list[Path]:
    """Return the weights of a checkpoint, label bigrams among them, in the order of their names."""
    kinds = (sorted(folder.glob(kind)) for kind in WEIGHTS)
    return next(filter(None, kinds), [])


def decisive_files(folder: Path) -> list[Path]:
    """Return all files that decide a reading: weights, calibration, labels, tokenizer."""
    named = (path for path in folder.iterdir() if path.name in DECISIVE)
    return sorted([*weight_files(folder), *named])


def weights_sha256(folder: Path) -> str:
    """Return the SHA-256 of the weights alone: what a calibration is fitted to."""
    return _sha256(weight_files(folder))


def checkpoint_sha256(folder: Path) -> str:
    """Return the SHA-256 of all that decides a reading: what a result names."""
    return _sha256(decisive_files(folder))


def _sha256(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()
